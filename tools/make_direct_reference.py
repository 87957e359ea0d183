"""Makes test/data/direct.safetensors: what methods that look at no layer give for some golden cases, in float64.

    pip install torch==2.13.0 numpy safetensors opencv-python-headless scipy scikit-learn tqdm matplotlib ttach
    pip install --no-deps torchvision==0.28.0 timm==1.0.31 grad-cam==1.5.7
    python tools/make_direct_reference.py

CASE.fullgrad [H, W]: pytorch-grad-cam's final map. CASE.saliency [H, W, 3]: PyTorch's gradient of the target's logit at the
normalised picture. CASE.smoothgrad and CASE.integrated: its mean over 25 noisy pictures, and 32 midpoints' mean times the
picture. The noise is that of seed 0, drawn here once more: FNV-1a of "0 smoothgrad", Mulberry32, Box and Muller. These two, and
fullgrad of the DenseNets, are of the part of the picture that the metadata has under "parts".
"""
import json, math

import torchvision_cpu  # noqa: F401 (before torchvision)
import torch
from pytorch_grad_cam import FullGrad
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from safetensors import safe_open
from safetensors.torch import save_file

from make_method_reference import DATA, build

FULLGRAD = ("resnet18", "densenet121", "densenet121-half-rect")
SALIENCY = ("resnet18", "vit_tiny_patch16_224")
SAMPLED = ("resnet18",)
# Those of the DenseNets are of some hundred the one whose ReLUs' values lie farthest from zero: six times what f32 is off there.
PARTS = {"resnet18": dict(top=20, left=8, size=[32, 48]), "densenet121": dict(top=28, left=30, size=[64, 32]),
         "densenet121-half-rect": dict(top=22, left=5, size=[32, 64])}
SAMPLES, NOISE = 25, 0.15
STEPS = 32
MASK = 0xFFFFFFFF


def normal_numbers(text):
    state = 0x811C9DC5
    for character in text:
        state = ((state ^ ord(character)) * 0x01000193) & MASK

    def uniform():
        nonlocal state
        state = (state + 0x6D2B79F5) & MASK
        t = ((state ^ (state >> 15)) * (state | 1)) & MASK
        t = ((t + (((t ^ (t >> 7)) * (t | 61)) & MASK)) & MASK) ^ t
        return (t ^ (t >> 14)) / 2**32

    while True:
        radius = math.sqrt(-2 * math.log(1 - uniform()))
        yield radius * math.cos(2 * math.pi * uniform())


def gradient(model, picture, target):
    picture = picture.clone().requires_grad_()
    return torch.autograd.grad(model(picture)[0, target], picture)[0]


def smoothgrad(model, picture, target):
    normal = normal_numbers("0 smoothgrad")
    deviation = NOISE * (picture.max() - picture.min())
    mean = torch.zeros_like(picture)
    _, channels, height, width = picture.shape
    for _ in range(SAMPLES):
        # Channels last: the order in which the noise is drawn.
        drawn = [next(normal) for _ in range(picture.numel())]
        noise = torch.tensor(drawn, dtype=torch.float64).reshape(1, height, width, channels).permute(0, 3, 1, 2)
        mean += gradient(model, picture + deviation * noise, target) / SAMPLES
    return mean


def integrated(model, picture, target):
    places = [(k + 0.5) / STEPS for k in range(STEPS)]
    return picture * sum(gradient(model, picture * place, target) for place in places) / STEPS


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
            tensors[f"{name}.saliency"] = gradient(model, picture, target)[0].permute(1, 2, 0)
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
