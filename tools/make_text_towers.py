"""Makes test/data/text-towers.json: keys and shapes of what open_clip's and transformers' models with two towers hold beside the image's one.

    pip install torch==2.13.0 transformers==5.24.0
    pip install --no-deps torchvision==0.28.0 timm==1.0.31 open_clip_torch==3.3.0 ftfy==6.3.1 wcwidth
    python tools/make_text_towers.py
"""
import json, pathlib

import torchvision_cpu  # noqa: F401 (before torchvision and timm)
import torch, transformers
from open_clip import model as clip

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/text-towers.json"
VISION = clip.CLIPVisionCfg(layers=1, width=16, head_width=8, patch_size=16, image_size=32)
TEXT = clip.CLIPTextCfg(context_length=7, vocab_size=11, width=16, heads=2, layers=2)
SIGLIP = dict(num_hidden_layers=2, hidden_size=16, intermediate_size=64, num_attention_heads=2)

MODELS = {
    "open_clip": (lambda: clip.CLIP(8, VISION, TEXT), ("visual.",)),
    "open_clip, custom text": (lambda: clip.CustomTextCLIP(8, VISION, TEXT, init_logit_bias=-10), ("visual.",)),
    "huggingface": (lambda: transformers.CLIPModel(transformers.CLIPConfig(text_config=SIGLIP, vision_config=SIGLIP)), ("vision_model.", "visual_projection.")),
    "huggingface, SigLIP": (lambda: transformers.SiglipModel(transformers.SiglipConfig(text_config=SIGLIP, vision_config=SIGLIP)), ("vision_model.",)),
}

towers = {}
for name, (make, image) in MODELS.items():
    with torch.device("meta"):
        state = make().state_dict()
    towers[name] = {key: list(value.shape) for key, value in state.items() if not key.startswith(image)}
OUT.write_text("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(keys)}" for name, keys in towers.items()) + "\n}\n")
