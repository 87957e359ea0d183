"""Changes of the head: resized, renamed, nested, without bias, as a convolution, reparametrised, of several layers, of another kind."""
from collections import OrderedDict

import torch
from torch import nn
from torch.nn.utils import parametrizations, prune

from . import parts
from .subject import EITHER, MODULES, MUST, STATE, DoesNotApply, pick_path, put

NAMES = ("head", "fc1", "out", "cls_head", "logits", "my_classifier", "linear", "last_linear", "output_layer", "fc_final", "predictor", "dense")


def any_head(s):
    """SqueezeNet's scores are made by a convolution."""
    found = s.net.get_submodule(s.family.head)
    if not isinstance(found, nn.Linear):
        raise DoesNotApply
    return found


def head(s):
    """The only Linear behind the features: a distilled DeiT has two."""
    if hasattr(s.net, "head_dist"):
        raise DoesNotApply
    return any_head(s)


def nest(layers, rng):
    """A Sequential of the layers, numbered or named, in another Sequential now and then."""
    names = [str(i) for i in range(len(layers))]
    if rng.random() < 0.4:
        names = [{"Linear": "fc", "Dropout": "drop", "ReLU": "act", "BatchNorm1d": "bn"}.get(type(m).__name__, f"l{i}") + str(i) for i, m in enumerate(layers)]
    made = nn.Sequential(OrderedDict(zip(names, layers)))
    return nn.Sequential(made) if rng.random() < 0.3 else made


def resized(s):
    n = s.rng.choice([1, 2, 4, 37, 1000])
    put(s.net, s.family.head, nn.Linear(any_head(s).in_features, n))
    if hasattr(s.net, "head_dist"):
        s.net.head_dist = nn.Linear(any_head(s).in_features, n)
    s.classes, s.expect, s.containers = n, MUST, STATE + MODULES
    s.say(f"{n} classes")


def nested(s):
    linear = nn.Linear(head(s).in_features, s.classes)
    layers = s.pick([[nn.Dropout(0.3), linear], [linear], [nn.Identity(), nn.Dropout(), linear], [nn.Dropout(), linear, nn.Identity()]])
    put(s.net, s.family.head, nest(layers, s.rng))
    s.expect, s.containers = MUST, STATE + MODULES
    s.say("head in a Sequential")


def ending(s):
    """Linear and Sigmoid (or Softmax): the logit stays the target."""
    linear = head(s)
    last = s.pick([nn.Sigmoid(), nn.Softmax(dim=1), nn.LogSoftmax(dim=1)])
    put(s.net, s.family.head, nn.Sequential(linear, last))
    s.ending = f"{s.family.head}.1"
    s.containers = STATE + MODULES
    s.expect = MUST if isinstance(last, nn.Sigmoid) else EITHER
    s.say(f"{type(last).__name__} behind the head")


def without_bias(s):
    put(s.net, s.family.head, nn.Linear(any_head(s).in_features, s.classes, bias=False))
    s.containers = STATE + MODULES
    s.expect = EITHER if hasattr(s.net, "head_dist") else MUST
    s.say("head without bias")


def renamed(s):
    """The Linear under a name of the user's, behind the network or on it."""
    linear = nn.Linear(head(s).in_features, s.classes, bias=s.rng.random() < 0.8)
    put(s.net, s.family.head, nn.Identity())
    name, body = s.pick(NAMES), s.pick(["backbone", "model", "encoder", "base", "feature_extractor", "net"])
    s.wrap(parts.Chain(**{body: s.net, name: linear}))
    # A matrix without bias may be a cosine classifier.
    s.expect, s.containers = EITHER if linear.bias is None else MUST, STATE + ("whole", "trace")
    s.say(f"{body} and {name}")


def convolution(s):
    """A 1x1 convolution as the head."""
    if s.family.name not in ("resnet", "densenet", "mnasnet") or s.family.spelling != "torchvision":
        raise DoesNotApply
    layers = list(s.net.children()) if s.family.name == "resnet" else None
    width = head(s).in_features
    conv = nn.Conv2d(width, s.classes, 1, bias=s.rng.random() < 0.7)
    body = nn.Sequential(OrderedDict(list(s.net.named_children())[:-2])) if layers else None
    if body is None:
        raise DoesNotApply
    order = s.rng.random() < 0.5
    modules = dict(pool=nn.AdaptiveAvgPool2d(1), classifier=conv) if order else dict(classifier=conv, pool=nn.AdaptiveAvgPool2d(1))
    s.wrap(parts.Chain(backbone=body, **modules, flatten=nn.Flatten()))
    s.containers = STATE + MODULES[:1] + ("trace",)
    s.expect = MUST if order else EITHER
    s.net = body
    s.layer = "layer4.-1"
    s.say("1x1 convolution " + ("behind" if order else "before") + " the pooling")


def unflattened(s):
    """A 1x1 convolution in place of the Linear: nn.Unflatten before, Flatten behind."""
    width = head(s).in_features
    put(s.net, s.family.head, nn.Sequential(nn.Unflatten(1, (width, 1, 1)), nn.Conv2d(width, s.classes, 1), nn.Flatten()))
    s.say("Unflatten, Conv2d 1x1, Flatten")


def two_layers(s):
    width, hidden = head(s).in_features, s.pick([64, 256, 512])
    a, b = nn.Linear(width, hidden), nn.Linear(hidden, s.classes)
    layers = s.pick([[a, nn.ReLU(), nn.Dropout(), b], [a, nn.BatchNorm1d(hidden), nn.ReLU(), b], [nn.Dropout(), a, nn.GELU(), b], [a, b], [a, nn.Tanh(), b],
                     [nn.BatchNorm1d(width), nn.Dropout(), a, nn.ReLU(), nn.BatchNorm1d(hidden), nn.Dropout(), b]])
    put(s.net, s.family.head, nest(layers, s.rng))
    s.containers = STATE + MODULES
    other = next((word for word, kind in (("gelu", nn.GELU), ("tanh", nn.Tanh)) if any(isinstance(m, kind) for m in layers)), None)
    if other is not None and s.rng.random() < 0.5:
        # A state dict does not hold it: the user says it.
        s.containers, s.args["headActivation"] = STATE, other
    elif other is not None:
        s.containers = MODULES
    s.say("head " + ", ".join(type(m).__name__ for m in layers))


def same_width(s):
    """A first layer as wide as the features, so that shapes alone don't tell which is which."""
    width = head(s).in_features
    put(s.net, s.family.head, nn.Identity())
    names = s.pick([("proj", "classifier"), ("embedding", "fc"), ("bottleneck", "head"), ("pre_logits", "out")])
    s.wrap(parts.Chain(backbone=s.net, **{names[0]: nn.Linear(width, width), "act": s.pick([nn.ReLU(), nn.Identity(), nn.Tanh()]), names[1]: nn.Linear(width, s.classes)}))
    s.containers = STATE + ("whole", "trace")
    s.say(f"{names[0]} of {width} before {names[1]}")


def neck(s):
    """A norm between pooling and classifier."""
    width = head(s).in_features
    kind = s.pick(["BatchNorm1d", "LayerNorm"])
    norm = getattr(nn, kind)(width)
    if s.rng.random() < 0.5:
        put(s.net, s.family.head, nest([norm, nn.Dropout(), nn.Linear(width, s.classes)], s.rng))
    else:
        put(s.net, s.family.head, nn.Identity())
        s.wrap(parts.Chain(**{s.pick(["backbone", "base", "model"]): s.net, s.pick(["bn", "neck", "bnneck", "norm", "bottleneck"]): norm, s.pick(["fc", "classifier", "head"]): nn.Linear(width, s.classes, bias=s.rng.random() < 0.5)}))
    s.containers = STATE + ("whole", "trace")
    s.say(f"{kind} before the classifier")


def functional_neck(s):
    """Something without parameters before the classifier, in a file that names modules."""
    width = head(s).in_features
    kind = s.pick(["ReLU", "Tanh", "GELU", "BatchNorm1d", "LayerNorm"])
    made = dict(BatchNorm1d=lambda: nn.BatchNorm1d(width, affine=False), LayerNorm=lambda: nn.LayerNorm(width, elementwise_affine=False)).get(kind, getattr(nn, kind))()
    put(s.net, s.family.head, nn.Sequential(made, nn.Linear(width, s.classes)))
    s.containers = MODULES if kind != "BatchNorm1d" else STATE + MODULES
    s.say(f"{kind} without parameters before the classifier")


def behind(s):
    """The network keeps its own head; a Linear of the user's comes behind it."""
    own = s.pick([1000, s.classes])
    put(s.net, s.family.head, nn.Linear(any_head(s).in_features, own))
    if hasattr(s.net, "head_dist"):
        s.net.head_dist = nn.Linear(any_head(s).in_features, own)
    body, name = s.pick(["backbone", "model", "base"]), s.pick(["fc2", "head", "out", "classifier", "fc"])
    s.wrap(parts.Chain(**{body: s.net, "act": s.pick([nn.Identity(), nn.ReLU(), nn.Dropout()]), name: nn.Linear(own, s.classes)}))
    s.containers = STATE + ("whole", "trace")
    s.say(f"Linear({own}, {s.classes}) as {name} behind the network's own head")


def multi_sample_dropout(s):
    if s.rng.random() < 0.5:
        put(s.net, s.family.head, parts.MultiSampleDropout(head(s).in_features, s.classes))
    else:
        module = parts.MultiSampleDropout(head(s).in_features, s.classes)
        put(s.net, s.family.head, nn.Identity())
        s.wrap(parts.Chain(backbone=s.net, head=module))
    s.expect, s.containers = MUST, STATE
    s.say("multi-sample dropout")


def cosine(s):
    """A classifier of cosines: with a learnt scale, or under a name or a class that says so."""
    width = head(s).in_features
    put(s.net, s.family.head, nn.Identity())
    kind = s.pick(["sigma", "arc"])
    made = parts.CosineLinear(width, s.classes) if kind == "sigma" else parts.ArcMarginProduct(width, s.classes)
    name = s.pick(["arc_margin", "arcface", "metric_fc", "margin", "final"]) if kind == "arc" else s.pick(["fc", "classifier", "cosine"])
    s.wrap(parts.Chain(backbone=s.net, **{name: made}))
    s.containers = STATE + ("whole", "trace") if kind == "sigma" or name != "final" else ("whole", "trace")
    s.say(f"{type(made).__name__} as {name}")


def gem(s):
    """GeM pooling, whose exponent is a parameter or not."""
    plain = s.rng.random() < 0.3
    Pool = parts.FixedGeM if plain else parts.GeM
    if s.family.name == "resnet" and s.family.spelling == "torchvision":
        s.net.avgpool = Pool()
    elif s.family.name in ("resnet", "densenet") and s.family.spelling == "timm":
        s.net.global_pool = Pool(flatten=True)
    elif s.family.name == "vgg" and s.family.spelling == "torchvision":
        raise DoesNotApply
    else:
        raise DoesNotApply
    s.containers = ("whole", "trace") if plain else STATE + ("whole", "trace")
    s.say(Pool.__name__)


def reparametrised(s):
    """weight_norm, spectral_norm or pruning, of the head or of a convolution."""
    kind = s.pick(["weight_norm", "weight_norm_old", "spectral_norm", "spectral_norm_old", "prune", "prune_structured"])
    path = s.family.head if s.rng.random() < 0.5 else pick_path(s, (nn.Conv2d, nn.Linear))
    shape = s.net.get_submodule(path)

    def apply():
        module = shape
        if kind == "weight_norm":
            parametrizations.weight_norm(module)
        elif kind == "weight_norm_old":
            nn.utils.weight_norm(module)
        elif kind == "spectral_norm":
            parametrizations.spectral_norm(module)
        elif kind == "spectral_norm_old":
            nn.utils.spectral_norm(module)
        elif kind == "prune":
            prune.l1_unstructured(module, "weight", 0.3)
        else:
            prune.ln_structured(module, "weight", 0.2, n=2, dim=0)
        # The power iterations go on as in training, so that u and v fit the weight.
        if "spectral" in kind:
            s.root.train()
            with torch.no_grad():
                for _ in range(3):
                    module.weight if kind == "spectral_norm" else [h(module, None) for h in module._forward_pre_hooks.values()]
            s.root.eval()
        if "prune" in kind or "old" in kind:
            with torch.no_grad():
                s.root.eval()(torch.zeros(1, s.channels, *s.size))

    s.later.append(apply)
    s.expect, s.containers = MUST, STATE
    s.say(f"{kind} of {path}")


def orthogonal(s):
    path = s.family.head
    any_head(s)
    s.later.append(lambda: parametrizations.orthogonal(s.net.get_submodule(path)))
    s.say("parametrizations.orthogonal on the head")


CHANGES = {f.__name__: f for f in (resized, nested, ending, without_bias, renamed, convolution, unflattened, two_layers, same_width, neck, functional_neck, behind, multi_sample_dropout, cosine, gem, reparametrised, orthogonal)}
