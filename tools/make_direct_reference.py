"""Makes test/data/direct.safetensors: what methods that look at no layer give for some golden cases, in float64.

    pip install torch==2.13.0 numpy safetensors opencv-python-headless scipy scikit-learn tqdm matplotlib ttach
    pip install --no-deps torchvision==0.28.0 timm==1.0.31 grad-cam==1.5.7
    python tools/make_direct_reference.py

CASE.fullgrad [H, W]: pytorch-grad-cam's final map. CASE.saliency [H, W, 3]: PyTorch's gradient of the target's logit at the
normalised picture. CASE.smoothgrad and CASE.integrated: its mean over 25 noisy pictures, and 32 midpoints' mean times the
picture. These two, and fullgrad of the DenseNets, are of the part of the picture that the metadata has under "parts".
"""
import json

import torchvision_cpu  # noqa: F401 (before torchvision)
import torch
from pytorch_grad_cam import FullGrad
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from safetensors import safe_open
from safetensors.torch import save_file

from input_gradients import integrated, saliency, smoothgrad
from make_method_reference import DATA, build

FULLGRAD = ("resnet18", "densenet121", "densenet121-half-rect")
SALIENCY = ("resnet18", "vit_tiny_patch16_224")
SAMPLED = ("resnet18",)
# Those of the DenseNets are of some hundred the one whose ReLUs' values lie farthest from zero: six times what f32 is off there.
PARTS = {"resnet18": dict(top=20, left=8, size=[32, 48]), "densenet121": dict(top=28, left=30, size=[64, 32]),
         "densenet121-half-rect": dict(top=22, left=5, size=[32, 64])}


def part_of(picture, name):
    top, left, (height, width) = PARTS[name].values()
    return picture[:, :, top : top + height, left : left + width]


def main():
    tensors = {}
    for name in dict.fromkeys(FULLGRAD + SALIENCY + SAMPLED):
        with safe_open(DATA / f"golden/{name}.safetensors", "pt") as file:
            case = json.loads(file.metadata()["case"])
            picture = file.get_tensor("input").double()
        model = build(case)
        target = case["target"]
        if name in FULLGRAD:
            shown = part_of(picture, name) if name.startswith("densenet") else picture
            with FullGrad(model=model, target_layers=[]) as cam:
                tensors[f"{name}.fullgrad"] = torch.from_numpy(cam(shown, [ClassifierOutputTarget(target)])[0])
        if name in SALIENCY:
            tensors[f"{name}.saliency"] = saliency(model, picture, target)[0].permute(1, 2, 0)
        if name in SAMPLED:
            part = part_of(picture, name)
            for method in (smoothgrad, integrated):
                tensors[f"{name}.{method.__name__}"] = method(model, part, target)[0].permute(1, 2, 0)
            with torch.no_grad():
                print("completeness", (model(part) - model(0 * part))[0, target], tensors[f"{name}.integrated"].sum())
    tensors = {key: value.detach().float().contiguous() for key, value in tensors.items()}
    for key, value in tensors.items():
        print(key, tuple(value.shape), float(value.min()), float(value.max()))
    save_file(tensors, DATA / "direct.safetensors", {"source": "tools/make_direct_reference.py", "parts": json.dumps(PARTS)})


if __name__ == "__main__":
    main()
