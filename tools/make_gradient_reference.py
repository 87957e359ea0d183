"""Makes test/data/gradients.safetensors: gradients of two small networks in PyTorch's float64.

    pip install torch==2.13.0 numpy safetensors && pip install --no-deps torchvision==0.28.0
    python tools/make_gradient_reference.py

densenet.*: torchvision's DenseNet with a handful of channels. smooth.*: a network without kinks (convolution, GELU, LayerNorm,
attention, tanh), whose second derivatives say something. For each: `input`; `logits`; `grad.input` and `grad.KEY`, the
gradient of the target's logit; for smooth also `direction`, and `hvp.input` and `hvp.KEY`, the gradient of
(grad.input . direction): a Hessian-vector product. PyTorch's layouts. The metadata says seed, gain and target of each.
"""
import json, pathlib

import torchvision_cpu  # noqa: F401 (before torchvision)
import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models import DenseNet

from made_weights import set_weights

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/gradients.safetensors"
CASES = {"densenet": {"seed": 21, "gain": 2**0.5, "target": 1}, "smooth": {"seed": 22, "gain": 1.0, "target": 2}}


class Smooth(nn.Module):
    """Tests build the same in gradlens' ops: test/reference/gradient-cases.ts."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, stride=2, padding=1)
        self.norm = nn.LayerNorm(6)
        self.qkv = nn.Linear(6, 18)
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        x = nn.functional.gelu(self.conv(x)).flatten(2).transpose(1, 2)  # [b, 20, 6]
        b, n, c = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, n, 3, 2, c // 2).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) * 0.7
        x = x + (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, n, c)
        return self.head(torch.tanh(x).mean(1))


def make(model, x, case, tensors, prefix):
    set_weights(model, case["seed"], case["gain"])
    model = model.double().eval()
    x = x.double().requires_grad_()
    names, params = zip(*model.named_parameters())
    logits = model(x)
    wrt = (x, *params)
    gradients = torch.autograd.grad(logits[0, case["target"]], wrt, create_graph=True)
    tensors[f"{prefix}.input"] = x
    tensors[f"{prefix}.logits"] = logits
    for name, gradient in zip(("input", *names), gradients):
        tensors[f"{prefix}.grad.{name}"] = gradient
    return wrt, names, gradients[0]


def main():
    torch.manual_seed(1)
    tensors = {}
    densenet = DenseNet(growth_rate=4, block_config=(2, 2), num_init_features=8, bn_size=4, num_classes=3)
    make(densenet, torch.randn(1, 3, 32, 32), CASES["densenet"], tensors, "densenet")

    wrt, names, gradient = make(Smooth(), torch.randn(1, 3, 8, 10), CASES["smooth"], tensors, "smooth")
    direction = torch.randn_like(gradient)
    tensors["smooth.direction"] = direction
    products = torch.autograd.grad((gradient * direction).sum(), wrt, materialize_grads=True)
    for name, product in zip(("input", *names), products):
        tensors[f"smooth.hvp.{name}"] = product

    save_file({k: v.detach().contiguous() for k, v in tensors.items()}, OUT, {"cases": json.dumps(CASES), "torch": torch.__version__})
    print(OUT, OUT.stat().st_size, "bytes")


main()
