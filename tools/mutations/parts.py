"""Modules that users write: attention, pooling, heads, wrappers. Each takes and gives [B, C, H, W] or [B, C] unless it says otherwise."""
import torch
from torch import nn
from torch.nn import functional as F


def tensor(y):
    """What transformers' models give is a record of logits and more."""
    return y if isinstance(y, torch.Tensor) else y.logits


class ChannelAttention(nn.Module):
    def __init__(self, channels, ratio=8):
        super().__init__()
        self.avg_pool, self.max_pool = nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)
        self.fc1 = nn.Conv2d(channels, max(channels // ratio, 1), 1, bias=False)
        self.relu1 = nn.ReLU()
        self.fc2 = nn.Conv2d(max(channels // ratio, 1), channels, 1, bias=False)

    def forward(self, x):
        a = self.fc2(self.relu1(self.fc1(self.avg_pool(x))))
        return x * torch.sigmoid(a + self.fc2(self.relu1(self.fc1(self.max_pool(x)))))


class SpatialAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 1, 7, padding=3, bias=False)

    def forward(self, x):
        return x * torch.sigmoid(self.conv1(torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)))


class CBAM(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.ca, self.sa = ChannelAttention(channels), SpatialAttention()

    def forward(self, x):
        return self.sa(self.ca(x))


class SE(nn.Module):
    def __init__(self, channels, ratio=8):
        super().__init__()
        hidden = max(channels // ratio, 1)
        self.fc = nn.Sequential(nn.Linear(channels, hidden, bias=False), nn.ReLU(), nn.Linear(hidden, channels, bias=False), nn.Sigmoid())

    def forward(self, x):
        return x * self.fc(x.mean((2, 3)))[:, :, None, None]


class ECA(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv1d(1, 1, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv(x.mean((2, 3))[:, None])
        return x * torch.sigmoid(y)[:, 0, :, None, None]


class Scale(nn.Module):
    """A learnt factor a channel."""

    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.linspace(0.5, 1.5, channels))

    def forward(self, x):
        return x * self.gamma[:, None, None]


class Adapter(nn.Module):
    """A residual bottleneck."""

    def __init__(self, channels):
        super().__init__()
        self.down, self.up = nn.Conv2d(channels, 16, 1), nn.Conv2d(16, channels, 1)

    def forward(self, x):
        return x + self.up(F.gelu(self.down(x)))


class ParameterFree(nn.Module):
    """SimAM: attention without a parameter."""

    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        d = (x - x.mean((2, 3), keepdim=True)) ** 2
        return x * torch.sigmoid(d / (4 * (d.mean((2, 3), keepdim=True) + 1e-4)) + 0.5)


class GeM(nn.Module):
    def __init__(self, p=3.0, flatten=False):
        super().__init__()
        self.p = nn.Parameter(torch.ones(1) * p)
        self.flatten = flatten

    def forward(self, x):
        y = x.clamp(min=1e-6).pow(self.p).mean((2, 3), keepdim=True).pow(1.0 / self.p)
        return y.flatten(1) if self.flatten else y


class FixedGeM(nn.Module):
    """GeM whose exponent is no parameter."""

    def __init__(self, p=3.0, flatten=False):
        super().__init__()
        self.p, self.flatten = p, flatten

    def forward(self, x):
        y = x.clamp(min=1e-6).pow(self.p).mean((2, 3), keepdim=True).pow(1.0 / self.p)
        return y.flatten(1) if self.flatten else y


class ConcatPool(nn.Module):
    """fastai's AdaptiveConcatPool2d."""

    def __init__(self):
        super().__init__()
        self.ap, self.mp = nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)

    def forward(self, x):
        return torch.cat([self.mp(x), self.ap(x)], 1)


class ArcMarginProduct(nn.Module):
    """ArcFace at inference: s times the cosine."""

    def __init__(self, features, classes, s=30.0):
        super().__init__()
        self.weight, self.s = nn.Parameter(torch.randn(classes, features)), s

    def forward(self, x):
        return self.s * F.linear(F.normalize(x), F.normalize(self.weight))


class CosineLinear(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.weight, self.sigma = nn.Parameter(torch.randn(classes, features)), nn.Parameter(torch.tensor([12.0]))

    def forward(self, x):
        return self.sigma * F.linear(F.normalize(x), F.normalize(self.weight))


class MultiSampleDropout(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.dropouts = nn.ModuleList([nn.Dropout(0.5) for _ in range(5)])
        self.fc = nn.Linear(features, classes)

    def forward(self, x):
        return torch.stack([self.fc(d(x)) for d in self.dropouts]).mean(0)


class ScaledLogits(nn.Module):
    """A learnt temperature behind the logits."""

    def __init__(self, model, name="temperature"):
        super().__init__()
        self.model, self.name = model, name
        setattr(self, name, nn.Parameter(torch.tensor([1.7])))

    def forward(self, x):
        return tensor(self.model(x)) / getattr(self, self.name)


class WSConv2d(nn.Conv2d):
    """Weight standardisation: the keys are a Conv2d's."""

    def forward(self, x):
        w = self.weight
        w = (w - w.mean((1, 2, 3), keepdim=True)) / (w.std((1, 2, 3), keepdim=True) + 1e-5)
        return F.conv2d(x, w, self.bias, self.stride, self.padding, self.dilation, self.groups)


class ChannelsLast(nn.Module):
    """A module of [B, C, H, W] for [B, H, W, C]."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        return self.module(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


class Holder(nn.Module):
    """A network under a name of the user's, which does nothing else."""

    def __init__(self, name, model):
        super().__init__()
        self.held = name
        setattr(self, name, model)

    def forward(self, x):
        return getattr(self, self.held)(x)


class Chain(nn.Module):
    """Modules under names, one after the other, as a user's forward has it."""

    def __init__(self, **modules):
        super().__init__()
        self.order = list(modules)
        for name, module in modules.items():
            setattr(self, name, module)

    def forward(self, x):
        for name in self.order:
            x = tensor(getattr(self, name)(x))
        return x


class Beside(nn.Module):
    """A network, and a module beside it that takes no part."""

    def __init__(self, main, name, module, held="model"):
        super().__init__()
        self.held = held
        setattr(self, held, main)
        setattr(self, name, module)

    def forward(self, x):
        return getattr(self, self.held)(x)


class Mean(nn.Module):
    """An ensemble whose logits are averaged."""

    def __init__(self, **models):
        super().__init__()
        self.order = list(models)
        for name, model in models.items():
            setattr(self, name, model)

    def forward(self, x):
        return torch.stack([tensor(getattr(self, n)(x)) for n in self.order]).mean(0)


class ListMean(nn.Module):
    def __init__(self, models):
        super().__init__()
        self.models = nn.ModuleList(models)

    def forward(self, x):
        return torch.stack([tensor(m(x)) for m in self.models]).mean(0)


class Joined(nn.Module):
    """Two backbones whose features are joined."""

    def __init__(self, a, b, head):
        super().__init__()
        self.a, self.b, self.fc = a, b, head

    def forward(self, x):
        return self.fc(torch.cat([self.a(x), self.b(x)], 1))


class Heads(nn.Module):
    """Two tasks behind one backbone; the second is what the user asks about."""

    def __init__(self, backbone, first, second, names=("fc_age", "fc_sex")):
        super().__init__()
        self.backbone, self.names = backbone, names
        setattr(self, names[0], first)
        setattr(self, names[1], second)

    def forward(self, x):
        return getattr(self, self.names[1])(tensor(self.backbone(x)))


class Normalised(nn.Module):
    """A network behind a normaliser whose statistics are buffers."""

    def __init__(self, model, mean, std, names=("mean", "std")):
        super().__init__()
        self.model, self.names = model, names
        for name, values in zip(names, (mean, std)):
            self.register_buffer(name, torch.tensor(values).view(1, -1, 1, 1))

    def forward(self, x):
        mean, std = (getattr(self, n) for n in self.names)
        return self.model((x - mean) / std)


class AveragePool(nn.Module):
    """Flattens what an adaptive pooling gives."""

    def forward(self, x):
        return F.adaptive_avg_pool2d(x, 1).flatten(1)


class Lora(nn.Module):
    """peft's form of a Linear with a low-rank addition."""

    def __init__(self, base, rank=4):
        super().__init__()
        self.base_layer = base
        self.lora_A = nn.ModuleDict({"default": nn.Linear(base.in_features, rank, bias=False)})
        self.lora_B = nn.ModuleDict({"default": nn.Linear(rank, base.out_features, bias=False)})

    def forward(self, x):
        return self.base_layer(x) + self.lora_B["default"](self.lora_A["default"](x))
