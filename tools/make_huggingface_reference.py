"""Makes test/data/huggingface.json: convolutional networks of transformers, their logits and Grad-CAM in PyTorch's float64.

    pip install torch==2.13.0 numpy timm==1.0.31 transformers==5.24.0
    pip install --no-deps torchvision==0.28.0
    python tools/make_huggingface_reference.py [PATTERN]

Weights are made by rule from the state dict's keys (made_weights.py), the input likewise from the key "picture", times ten.
A case has the logits, and the target's Grad-CAM at the layer, before ReLU and scaling; keys and shapes are in the architecture's
list of modules (make_module_lists.py).
"""
import json, pathlib, re, sys

import reference_models as models
import torch

from made_weights import make_weight

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/huggingface.json"
CLASSES, GAIN = 10, 2**0.5

# name: (maker, architecture, size, layer). Sides are odd at some strides, and not those that networks are made for.
CASES = {
    "resnet, basic blocks": (models.huggingface_resnet, "resnet18", (45, 58), "resnet.encoder.stages.3"),
    "resnet, bottlenecks": (models.huggingface_resnet, "resnet50", (38, 33), "resnet.encoder.stages.2.layers.1.layer.1.activation"),
    "regnet, x": (models.huggingface_regnet, "regnetx_002", (45, 58), "regnet.encoder.stages.3"),
    "regnet, y": (models.huggingface_regnet, "regnety_006", (38, 33), "regnet.encoder.stages.2.layers.1.layer.2"),
    "convnext": (models.huggingface_convnext, "convnext_tiny", (64, 32), "convnext.encoder.stages.3"),
    "convnextv2": (models.huggingface_convnext, "convnextv2_atto", (67, 80), "convnextv2.encoder.stages.1.layers.1"),
    "mobilenet_v2": (models.huggingface_mobilenet_v2, "mobilenet_v2", (45, 58), "mobilenet_v2.conv_1x1"),
    "mobilenet_v2, narrow": (models.huggingface_mobilenet_v2, "mobilenetv2_035", (64, 71), "mobilenet_v2.layer.4.conv_3x3.normalization"),
    "efficientnet": (models.huggingface_efficientnet, "efficientnet_b0", (45, 58), "efficientnet.encoder.top_activation"),
    "efficientnet, maps of odd sides": (models.huggingface_efficientnet, "efficientnet_b2", (64, 52), "efficientnet.encoder.blocks.8.depthwise_conv.depthwise_conv_pad"),
}


def measure(model, layer, size, seed):
    """(logits, target, Grad-CAM) of the highest label."""
    kept = []
    hook = model.get_submodule(layer).register_forward_hook(lambda _, __, y: (y.retain_grad(), kept.append(y))[1])
    picture = 10 * torch.from_numpy(make_weight("picture", (1, 3, *size), seed, 1.0)).double()
    logits = model(picture).logits
    target = int(logits[0].argmax())
    logits[0, target].backward()
    hook.remove()
    heat = (kept[0].detach() * kept[0].grad.mean((2, 3), keepdim=True)).sum(1)[0]
    return dict(target=target, logits=logits.detach()[0].tolist(), heat=heat.tolist())


def rounded(value):
    return [rounded(v) for v in value] if isinstance(value, list) else float(f"{value:.9g}") if isinstance(value, float) else value


cases = json.loads(OUT.read_text()) if OUT.exists() else {}
for number, (name, (make, arch, size, layer)) in enumerate(CASES.items()):
    if not re.search(sys.argv[1] if sys.argv[1:] else "", name):
        continue
    model, usual, back = make(arch, CLASSES, size)
    seed = 701 + number
    keys = {key: list(value.shape) for key, value in usual.items() if value.is_floating_point()}
    models.load(model, back, {key: torch.from_numpy(make_weight(key, tuple(shape), seed, GAIN)) for key, shape in keys.items()})
    for module in model.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    result = measure(model.double().eval(), layer, size, seed)
    cases[name] = dict(arch=arch, size=size, seed=seed, gain=GAIN, layer=layer, **rounded(result))
    print(name, result["logits"], flush=True)
OUT.write_text(json.dumps({name: cases[name] for name in CASES if name in cases}, separators=(",", ":")) + "\n")
