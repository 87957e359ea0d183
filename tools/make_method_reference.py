"""Makes test/data/methods.safetensors: maps of the newer methods for some golden cases, by pytorch-grad-cam in float64.

    pip install torch==2.13.0 numpy safetensors opencv-python-headless scipy scikit-learn tqdm matplotlib ttach
    pip install --no-deps torchvision==0.28.0 timm==1.0.31 grad-cam==1.5.7
    python tools/make_method_reference.py

CASE.METHOD [H, W] for the layer and target of test/data/golden/CASE. `cam` (the original), which pytorch-grad-cam lacks,
and ShapleyCAM of tokens, at which pytorch-grad-cam 1.5.7 fails, are computed here. KPCA-CAM's and Seg-Eigen-CAM's signs are turned so that the entry of largest magnitude is
positive. In-place ReLUs are switched off: a layer's output is what the layer returned.
"""
import json, operator, pathlib, re

import torchvision_cpu  # noqa: F401 (before torchvision)
import numpy as np
import timm
import torch
import torchvision
from pytorch_grad_cam import FEM, GradCAM, KPCA_CAM, ShapleyCAM
from pytorch_grad_cam.finer_cam import FinerCAM
from pytorch_grad_cam.utils.image import scale_cam_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from pytorch_grad_cam.utils.svd_on_activations import get_2d_projection, get_2d_projection_kernel
from safetensors import safe_open
from safetensors.torch import save_file

from made_weights import set_weights

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


def positive(raw):
    return raw if raw.max() >= -raw.min() else -raw


def final(raw, size):
    """What pytorch-grad-cam does after a method's raw map [h, w], for a single layer."""
    scaled = scale_cam_image(np.maximum(raw, 0)[None].astype(np.float32), size)
    return scale_cam_image(np.maximum(scaled, 0))[0]


def original_cam(model, features, target):
    """The head's weights times what it pools."""
    head = next(m for m in reversed(list(model.modules())) if isinstance(m, torch.nn.Linear))
    if isinstance(model, torchvision.models.DenseNet):
        features = np.maximum(features, 0)
    return np.tensordot(head.weight[target].detach().numpy(), features, 1)


def shapley_of_tokens(model, layer, picture, target, reshape):
    kept = []
    with layer.register_forward_hook(lambda *call: kept.append(call[2])):
        logits = model(picture.clone().requires_grad_())
    g = torch.autograd.grad(logits[0, target], kept[0], create_graph=True)[0]
    hvp = torch.autograd.grad(g, kept[0], grad_outputs=kept[0], retain_graph=True, allow_unused=True)[0]
    # None where the logits are linear in the layer
    weights = reshape(g if hvp is None else g - 0.5 * hvp).mean((2, 3))[0]
    return torch.tensordot(weights, reshape(kept[0])[0], 1).detach().numpy()


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
        size = (picture.shape[3], picture.shape[2])

        def run(method, **options):
            with method(model=model, target_layers=[layer], reshape_transform=reshape) as cam:
                return cam(picture, [ClassifierOutputTarget(target)], **options)[0]

        maps = {"fem": run(FEM)}
        if reshape:
            maps["shapleycam"] = final(shapley_of_tokens(model, layer, picture, target, reshape), size)
        else:
            maps["shapleycam"] = run(ShapleyCAM)
        maps["finercam"] = FinerCAM(model, [layer], reshape, GradCAM)(picture, target_idx=target)[0]
        with GradCAM(model=model, target_layers=[layer], reshape_transform=reshape) as cam:
            cam(picture, [ClassifierOutputTarget(target)])
            activations = cam.activations_and_grads.activations[0].detach().numpy()
            gradients = cam.activations_and_grads.gradients[0].detach().numpy()
        maps["segeigencam"] = final(positive(get_2d_projection(np.abs(gradients) * activations)[0]), size)
        maps["kpcacam"] = final(positive(get_2d_projection_kernel(activations)[0]), size)
        if not name.startswith("vit"):
            maps["cam"] = final(original_cam(model, activations[0], target), size)
        for method, data in maps.items():
            tensors[f"{name}.{method}"] = torch.from_numpy(np.ascontiguousarray(data, np.float32))
            print(name, method, data.shape, float(data.min()), float(data.max()))
    save_file(tensors, DATA / "methods.safetensors", {"source": "tools/make_method_reference.py"})


if __name__ == "__main__":
    main()
