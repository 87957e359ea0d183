"""What PyTorch and pytorch-grad-cam give: logits, and the Grad-CAM map of the highest class whose map is not flat."""
import math

import numpy as np
import torch
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch import nn

_relu = torch.nn.functional.relu
# In-place ReLUs overwrite saved activations (docs/DIFFERENCES.md).
torch.nn.functional.relu = lambda input, inplace=False: _relu(input)


class Logits(nn.Module):
    """A model of which only the logits are given, as transformers' models give more."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        y = self.model(x)
        return y if isinstance(y, torch.Tensor) else y.logits


def layer_at(net, path):
    for name in path.split("."):
        net = list(net.children())[int(name)] if name.startswith("-") else getattr(net, name)
    return net


def as_map(size):
    """Tokens and channels-last maps as [B, C, H, W]."""
    grids = [(math.ceil(size[0] / s), math.ceil(size[1] / s)) for s in (4, 8, 14, 16, 32)]

    def transform(x):
        if isinstance(x, tuple):
            x = x[0]
        if x.ndim == 4:
            return x.permute(0, 3, 1, 2) if tuple(x.shape[1:3]) in grids and tuple(x.shape[2:]) not in grids else x
        # Fewer than eight tokens before the patches: class, distillation and registers.
        h, w = next(g for g in grids if 0 <= x.shape[1] - g[0] * g[1] < 8)
        return x[:, -h * w :].reshape(x.shape[0], h, w, -1).permute(0, 3, 1, 2)

    return transform


def picture(channels, size, seed):
    """[1, C, H, W]: blobs and noise, of about the values that a normalised picture has."""
    g = torch.Generator().manual_seed(seed)
    blobs = torch.randn(1, channels, 5, 4, generator=g)
    x = torch.nn.functional.interpolate(blobs, size=size, mode="bicubic")
    return x + 0.2 * torch.randn(1, channels, *size, generator=g)


def reference(model, net, path, x):
    """(logits, map, class)"""
    model = Logits(model).eval()
    for m in model.modules():
        if hasattr(m, "inplace"):
            m.inplace = False
    for p in model.parameters():
        p.requires_grad_(p.is_floating_point())
    layer = layer_at(net, path)
    with torch.no_grad():
        logits = model(x)[0]
    if logits.ndim != 1 or not torch.isfinite(logits).all():
        raise ValueError(f"logits of shape {tuple(logits.shape)}")
    best = None
    for target in logits.argsort(descending=True).tolist():
        with GradCAM(model=model, target_layers=[layer], reshape_transform=as_map(x.shape[2:])) as cam:
            map_ = cam(input_tensor=x, targets=[ClassifierOutputTarget(target)])[0]
        best = best or (target, map_)
        if map_.max() > 0.5:
            best = (target, map_)
            break
    target, map_ = best
    return logits.numpy().astype(np.float32), np.asarray(map_, dtype=np.float32), target
