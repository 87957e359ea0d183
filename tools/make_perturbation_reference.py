"""Makes test/data/perturbation.safetensors: Score-CAM and Ablation-CAM of a small network of each family, in PyTorch's float64.

    pip install torch==2.13.0 numpy safetensors opencv-python-headless timm==1.0.31 transformers==5.24.0
    pip install --no-deps torchvision==0.28.0 grad-cam==1.5.7
    python tools/make_perturbation_reference.py [ARCHITECTURE ...]

With names, only these cases are made, and the file's others are kept.
Both are computed here: pytorch-grad-cam's Ablation-CAM follows another rule (docs/DIFFERENCES.md), and its Score-CAM works in
float32. Weights are made by rule (made_weights.py), the picture is test/data/golden/picture.png
resized by OpenCV. The target of a case is the first class for which neither map is flat.
"""
import json, pathlib, sys

import reference_models as models  # first: it makes torchvision importable
import cv2
import numpy as np
import torch
from pytorch_grad_cam.utils.image import scale_cam_image
from safetensors.torch import safe_open, save_file

from made_weights import make_weight

DATA = pathlib.Path(__file__).resolve().parent.parent / "test/data"
FILE = DATA / "perturbation.safetensors"
CLASSES, SIZE = 6, (48, 64)
BATCH = 16
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]

# architecture: (spelling, gain, PyTorch's module, the layer as a user writes it, maker). Layers of few channels.
CASES = {
    "densenet121": ("torchvision", 2**0.5, "features.transition1", "features.transition1", models.torchvision_cnn),
    "resnet18": ("torchvision", 2**0.5, "layer2.1", "layer2[-1]", models.torchvision_cnn),
    "vgg11_bn": ("torchvision", 2**0.5, "features.6", "features[6]", models.torchvision_cnn),
    "mnasnet0_5": ("torchvision", 2**0.5, "layers.9", "layers[9]", models.mnasnet_v1),
    "vit_tiny_patch16_224": ("timm", 1.0, "blocks.9.norm1", "blocks[9].norm1", models.timm_resized),
    "deit_tiny_distilled_patch16_224": ("timm", 1.0, "blocks.11.norm1", "blocks[-1].norm1", models.timm_resized),
    "swin_tiny_patch4_window7_224": ("timm", 1.0, "layers.0.blocks.1.norm1", "layers[0].blocks[-1].norm1", models.timm_resized),
    "pvt_v2_b0": ("timm", 1.0, "stages.1.norm", "stages[1].norm", models.timm_any),
    "regnet_y_400mf": ("torchvision", 2**0.5, "trunk_output.block2", "trunk_output[1]", models.torchvision_cnn),
    "seresnet18": ("timm", 2**0.5, "layer2.1", "layer2[-1]", models.timm_any),
    "resnest14d": ("timm", 2**0.5, "layer1.0.conv2", "layer1[0].conv2", models.timm_any),
    "inception_v3": ("torchvision", 2**0.5, "Mixed_5b.branch1x1", "Mixed_5b.branch1x1", models.torchvision_inception),
    "googlenet": ("torchvision", 2**0.5, "inception3a.branch1", "inception3a.branch1", models.torchvision_inception),
    "shufflenet_v2_x0_5": ("torchvision", 2**0.5, "stage2.3", "stage2[-1]", models.torchvision_cnn),
    "swinv2_tiny_window8_256": ("timm", 1.0, "layers.0.blocks.1.norm1", "layers[0].blocks[-1].norm1", models.timm_at_size),
    "xception": ("timm", 2**0.5, "block1", "block1", models.timm_any),
    "squeezenet1_1": ("torchvision", 2**0.5, "features.4", "features[4]", models.torchvision_cnn),
    "vit_small_patch14_dinov2": ("timm", 1.0, "blocks.11.norm1", "blocks[-1].norm1", models.timm_resized),
    "deit3_small_patch16_224": ("timm", 1.0, "blocks.11.norm1", "blocks[-1].norm1", models.timm_resized),
    "vit_xsmall_patch16_clip_224": ("timm", 1.0, "blocks.9.norm1", "blocks[-1].norm1", models.timm_resized),
    "vit_base_patch16_siglip_224": ("timm", 1.0, "blocks.11.norm1", "blocks[-1].norm1", models.timm_resized),
    "beit_base_patch16_224": ("timm", 1.0, "blocks.11.norm1", "blocks[-1].norm1", models.timm_resized),
}
# Others than 48x64: for networks that take none so small, patches of another size, and wide networks.
SIZES = {"inception_v3": (80, 96), "xception": (64, 80), "vit_small_patch14_dinov2": (42, 56),
         "vit_base_patch16_siglip_224": (32, 48), "beit_base_patch16_224": (32, 48)}


def as_map(value, arch, size):
    """A layer's output as [C, h, w]: without the class and distillation tokens."""
    value = value[0]
    if value.ndim == 2:
        prefix = 0 if "siglip" in arch else 2 if "distilled" in arch else 1 if arch.startswith(("vit", "deit", "beit")) else 0
        height = next(size[0] // s for s in (4, 8, 14, 16, 32) if (size[0] // s) * (size[1] // s) == len(value) - prefix)
        return value[prefix:].unflatten(0, (height, -1)).permute(2, 0, 1)
    return value.permute(2, 0, 1) if arch.startswith("swin") else value


def without(value, channels, arch):
    """The layer's output of each picture of a batch with one of its channels set to zero, in all tokens."""
    value = value.clone()
    for one, channel in zip(value, channels):
        if value.ndim == 3 or arch.startswith("swin"):
            one[..., channel] = 0
        else:
            one[channel] = 0
    return value


def final(raw, size):
    scaled = scale_cam_image(np.maximum(raw, 0)[None].astype(np.float32), size[::-1])
    return scale_cam_image(np.maximum(scaled, 0))[0]


@torch.no_grad()
def maps(model, module, picture, arch):
    """For all targets: {method: [H, W] of each}."""
    kept, size = [], tuple(picture.shape[2:])
    with module.register_forward_hook(lambda _, __, output: kept.append(output)):
        logits = model(picture)[0]
    features = as_map(kept[0], arch, size)
    ablated, masked = [], []
    for channels in torch.arange(len(features)).split(BATCH):
        with module.register_forward_hook(lambda _, __, output: without(output, channels, arch)):
            ablated.append(model(picture.repeat(len(channels), 1, 1, 1)))
        masks = torch.nn.functional.interpolate(features[channels, None], size, mode="bilinear", align_corners=True)
        low, high = masks.amin((2, 3), keepdim=True), masks.amax((2, 3), keepdim=True)
        masked.append(model(picture * ((masks - low) / (high - low + 1e-8))))
    weights = {"ablationcam": (logits - torch.cat(ablated)) / logits.abs(), "scorecam": torch.cat(masked).softmax(0)}
    return {method: [final(torch.tensordot(w[:, target], features, 1).numpy(), size) for target in range(len(logits))]
            for method, w in weights.items()}


def main():
    torch.nn.functional.relu = lambda x, inplace=False, relu=torch.nn.functional.relu: relu(x)
    pixels = cv2.cvtColor(cv2.imread(str(DATA / "golden/picture.png")), cv2.COLOR_BGR2RGB)
    tensors, cases = {}, {}
    if len(sys.argv) > 1:
        with safe_open(FILE, "pt") as file:
            tensors, cases = {name: file.get_tensor(name) for name in file.keys()}, json.loads(file.metadata()["cases"])
    for seed, (arch, (spelling, gain, path, layer, make)) in enumerate(CASES.items(), 71):
        if len(sys.argv) > 1 and arch not in sys.argv:
            continue
        size = SIZES.get(arch, SIZE)
        resized = cv2.resize(pixels, size[::-1]).astype(np.float64) / 255
        picture = torch.from_numpy(((resized - MEAN) / STD).transpose(2, 0, 1)[None].copy())
        model, usual, back = make(arch, CLASSES, list(size))
        keys = {key: list(value.shape) for key, value in usual.items() if value.is_floating_point()}
        models.load(model, back, {key: torch.from_numpy(make_weight(key, tuple(shape), seed, gain)) for key, shape in keys.items()})
        for module in model.eval().modules():
            if hasattr(module, "inplace"):
                module.inplace = False
        found = maps(model.double(), model.get_submodule(path), picture, arch)
        target = next(t for t in range(CLASSES) if all(values[t].max() > 0.5 for values in found.values()))
        for method, values in found.items():
            tensors[f"{arch}.{method}"] = torch.from_numpy(np.ascontiguousarray(values[target], np.float32))
        cases[arch] = dict(spelling=spelling, size=list(size), seed=seed, gain=gain, layer=layer, target=target, mean=MEAN, std=STD,
                           keys=keys)
        print(arch, layer, "target", target, flush=True)
    save_file(tensors, FILE, {"cases": json.dumps(cases, separators=(",", ":"))})


if __name__ == "__main__":
    main()
