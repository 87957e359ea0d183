"""Maps of the methods beside the eight, of one model, layer and target: by pytorch-grad-cam and torch-cam where they have
them, else computed here. KPCA-CAM's and Seg-Eigen-CAM's signs are turned so that the entry of largest magnitude is positive."""
import sys

import numpy as np
import torch
from pytorch_grad_cam import FEM, GradCAM, ShapleyCAM
from pytorch_grad_cam.finer_cam import FinerCAM
from pytorch_grad_cam.utils.image import scale_cam_image
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget, FinerWeightedTarget
from pytorch_grad_cam.utils.svd_on_activations import get_2d_projection, get_2d_projection_kernel


def leading(map_):
    """The entry of largest magnitude: the first of those that differ by rounding. Two positions have two of opposite signs."""
    sizes = np.abs(map_).ravel()
    return map_.flat[np.argmax(sizes >= sizes.max() * (1 - 1e-6))]


def fix_signs():
    """Makes the leading entry of each principal projection positive."""
    from pytorch_grad_cam.utils import svd_on_activations

    plain = svd_on_activations.get_2d_projection

    def signed(batch):
        maps = plain(batch)
        for map_ in maps:
            if leading(map_) < 0:
                map_ *= -1
        return maps

    for name, module in list(sys.modules.items()):
        if name.startswith("pytorch_grad_cam.") and hasattr(module, "get_2d_projection"):
            module.get_2d_projection = signed


def positive(raw):
    return raw if leading(raw) >= 0 else -raw


def final(raw, size):
    """What pytorch-grad-cam does after a method's raw map [h, w], for a single layer; size is (width, height)."""
    scaled = scale_cam_image(np.maximum(raw, 0)[None].astype(np.float32), size)
    return scale_cam_image(np.maximum(scaled, 0))[0]


def original_cam(model, features, target):
    """The head's weights times what it pools (torchvision's DenseNets: after a ReLU)."""
    head = next(m for m in reversed(list(model.modules())) if isinstance(m, torch.nn.Linear))
    if any(type(m).__name__ == "DenseNet" for m in model.modules()):
        features = np.maximum(features, 0)
    return np.tensordot(head.weight[target].detach().numpy(), features, 1)


def shapley_of_tokens(model, layer, picture, target, reshape):
    """pytorch-grad-cam 1.5.7's ShapleyCAM fails at tokens."""
    kept = []
    with layer.register_forward_hook(lambda *call: kept.append(call[2])):
        logits = model(picture.clone().requires_grad_())
    g = torch.autograd.grad(logits[0, target], kept[0], create_graph=True)[0]
    # None where the logits are linear in the layer
    hvp = torch.autograd.grad(g, kept[0], grad_outputs=kept[0], retain_graph=True, allow_unused=True)[0] if g.requires_grad else None
    weights = reshape(g if hvp is None else g - 0.5 * hvp).mean((2, 3))[0]
    return torch.tensordot(weights, reshape(kept[0])[0], 1).detach().numpy()


def normal_numbers(seed, count):
    """FNV-1a of the text, Mulberry32, Box and Muller: the numbers that gradlens draws."""
    state = 0x811C9DC5
    for byte in seed.encode():
        state = (state ^ byte) * 0x01000193 & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        s = np.uint32(state) + np.arange(1, 2 * count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        t = (s ^ (s >> np.uint32(15))) * (s | np.uint32(1))
        t = (t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))) ^ t
    u = (t ^ (t >> np.uint32(14))).astype(np.float64) / 2**32
    return np.sqrt(-2 * np.log(1 - u[0::2])) * np.cos(2 * np.pi * u[1::2])


class SeededNoise:
    """In place of torch-cam's distribution: the same noise as gradlens draws for seed 0, in its order (channels last)."""

    def __init__(self, deviation):
        self.deviation, self.start = deviation, 0

    def sample(self, size):
        _, channels, height, width = size
        end = self.start + height * width * channels
        numbers = normal_numbers("0 noise", end)[self.start :]
        self.start = end
        noise = torch.from_numpy(numbers.reshape(1, height, width, channels)).permute(0, 3, 1, 2)
        return self.deviation * noise.to(torch.get_default_dtype())


def smoothgradcam_pp(model, layer, picture, target):
    from torchcam.methods import SmoothGradCAMpp

    with SmoothGradCAMpp(model, layer, input_shape=tuple(picture.shape[1:])) as extractor:
        extractor._distrib = SeededNoise(extractor.std)
        model(picture)
        (activations,) = [a.detach().clone() for a in extractor.hook_a]
        (weights,) = extractor._get_weights(target)
    return torch.tensordot(weights[0].to(activations.dtype), activations[0], 1).numpy()


def eigen_maps(model, layer, picture, target, reshape):
    with GradCAM(model=model, target_layers=[layer], reshape_transform=reshape) as cam:
        cam(picture, [ClassifierOutputTarget(target)])
        activations = cam.activations_and_grads.activations[0].detach().numpy()
        gradients = cam.activations_and_grads.gradients[0].detach().numpy()
    raw = {"segeigencam": get_2d_projection(np.abs(gradients) * activations), "kpcacam": get_2d_projection_kernel(activations)}
    size = (picture.shape[3], picture.shape[2])
    return {method: final(positive(map_[0]), size) for method, map_ in raw.items()}, activations


def fem_eigen_smooth(activations, size):
    """pytorch-grad-cam's FEM has no eigen_smooth: it takes the option and sums all the same."""
    threshold = activations.mean((2, 3), keepdims=True) + 2 * activations.std((2, 3), keepdims=True)
    weights = (activations > threshold).mean((2, 3), keepdims=True)
    return final(positive(get_2d_projection(weights * activations)[0]), size)


def augmented(maps_of, picture):
    """The mean of the maps of six variants of the picture, as pytorch-grad-cam's aug_smooth has it."""
    found = [{method: map_[:, ::-1] if flip else map_ for method, map_ in maps_of(factor * (picture.flip(3) if flip else picture)).items()}
             for flip in (False, True) for factor in (0.9, 1, 1.1)]
    return {method: np.mean([maps[method] for maps in found], 0) for method in found[0]}


def smoothed_maps(model, layer, picture, target, reshape):
    """By METHOD.eigen_smooth and METHOD.aug_smooth. Finer-CAM's neighbours are those of the plain picture."""
    maps = {}

    def run(name, method, goal, how):
        with method(model=model, target_layers=[layer], reshape_transform=reshape) as cam:
            maps[f"{name}.{how}"] = cam(picture, [goal], **{how: True})[0]

    with torch.no_grad():
        logits = model(picture)[0]
    neighbours = (logits - logits[target]).abs().argsort().tolist()[1:4]
    run("fem", FEM, ClassifierOutputTarget(target), "aug_smooth")
    for how in ("eigen_smooth", "aug_smooth"):
        run("finercam", GradCAM, FinerWeightedTarget(target, neighbours, 1), how)
        if reshape is None:
            run("shapleycam", ShapleyCAM, ClassifierOutputTarget(target), how)
    activations = eigen_maps(model, layer, picture, target, reshape)[1]
    maps["fem.eigen_smooth"] = fem_eigen_smooth(activations, (picture.shape[3], picture.shape[2]))
    mean = augmented(lambda variant: eigen_maps(model, layer, variant, target, reshape)[0], picture)
    maps.update({f"{method}.aug_smooth": map_ for method, map_ in mean.items()})
    return {key: np.ascontiguousarray(data, np.float32) for key, data in maps.items()}


def newer_maps(model, layer, picture, target, reshape, pooled):
    """By method, [H, W] float32. `pooled`: the layer is what a global pooling and one Linear follow."""
    size = (picture.shape[3], picture.shape[2])
    maps = {}

    def run(method, **options):
        with method(model=model, target_layers=[layer], reshape_transform=reshape) as cam:
            return cam(picture, [ClassifierOutputTarget(target)], **options)[0]

    maps["fem"] = run(FEM)
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):  # others have no second derivative
        if reshape:
            maps["shapleycam"] = final(shapley_of_tokens(model, layer, picture, target, reshape), size)
        else:
            maps["shapleycam"] = run(ShapleyCAM)
    maps["finercam"] = FinerCAM(model, [layer], reshape, GradCAM)(picture, target_idx=target)[0]
    eigen, activations = eigen_maps(model, layer, picture, target, reshape)
    maps.update(eigen)
    if reshape is None:  # torch-cam's is of pictures only
        maps["smoothgradcam++"] = final(smoothgradcam_pp(model, layer, picture, target), size)
    if pooled:
        maps["cam"] = final(original_cam(model, activations[0], target), size)
    return {method: np.ascontiguousarray(data, np.float32) for method, data in maps.items()}
