"""test/data/parametrizations.safetensors and -expected: weights that PyTorch keeps in parts, and what it computes of them.
Needs torch and safetensors (requirements.txt)."""
import pathlib
import warnings

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import parametrizations, prune, spectral_norm, weight_norm

warnings.filterwarnings("ignore")
DATA = pathlib.Path(__file__).parents[1] / "test/data"
torch.manual_seed(0)


def linear() -> nn.Module:
    return nn.Linear(5, 4)


def conv() -> nn.Module:
    return nn.Conv2d(4, 6, 3, groups=2)


def pruned() -> nn.Module:
    module = conv()
    prune.random_unstructured(module, "weight", 0.4)
    prune.random_unstructured(module, "bias", 0.5)
    return module


def trained(module: nn.Module) -> nn.Module:
    """Spectral norms after some power iterations, weight norms with a length that is not |v|."""
    for name, parameter in module.named_parameters():
        if name.endswith(("_g", "original0")):
            parameter.data.mul_(1.7).add_(0.1)
    module.train()
    for _ in range(3):
        module(torch.randn(2, *((5,) if isinstance(module, nn.Linear) else (4, 8, 8))))
    return module.eval()


MODULES = {
    "old.weight_norm.linear": weight_norm(linear()),
    "old.weight_norm.conv": weight_norm(conv()),
    "old.weight_norm.dim1": weight_norm(linear(), dim=1),
    "old.weight_norm.whole": weight_norm(linear(), dim=None),
    "old.spectral_norm.linear": spectral_norm(linear()),
    "old.spectral_norm.conv": spectral_norm(conv()),
    "new.weight_norm.linear": parametrizations.weight_norm(linear()),
    "new.weight_norm.conv": parametrizations.weight_norm(conv()),
    "new.spectral_norm.linear": parametrizations.spectral_norm(linear()),
    "new.spectral_norm.conv": parametrizations.spectral_norm(conv()),
    "pruned": pruned(),
}

saved, expected = {}, {}
for path, module in MODULES.items():
    trained(module)
    saved |= {f"{path}.{key}": value.contiguous() for key, value in module.state_dict().items()}
    expected |= {f"{path}.{name}": getattr(module, name).detach().contiguous() for name in ("weight", "bias")}
save_file(saved, DATA / "parametrizations.safetensors")
save_file(expected, DATA / "parametrizations-expected.safetensors")
