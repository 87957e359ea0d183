"""Makes test/data/vit-families.json and swiglu.json: relatives of ViT in their implementations' names, their logits and Grad-CAM in PyTorch's float64.

    pip install torch==2.13.0 numpy timm==1.0.31 transformers==5.24.0
    pip install --no-deps torchvision==0.28.0 dinov2==0.0.1.dev2 open_clip_torch==3.3.0 ftfy==6.3.1 wcwidth
    python tools/make_vit_family_reference.py [PATTERN]

dinov2 with registers needs the package as it is in the repository facebookresearch/dinov2 later.
Weights are made by rule from the state dict's keys (made_weights.py), the input likewise from the key "picture", times ten.
A case has the file's keys and shapes, with {i} for the number of a block, the logits, and the target's Grad-CAM at the default
layer: a value for each patch, before ReLU and scaling.
"""
import json, pathlib, re, sys

import reference_models as models
import timm, torch
from timm.layers import SwiGLUPacked

from made_weights import make_weight

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/vit-families.json"
CLASSES = 5

# name: (maker, architecture, size, patch, tokens before the patches, path of the layer)
DINOV2, REG4 = "vit_small_patch14_dinov2", "vit_small_patch14_reg4_dinov2"
CLIP = "vit_xsmall_patch16_clip_224"
CASES = {
    "dinov2 timm": (models.timm_dynamic, DINOV2, (42, 56), 14, 1, "blocks.11.norm1"),
    "dinov2 reg4 timm": (models.timm_dynamic, REG4, (42, 56), 14, 5, "blocks.11.norm1"),
    "dinov2 original, class token": (models.dinov2_original(0), DINOV2, (42, 56), 14, 1, "backbone.blocks.11.norm1"),
    "dinov2 original, one block": (models.dinov2_original(1), DINOV2, (56, 42), 14, 1, "backbone.blocks.11.norm1"),
    "dinov2 original, four blocks": (models.dinov2_original(4), DINOV2, (42, 28), 14, 1, "backbone.blocks.11.norm1"),
    "dinov2 original, in chunks": (models.dinov2_original(1, chunks=4), DINOV2, (28, 42), 14, 1, "backbone.blocks.3.11.norm1"),
    "dinov2 reg4 original": (models.dinov2_original(4), REG4, (42, 56), 14, 5, "backbone.blocks.11.norm1"),
    "dinov2 huggingface": (models.huggingface_dinov2, DINOV2, (42, 56), 14, 1, "dinov2.encoder.layer.11.norm1"),
    "dinov2 reg4 huggingface": (models.huggingface_dinov2, REG4, (42, 56), 14, 5, "dinov2_with_registers.encoder.layer.11.norm1"),
    "clip timm": (models.timm_dynamic, CLIP, (48, 32), 16, 1, "blocks.9.norm1"),
    "clip open_clip, both towers and a classifier": (models.open_clip, CLIP, (32, 48), 16, 1, "clip.visual.transformer.resblocks.9.ln_1"),
    "clip huggingface, CLIPForImageClassification": (models.huggingface_clip("CLIPForImageClassification"), CLIP, (48, 64), 16, 1,
                                                     "model.vision_model.encoder.layers.9.layer_norm1"),
    "siglip timm": (models.timm_dynamic, "vit_base_patch16_siglip_224", (48, 32), 16, 0, "blocks.11.norm1"),
    "siglip huggingface, SiglipForImageClassification": (models.huggingface_siglip("SiglipForImageClassification"), "vit_base_patch16_siglip_224",
                                                         (32, 48), 16, 0, "model.vision_model.encoder.layers.11.layer_norm1"),
    "beit timm": (models.timm_resized, "beit_base_patch16_224", (48, 32), 16, 1, "blocks.11.norm1"),
    "beit timm, class token": (models.timm_token, "beit_base_patch16_224", (48, 48), 16, 1, "blocks.11.norm1"),
    "beit huggingface, Data2VecVision": (models.huggingface_data2vec, "beit_base_patch16_224", (48, 32), 16, 1, "data2vec_vision.encoder.layer.11.layernorm_before"),
    "beit huggingface": (models.huggingface_beit, "beit_base_patch16_384", (32, 48), 16, 1, "beit.layers.11.layernorm_before"),
    "deit3 timm": (models.timm_dynamic, "deit3_small_patch16_224", (32, 48), 16, 1, "blocks.11.norm1"),
    "deit3 in the authors' keys, as timm": (models.deit3_original, "deit3_small_patch16_384", (48, 32), 16, 1, "blocks.11.norm1"),
    "clip huggingface, a probe of CLIPVisionModel": (models.huggingface_probe(models.huggingface_clip("CLIPVisionModel")), CLIP, (48, 32), 16, 1,
                                                     "encoder.encoder.layers.9.layer_norm1"),
    "siglip huggingface, a probe of SiglipVisionModel": (models.huggingface_probe(models.huggingface_siglip("SiglipVisionModel")), "vit_base_patch16_siglip_224",
                                                         (32, 48), 16, 0, "encoder.encoder.layers.11.layer_norm1"),
    "beit huggingface, trained on pictures that are not square": (models.huggingface_beit_at_size, "beit_base_patch16_224", (32, 64), 16, 1, "beit.layers.11.layernorm_before"),
    "clip huggingface, layers that read the embedding": (models.huggingface_embedding_head, CLIP, (32, 48), 16, 1,
                                                         "encoder.vision_model.encoder.layers.9.layer_norm1"),
    "dinov2 huggingface, layers that read the class token": (models.huggingface_dinov2_head(1), DINOV2, (42, 28), 14, 1, "backbone.encoder.layer.11.norm1"),
    "dinov2 huggingface, layers that read the mean too": (models.huggingface_dinov2_head(2), DINOV2, (28, 42), 14, 1, "backbone.encoder.layer.11.norm1"),
}


def measure(model, layer, size, patch, tokens, seed):
    """(logits, target, Grad-CAM of the patches) of the highest label."""
    kept = []
    hook = model.get_submodule(layer).register_forward_hook(lambda _, __, y: (y.retain_grad(), kept.append(y))[1])
    picture = 10 * torch.from_numpy(make_weight("picture", (1, 3, *size), seed, 1.0)).double()
    logits = model(picture)
    logits = logits if isinstance(logits, torch.Tensor) else logits.logits
    target = int(logits[0].argmax())
    logits[0, target].backward()
    hook.remove()
    values, gradients = kept[0].detach()[0, tokens:], kept[0].grad[0, tokens:]
    heat = (values * gradients.mean(0)).sum(1).reshape(size[0] // patch, size[1] // patch)
    return dict(target=target, logits=logits.detach()[0].tolist(), heat=heat.tolist())


def grouped(keys):
    """Keys of equal shapes that differ in a block's number as one, with {i}."""
    groups = {}
    for key, shape in keys.items():
        pattern = re.sub(r"(?<=\.)\d+(?=\.)", "{i}", key, count=1) if re.search(r"(blocks|layers?)\.\d+\.", key) else key
        groups.setdefault(pattern, []).append((key, shape))
    result = {}
    for pattern, members in groups.items():
        usual = [pattern.replace("{i}", str(i)) for i in range(len(members))]
        if "{i}" in pattern and [key for key, _ in members] == usual and all(shape == members[0][1] for _, shape in members):
            result[pattern] = [len(members), members[0][1]]
        else:
            result.update(dict(members))
    return result


def rounded(value):
    return [rounded(v) for v in value] if isinstance(value, list) else float(f"{value:.9g}") if isinstance(value, float) else value


cases = json.loads(OUT.read_text()) if OUT.exists() else {}
for number, (name, (make, arch, size, patch, tokens, layer)) in enumerate(CASES.items()):
    if not re.search(sys.argv[1] if sys.argv[1:] else "", name):
        continue
    model, usual, back = make(arch, CLASSES, size)
    seed = 301 + number
    keys = {key: list(value.shape) for key, value in usual.items()}
    models.load(model, back, {key: torch.from_numpy(make_weight(key, tuple(shape), seed, 1.0)) for key, shape in keys.items()})
    result = measure(model.double().eval(), layer, size, patch, tokens, seed)
    cases[name] = dict(arch=arch, size=size, seed=seed, keys=grouped(keys), **rounded(result))
    print(name, result["logits"], flush=True)

# SwiGLU as in timm's giant DINOv2, in a network of two small blocks
model = timm.models.VisionTransformer(img_size=28, patch_size=14, embed_dim=48, depth=2, num_heads=3, num_classes=CLASSES, init_values=1e-5,
                                     mlp_ratio=2.66667 * 2, mlp_layer=SwiGLUPacked, act_layer=torch.nn.SiLU).double().eval()
state = {key: torch.from_numpy(make_weight(key, tuple(value.shape), 21, 1.0)) for key, value in model.state_dict().items()}
model.load_state_dict(state)
logits = model(10 * torch.from_numpy(make_weight("picture", (1, 3, 28, 28), 21, 1.0)).double())
OUT.with_name("swiglu.json").write_text(json.dumps(rounded(dict(seed=21, logits=logits[0].tolist()))) + "\n")

# Attention pooling in towers of two small blocks, their activations exact and by tanh
pools = {}
for act in ("gelu", "gelu_tanh"):
    tower = timm.models.VisionTransformer(img_size=32, patch_size=16, embed_dim=48, depth=2, num_heads=3, num_classes=0, class_token=False,
                                          global_pool="map", act_layer=act)
    pools["timm, GELUTanh" if act == "gelu_tanh" else "timm, GELU"] = tower
pools["huggingface, GELUTanh"] = models.huggingface_siglip("SiglipVisionModel")("vit_small_patch16_siglip_32", 0, None)[0]
embeddings = {}
for name, tower in pools.items():
    tower.double().eval()
    keys = {key.removeprefix("model."): key for key in tower.state_dict()}
    tower.load_state_dict({key: torch.from_numpy(make_weight(short, tuple(tower.state_dict()[key].shape), 23, 1.0)) for short, key in keys.items()})
    picture = 10 * torch.from_numpy(make_weight("picture", (1, 3, 32, 32), 23, 1.0)).double()
    embeddings[name] = dict(keys={short: list(tower.state_dict()[key].shape) for short, key in keys.items()}, values=tower(picture)[0].tolist())
OUT.with_name("attention-pool.json").write_text(json.dumps(rounded(dict(seed=23, towers=embeddings))) + "\n")
OUT.write_text(json.dumps({name: cases[name] for name in CASES if name in cases}, separators=(",", ":")) + "\n")
