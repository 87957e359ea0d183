"""Makes test/data/vit-parts.json: ViTs with timm's and torchvision's options, their logits and Grad-CAM in PyTorch's float64.

    pip install torch==2.13.0 numpy timm==1.0.31 && pip install --no-deps torchvision==0.28.0
    python tools/make_vit_reference.py

Weights are made by rule from the state dict's keys (made_weights.py), the input likewise from the key "picture", times ten.
A case has the state dict's keys and shapes as `added` to and `removed` from those of vit_tiny_patch16_224 with 5 classes at
its own size, the logits, and the target's Grad-CAM at blocks[-1].norm1: a value for each patch, before it is scaled.
"""
import json, pathlib

import torchvision_cpu  # noqa: F401 (before torchvision and timm)
import timm, torch
from torchvision.models.vision_transformer import VisionTransformer

from made_weights import make_weight

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/vit-parts.json"
ARCH, CLASSES, PATCH = "vit_tiny_patch16_224", 5, 16

# name: (size that the weights are for, size of the picture, timm's options)
CASES = {
    "no square, but as many patches as one": ((32, 128), (32, 128), {}),
    "no square": ((32, 80), (32, 80), {}),
    "no_embed_class": ((48, 48), (48, 48), dict(no_embed_class=True)),
    "no_embed_class, resampled": ((64, 64), (48, 96), dict(no_embed_class=True)),
    "no_embed_class, no square": ((48, 80), (48, 80), dict(no_embed_class=True)),
    "registers with positions": ((48, 48), (48, 48), dict(reg_tokens=3)),
    "registers without positions": ((48, 48), (48, 48), dict(reg_tokens=4, no_embed_class=True, qk_norm=True)),
    "DeiT III": ((48, 48), (48, 48), dict(no_embed_class=True, init_values=1e-6)),
    "mean of the patches": ((48, 48), (48, 48), dict(global_pool="avg")),
    "no class token": ((48, 48), (48, 48), dict(global_pool="avg", class_token=False, reg_tokens=1)),
    "no class token, norm before the mean": (
        (48, 48), (48, 48), dict(global_pool="avg", class_token=False, fc_norm=False, qkv_bias=False, init_values=1e-6)),
}


def base_keys(size):
    model = timm.create_model(ARCH, num_classes=CLASSES, img_size=size)
    return {key: list(value.shape) for key, value in model.state_dict().items()}


def measure(model, layer, size, seed, tokens, target):
    """(logits, Grad-CAM of the patches, not scaled)"""
    state = {k: torch.from_numpy(make_weight(k, tuple(v.shape), seed, 1.0)) for k, v in model.state_dict().items()}
    model.load_state_dict(state)
    model.double().eval()
    kept = []
    layer(model).register_forward_hook(lambda _, __, y: (y.retain_grad(), kept.append(y))[1])
    picture = 10 * torch.from_numpy(make_weight("picture", (1, 3, *size), seed, 1.0)).double()
    logits = model(picture)
    logits[0, target].backward()
    values, gradients = kept[0].detach()[0, tokens:], kept[0].grad[0, tokens:]
    heat = (values * gradients.mean(0)).sum(1).relu().reshape(size[0] // PATCH, size[1] // PATCH)
    return logits.detach()[0].tolist(), heat.tolist()


def best(make, *rest):
    """The first target whose map is not zero nearly everywhere."""
    for target in range(CLASSES):
        logits, heat = measure(make(), *rest, target)
        if sum(v > 0 for row in heat for v in row) > 2:
            return dict(target=target, logits=logits, heat=heat)
    raise AssertionError("all maps are flat")


def rounded(value):
    return [rounded(v) for v in value] if isinstance(value, list) else float(f"{value:.9g}") if isinstance(value, float) else value


cases = {}
for number, (name, (trained, size, options)) in enumerate(CASES.items()):
    def make():
        dynamic = dict(dynamic_img_size=True) if size != trained else {}
        return timm.create_model(ARCH, num_classes=CLASSES, img_size=trained, **options, **dynamic)

    model = make()
    keys, usual = {k: list(v.shape) for k, v in model.state_dict().items()}, base_keys(trained)
    seed = 71 + number
    result = best(make, lambda m: m.blocks[-1].norm1, size, seed, model.num_prefix_tokens)
    cases[name] = dict(spelling="timm", size=size, trained=trained, seed=seed, tokens=model.num_prefix_tokens,
                       added={k: s for k, s in keys.items() if usual.get(k) != s},
                       removed=[k for k in usual if k not in keys], **result)
    print(name, result["logits"], "target", result["target"])

name, size, seed = "representation_size", (48, 48), 91
make = lambda: VisionTransformer(size[0], PATCH, 12, 3, 192, 768, num_classes=CLASSES, representation_size=40)
keys = {k: list(v.shape) for k, v in make().state_dict().items()}
result = best(make, lambda m: m.encoder.layers[-1].ln_1, size, seed, 1)
cases[name] = dict(spelling="torchvision", size=size, trained=size, seed=seed, tokens=1, added=keys,
                   removed=list(base_keys(size)), **result)
OUT.write_text(json.dumps({n: {k: rounded(v) for k, v in c.items()} for n, c in cases.items()}, separators=(",", ":")) + "\n")
