"""Makes test/data/methods.safetensors: maps of the newer methods for some golden cases, by pytorch-grad-cam and torch-cam in float64.

    pip install torch==2.13.0 numpy safetensors opencv-python-headless scipy scikit-learn tqdm matplotlib ttach
    pip install --no-deps torchvision==0.28.0 timm==1.0.31 grad-cam==1.5.7 torchcam==0.5.0
    python tools/make_method_reference.py

CASE.METHOD [H, W] for the layer and target of test/data/golden/CASE. `cam` (the original), which pytorch-grad-cam lacks,
and ShapleyCAM of tokens, at which pytorch-grad-cam 1.5.7 fails, are computed by newer_methods.py.
In-place ReLUs are switched off: a layer's output is what the layer returned.
"""
import json, operator, pathlib, re

import torchvision_cpu  # noqa: F401 (before torchvision)
import timm
import torch
import torchvision
from safetensors import safe_open
from safetensors.torch import save_file

from made_weights import set_weights
from newer_methods import newer_maps

DATA = pathlib.Path(__file__).resolve().parent.parent / "test/data"
CASES = ("resnet18", "densenet121", "vit_tiny_patch16_224", "pvt_v2_b0")

relu = torch.nn.functional.relu
torch.nn.functional.relu = lambda x, inplace=False: relu(x)
timm.layers.set_fused_attn(False)  # the fused one has no second derivative


def build(case):
    arch, classes = case["arch"], case["classes"]
    if case["dialect"] == "timm":
        sized = {"img_size": case["size"]} if arch.startswith("vit") else {}
        model = timm.create_model(arch, num_classes=classes, **sized)
    else:
        model = torchvision.models.get_model(arch, num_classes=classes)
    for module in model.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    set_weights(model, case["seed"], case["gain"])
    return model.double().eval()


def find(model, path):
    for step in re.findall(r"\w+|\[-?\d+\]", path):
        model = model[int(step[1:-1])] if step[0] == "[" else operator.attrgetter(step)(model)
    return model


def main():
    tensors = {}
    for name in CASES:
        with safe_open(DATA / f"golden/{name}.safetensors", "pt") as file:
            case = json.loads(file.metadata()["case"])
            picture = file.get_tensor("input").double()
        model = build(case)
        layer = find(model, case["layers"][0])
        target = case["target"]
        reshape = None
        if case["reshape"]:
            (h, w), skip = case["reshape"]
            reshape = lambda x: x[:, skip:].reshape(x.shape[0], h, w, -1).permute(0, 3, 1, 2)  # noqa: E731
        maps = newer_maps(model, layer, picture, target, reshape, pooled=not name.startswith("vit"))
        for method, data in maps.items():
            tensors[f"{name}.{method}"] = torch.from_numpy(data)
            print(name, method, data.shape, float(data.min()), float(data.max()))
    save_file(tensors, DATA / "methods.safetensors", {"source": "tools/make_method_reference.py"})


if __name__ == "__main__":
    main()
