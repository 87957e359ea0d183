"""Makes test/data/models.safetensors: networks in spellings and sizes that the golden cases have none of, in PyTorch's float64.

    pip install torch==2.13.0 numpy safetensors timm==1.0.31 transformers==5.24.0 && pip install --no-deps torchvision==0.28.0
    python tools/make_model_reference.py

Weights are made by rule from the state dict's keys (made_weights.py), the input likewise from the key "picture", times ten.
For each case NAME: NAME.logits, NAME.activations.i, NAME.gradients.i (of the target's logit) in PyTorch's layouts. The
metadata's `cases` says the rest, the keys and shapes of the checkpoint included.
"""
import json, pathlib

import reference_models as models  # first: it makes torchvision importable
import torch
from safetensors.torch import save_file

from made_weights import make_weight

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/models.safetensors"
CLASSES, TARGET = 5, 3

# name: (arch, spelling, size, gain, [[PyTorch's module, the layer as a user writes it]], maker)
CASES = {
    "densenet121-timm": ("densenet121", "timm", [64, 96], 2**0.5, [["features.norm5", "features[-1]"]],
                         models.timm_any),
    "mnasnet0_5-v1": ("mnasnet0_5", "torchvision", [64, 64], 2**0.5, [["layers", "layers"]], models.mnasnet_v1),
    "vit-resized": ("vit_tiny_patch16_224", "timm", [80, 120], 1.0, [["blocks.11.norm1", "blocks[-1].norm1"]],
                    models.timm_resized),
    "deit-distilled": ("deit_tiny_distilled_patch16_224", "timm", [64, 64], 1.0, [["blocks.11.norm1", "blocks[-1].norm1"]],
                       models.timm_at_size),
    "vit-torchvision": ("vit_tiny_patch16_224", "torchvision", [64, 64], 1.0,
                        [["encoder.layers.encoder_layer_11.ln_1", "encoder.layers[-1].ln_1"]],
                        models.torchvision_vit),
    "vit-huggingface": ("vit_tiny_patch16_224", "huggingface", [64, 64], 1.0,
                        [["vit.layers.11.layernorm_before", "vit.encoder.layer[-1].layernorm_before"]],
                        models.huggingface_vit),
    "deit-huggingface": ("deit_tiny_distilled_patch16_224", "huggingface", [64, 64], 1.0,
                         [["deit.layers.11.layernorm_before", "blocks[-1].norm1"]],
                         models.huggingface_deit),
    "swin-resized": ("swin_tiny_patch4_window7_224", "timm", [120, 88], 1.0,
                     [["layers.1.blocks.1.norm1", "layers[1].blocks[-1].norm1"],
                      ["layers.3.blocks.1.norm1", "layers[-1].blocks[-1].norm1"]],
                     models.timm_resized),
    "swin-torchvision": ("swin_tiny_patch4_window7_224", "torchvision", [120, 88], 1.0,
                         [["features.7.1.norm1", "features[-1][-1].norm1"]], models.torchvision_swin),
    "swin-huggingface": ("swin_tiny_patch4_window7_224", "huggingface", [256, 224], 1.0,
                         [["swin.encoder.layers.3.blocks.1.layernorm_before", "layers[-1].blocks[-1].norm1"]],
                         models.huggingface_swin),
    "pvt-huggingface": ("pvt_v2_b0", "huggingface", [64, 96], 1.0,
                        [["pvt_v2.encoder.layers.3.layer_norm", "norm4"], ["pvt_v2.encoder.layers.1.blocks.0.layer_norm_2", "block2[0].norm2"]],
                        models.huggingface_pvt),
}


def run(model, picture, paths):
    kept = [None] * len(paths)

    def keep(i):
        def hook(_, __, output):
            output.retain_grad()
            kept[i] = output
        return hook

    for i, path in enumerate(paths):
        model.get_submodule(path).register_forward_hook(keep(i))
    output = model(picture)
    logits = output if isinstance(output, torch.Tensor) else output.logits
    logits[0, TARGET].backward()
    return logits, kept


tensors, cases = {}, {}
for number, (name, (arch, spelling, size, gain, layers, make)) in enumerate(CASES.items()):
    model, usual, back = make(arch, CLASSES, size)
    seed = 31 + number
    keys = {key: list(value.shape) for key, value in usual.items() if value.is_floating_point()}
    state = {key: torch.from_numpy(make_weight(key, tuple(shape), seed, gain)) for key, shape in keys.items()}
    models.load(model, back, state)
    picture = 10 * torch.from_numpy(make_weight("picture", (1, 3, *size), seed, 1.0)).double()
    logits, kept = run(model.double().eval(), picture, [torchs for torchs, _ in layers])
    tensors[f"{name}.logits"] = logits.detach().float()
    for i, value in enumerate(kept):
        tensors[f"{name}.activations.{i}"] = value.detach().float().contiguous()
        tensors[f"{name}.gradients.{i}"] = value.grad.float().contiguous()
    cases[name] = dict(arch=arch, spelling=spelling, size=size, classes=CLASSES, seed=seed, gain=gain, target=TARGET,
                       layers=[ours for _, ours in layers], keys=keys)
    print(name, [list(v.shape) for v in kept], logits[0].tolist())
save_file(tensors, OUT, {"cases": json.dumps(cases, separators=(",", ":"))})
