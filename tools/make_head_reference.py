"""Makes test/data/heads.json: classifiers with heads of several layers, their logits and Grad-CAM in PyTorch's float64.

    pip install torch==2.13.0 numpy timm==1.0.31 && pip install --no-deps torchvision==0.28.0
    python tools/make_head_reference.py

Weights are made by rule from the state dict's keys (made_weights.py), the input likewise from the key "picture", times ten.
A case has the state dict's keys and shapes in their order, as `added` to and `removed` from those of the architecture with 5
classes, the logits, and the target's Grad-CAM at the default layer (torchvision's resnets: layer4[-1]), without ReLU, not scaled.
"""
import json, pathlib
from collections import OrderedDict

import torchvision_cpu  # noqa: F401 (before torchvision and timm)
import timm, torch, torchvision
from torch import nn

from made_weights import make_weight

OUT = pathlib.Path(__file__).resolve().parent.parent / "test/data/heads.json"
CLASSES = 5


def resnet18():
    return torchvision.models.resnet18(num_classes=CLASSES)


def with_fc(*layers):
    model = resnet18()
    model.fc = nn.Sequential(*layers)
    return model


class Gem(nn.Module):
    """Radenovic et al. 2018: the mean of x^p, to the power 1 / p."""

    def __init__(self):
        super().__init__()
        self.p = nn.Parameter(torch.ones(1) * 3)

    def forward(self, x):
        return x.clamp(min=1e-6).pow(self.p).mean((2, 3), keepdim=True).pow(1 / self.p)


class ConcatPool(nn.Module):
    """fastai's AdaptiveConcatPool2d: the maximum first."""

    def forward(self, x):
        return torch.cat([nn.functional.adaptive_max_pool2d(x, 1), nn.functional.adaptive_avg_pool2d(x, 1)], 1)


class Wrapped(nn.Module):
    """A backbone without head, and a head beside it."""

    def __init__(self, head):
        super().__init__()
        self.backbone = resnet18()
        self.backbone.fc = nn.Identity()
        self.classifier = head

    def forward(self, x):
        return self.classifier(self.backbone(x))


def fastai():
    """vision_learner's model: the body's children, then create_head's layers."""
    body = nn.Sequential(*list(resnet18().children())[:-2])
    head = nn.Sequential(
        ConcatPool(), nn.Flatten(), nn.BatchNorm1d(1024), nn.Dropout(0.25), nn.Linear(1024, 64, bias=False), nn.ReLU(),
        nn.BatchNorm1d(64), nn.Dropout(0.5), nn.Linear(64, CLASSES, bias=False))
    return nn.Sequential(body, head)


def gem():
    model = resnet18()
    model.avgpool = Gem()
    return model


def densenet(head):
    model = torchvision.models.densenet121()
    model.classifier = head
    return model


def vgg(change):
    model = torchvision.models.vgg11()
    change(model)
    return model


def last_of_vgg(model):
    model.classifier[6] = nn.Sequential(nn.Linear(4096, 16), nn.ReLU(), nn.Dropout(0.4), nn.Linear(16, CLASSES), nn.LogSoftmax(1))


def all_of_vgg(model):
    model.classifier = nn.Sequential(nn.Linear(25088, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, CLASSES))


def mnasnet():
    model = torchvision.models.mnasnet0_5()
    model.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, CLASSES))
    return model


def mobilenet():
    model = torchvision.models.mobilenet_v3_small()
    model.classifier = nn.Sequential(nn.Linear(576, 64), nn.GELU(), nn.Linear(64, CLASSES))
    return model


def efficientnet():
    model = torchvision.models.efficientnet_b0()
    model.classifier[1] = nn.Sequential(nn.Linear(1280, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Linear(24, CLASSES))
    return model


def vit(head):
    model = timm.create_model("vit_tiny_patch16_224", num_classes=CLASSES, img_size=32)
    model.head = head
    return model


# name: (architecture, size, model, head activation to be asked for)
CASES = {
    "Linear, ReLU, Dropout, Linear": ("resnet18", 64, lambda: with_fc(nn.Linear(512, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, CLASSES)), None),
    "Linear, Linear": ("resnet18", 64, lambda: with_fc(nn.Linear(512, 24), nn.Linear(24, CLASSES)), None),
    "Dropout, Linear, ReLU, Dropout, Linear": ("resnet18", 64, lambda: with_fc(nn.Dropout(), nn.Linear(512, 24), nn.ReLU(), nn.Dropout(), nn.Linear(24, CLASSES)), None),
    "Linear, BatchNorm1d, ReLU, Dropout, Linear": ("resnet18", 64, lambda: with_fc(nn.Linear(512, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Dropout(), nn.Linear(24, CLASSES)), None),
    "Linear, ReLU, BatchNorm1d, Linear": ("resnet18", 64, lambda: with_fc(nn.Linear(512, 24), nn.ReLU(), nn.BatchNorm1d(24), nn.Linear(24, CLASSES)), None),
    "Linear, GELU, Linear": ("resnet18", 64, lambda: with_fc(nn.Linear(512, 24), nn.GELU(), nn.Linear(24, CLASSES)), "gelu"),
    "Linear, LeakyReLU, Linear, LeakyReLU, Linear": ("resnet18", 64, lambda: with_fc(nn.Linear(512, 24), nn.LeakyReLU(), nn.Linear(24, 12), nn.LeakyReLU(), nn.Linear(12, CLASSES)), "leaky_relu"),
    "BatchNorm1d, Linear": ("resnet18", 64, lambda: with_fc(nn.BatchNorm1d(512), nn.Linear(512, CLASSES)), None),
    "two Linears with a Dropout between": ("resnet18", 64, lambda: with_fc(nn.Linear(512, 24), nn.Dropout(), nn.Linear(24, CLASSES)), "none"),
    "beside the backbone": ("resnet18", 64, lambda: Wrapped(nn.Sequential(nn.Linear(512, 24), nn.ReLU(), nn.Linear(24, CLASSES))), None),
    "fastai": ("resnet18", 64, fastai, None),
    "GeM": ("resnet18", 64, gem, None),
    "named layers": ("densenet121", 64, lambda: densenet(nn.Sequential(OrderedDict(
        fc1=nn.Linear(1024, 24), relu=nn.ReLU(), dropout=nn.Dropout(0.2), fc2=nn.Linear(24, CLASSES), output=nn.LogSoftmax(1)))), "relu"),
    "three Linears": ("densenet121", 64, lambda: densenet(nn.Sequential(
        nn.Linear(1024, 24), nn.ReLU(), nn.Dropout(), nn.Linear(24, 12), nn.ReLU(), nn.Dropout(), nn.Linear(12, CLASSES))), None),
    "in the place of VGG's last Linear": ("vgg11", 64, lambda: vgg(last_of_vgg), None),
    "in the place of VGG's classifier": ("vgg11", 64, lambda: vgg(all_of_vgg), None),
    "in the place of MnasNet's classifier": ("mnasnet0_5", 64, mnasnet, None),
    "in the place of MobileNetV3's classifier": ("mobilenet_v3_small", 64, mobilenet, "gelu"),
    "in the place of EfficientNet's classifier": ("efficientnet_b0", 64, efficientnet, None),
    "LayerNorm, Linear, GELU, Linear": ("vit_tiny_patch16_224", 32, lambda: vit(nn.Sequential(
        nn.LayerNorm(192), nn.Linear(192, 24), nn.GELU(), nn.Linear(24, CLASSES))), "gelu"),
}

LAYERS = {
    "resnet18": lambda m: m[0][7][-1] if isinstance(m, nn.Sequential) else getattr(m, "backbone", m).layer4[-1],
    "densenet121": lambda m: m.features.norm5,
    "vgg11": lambda m: m.features[-1],
    "mnasnet0_5": lambda m: m.layers[-1],
    "mobilenet_v3_small": lambda m: m.features[-1],
    "efficientnet_b0": lambda m: m.features[-1],
    "vit_tiny_patch16_224": lambda m: m.blocks[-1].norm1,
}
CREATE = dict(vit_tiny_patch16_224=lambda: timm.create_model("vit_tiny_patch16_224", num_classes=CLASSES, img_size=32))


def measure(make, layer, size, seed, target):
    """(logits, Grad-CAM [h, w], not scaled)"""
    model = make()
    for module in model.modules():
        # What cannot be seen in a state dict, and is no logit.
        if isinstance(module, nn.Sequential) and isinstance(module[-1] if len(module) else None, nn.LogSoftmax):
            module[-1] = nn.Identity()
    for key, value in model.state_dict().items():
        if value.is_floating_point():
            made = torch.from_numpy(make_weight(key, tuple(value.shape), seed, 1.4))
            value.copy_(3 + made if key.endswith(".p") else made)
    model.double().eval()
    kept = []


    def keep(_, __, y):
        y.retain_grad()
        kept.append(y)
        return y.clone()  # DenseNet's ReLU works in place.

    layer(model).register_forward_hook(keep)
    picture = 10 * torch.from_numpy(make_weight("picture", (1, 3, size, size), seed, 1.0)).double()
    logits = model(picture)
    logits[0, target].backward()
    values, gradients = kept[0].detach()[0], kept[0].grad[0]
    if values.dim() == 2:
        side = size // 16
        heat = (values[1:] * gradients[1:].mean(0)).sum(1).reshape(side, side)
    else:
        heat = (values * gradients.mean((1, 2), keepdim=True)).sum(0)
    return logits.detach()[0].tolist(), heat.tolist()


def rounded(value):
    return [rounded(v) for v in value] if isinstance(value, list) else float(f"{value:.9g}") if isinstance(value, float) else value


cases = {}
for number, (name, (arch, size, make, activation)) in enumerate(CASES.items()):
    torch.manual_seed(0)
    base = CREATE.get(arch, lambda: getattr(torchvision.models, arch)(num_classes=CLASSES))()
    usual = {k: list(v.shape) for k, v in base.state_dict().items()}
    keys = {k: list(v.shape) for k, v in make().state_dict().items()}
    seed = 131 + number
    target = number % CLASSES
    logits, heat = measure(make, LAYERS[arch], size, seed, target)
    cases[name] = dict(arch=arch, size=[size, size], seed=seed, target=target, logits=logits, heat=heat,
                       added={k: s for k, s in keys.items() if usual.get(k) != s}, removed=[k for k in usual if k not in keys],
                       **({"headActivation": activation} if activation else {}))
    print(name, len(cases[name]["added"]), [round(v, 3) for v in logits], "target", target)
OUT.write_text(json.dumps({n: {k: rounded(v) for k, v in c.items()} for n, c in cases.items()}, separators=(",", ":")) + "\n")
