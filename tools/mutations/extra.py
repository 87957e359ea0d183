"""Changes that add a module: beside the stages, inside a block, as another block, before or behind the head."""
import copy

import torch
from torch import nn

from . import parts
from .families import SIZED
from .heads import head as only_head
from .reference import layer_at
from .subject import EITHER, MODULES, MUST, REFUSE, STATE, DoesNotApply, insert_after, is_called, paths, pick_path, put

ATTENTION = dict(cbam=parts.CBAM, se=parts.SE, eca=parts.ECA, ca=parts.ChannelAttention)
PLAIN = dict(
    conv=lambda c: nn.Conv2d(c, c, 3, padding=1),
    pointwise=lambda c: nn.Conv2d(c, c, 1, bias=False),
    bn=nn.BatchNorm2d,
    gn=lambda c: nn.GroupNorm(4, c),
    scale=parts.Scale,
    adapter=parts.Adapter,
    convbn=lambda c: nn.Sequential(nn.Conv2d(c, c, 1, bias=False), nn.BatchNorm2d(c), nn.ReLU()),
)


def output_shape(s, path):
    kept = []
    module = s.net.get_submodule(path)
    hook = module.register_forward_hook(lambda m, i, o: kept.append((o[0] if isinstance(o, tuple) else o).shape))
    with torch.no_grad():
        s.net.eval()(torch.zeros(1, s.channels, *s.size))
    hook.remove()
    return kept[0]


def channels_of(s, path, layout):
    return output_shape(s, path)[1 if layout == "nchw" else -1]


def in_layout(module, layout, y):
    if layout == "nchw":
        return module(y)
    if layout == "nhwc":
        return module(y.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    return module(y.transpose(1, 2)[..., None])[..., 0].transpose(1, 2)


def behind(s, path, module, layout):
    """Runs the module on what the module at `path` gives, as a forward that the user changed does; no key is renamed."""
    def hook(_, __, y):
        if isinstance(y, tuple):
            return (in_layout(module, layout, y[0]), *y[1:])
        return in_layout(module, layout, y)
    s.net.get_submodule(path).register_forward_hook(hook)
    s.containers = STATE + ("trace",)


def beside(s, table):
    kind = s.pick(table)
    path = s.pick(s.family.stages)
    layout = s.family.layout
    module = table[kind](channels_of(s, path, layout))
    name = s.pick([kind, f"{kind}1", f"{kind}_module", "attention", "attn1", "neck", "extra"])
    if hasattr(s.net, name):
        raise DoesNotApply
    s.net.add_module(name, module)
    behind(s, path, module, layout)
    s.say(f"{kind} as {name} behind {path}")


def attention_beside(s):
    beside(s, ATTENTION)


def module_beside(s):
    beside(s, PLAIN)


def inside_block(s):
    """A module inside a random convolution's or norm's block."""
    kinds = (nn.BatchNorm2d,) if s.family.layout == "nchw" else (nn.LayerNorm,)
    path = pick_path(s, kinds, lambda p, m: "." in p)
    parent = s.net.get_submodule(path.rpartition(".")[0])
    if isinstance(parent, (nn.Sequential, nn.ModuleList)):
        raise DoesNotApply
    shape = output_shape(s, path)
    layout = {4: "nchw" if s.family.layout == "nchw" else "nhwc", 3: "tokens"}[len(shape)]
    kind = s.pick(ATTENTION | PLAIN)
    module = (ATTENTION | PLAIN)[kind](shape[1 if layout == "nchw" else -1])
    parent.add_module(kind, module)
    behind(s, path, module, layout)
    s.say(f"{kind} behind {path}")


def in_sequential(s):
    """A module put into one of the network's own Sequentials, which anyone sees in a file of modules too."""
    if s.family.state_only or s.family.layout == "tokens":
        raise DoesNotApply
    table = ATTENTION | PLAIN | dict(simam=parts.ParameterFree)
    kind, path = s.pick(table), s.pick(s.family.stages)
    stage = s.net.get_submodule(path)
    module = table[kind](channels_of(s, path, s.family.layout))
    if s.family.layout == "nhwc":
        module = parts.ChannelsLast(module)
    parent, _, name = path.rpartition(".")
    explained = layer_at(s.net, s.layer)
    if isinstance(stage, nn.Sequential):
        insert_after(stage, list(stage._modules)[-1], str(len(stage)), module)
    elif isinstance(s.net.get_submodule(parent), nn.Sequential):
        insert_after(s.net.get_submodule(parent), name, f"att{name}", module)
    else:
        raise DoesNotApply
    if not s.layer.endswith("-1"):  # else the network's own rule: the last module, whichever it is
        s.layer = next(p for p, m in s.net.named_modules() if m is explained)
    # Without parameters nothing of it stands in a state dict.
    s.containers = MODULES if kind == "simam" else STATE + MODULES
    s.say(f"{kind} in the Sequential at {path}")


def deeper(s):
    """One block more in a stage, of the stage's own kind."""
    stages = [p for p in s.family.stages if isinstance(s.net.get_submodule(p), nn.Sequential)] or [""]
    stage = s.net.get_submodule(s.pick(stages)) if stages != [""] else getattr(s.net, "blocks", None)
    if not isinstance(stage, nn.Sequential) or s.family.name in ("densenet", "vgg", "mnasnet", "squeezenet", "alexnet", "efficientnet", "mobilenet"):
        raise DoesNotApply
    stage.append(copy.deepcopy(stage[-1]))
    s.containers = STATE + MODULES
    if s.rng.random() < 0.5:
        s.args["arch"] = s.family.arch
    s.say("a stage has one block more")


def deeper_network(s):
    """A network of the list that is deeper, read by the name of a shallower one."""
    import timm, torchvision

    names = dict(squeezenet1_1="squeezenet1_0", shufflenet_v2_x0_5="shufflenet_v2_x1_0", resnet18="resnet34", resnet34="resnet18", resnet50="resnet101", densenet121="densenet169", vgg11="vgg13", pvt_v2_b0="pvt_v2_b1",
                 vgg11_bn="vgg13_bn", mnasnet0_5="mnasnet0_75", resnext50_32x4d="resnet50", vit_tiny_patch16_224="vit_small_patch16_224", swin_tiny_patch4_window7_224="swin_small_patch4_window7_224")
    other = names.get(s.family.arch)
    if other is None or s.family.state_only or s.family.name == "vgg" and s.family.spelling == "timm":
        raise DoesNotApply
    if s.family.spelling == "timm":
        where = dict(img_size=s.size) if s.family.name in SIZED else {}
        s.net = timm.create_model(other, num_classes=s.classes, **where)
    else:
        if not hasattr(torchvision.models, other):
            raise DoesNotApply
        s.net = getattr(torchvision.models, other)(num_classes=s.classes)
    s.wrap(s.net)
    s.args["arch"] = s.family.arch
    s.say(f"{other} read as {s.family.arch}")


def conv_bias(s):
    """Convolutions before a BatchNorm, or the first one, with a bias."""
    convs = paths(s.net, nn.Conv2d, lambda p, m: m.bias is None)
    if not convs:
        raise DoesNotApply
    chosen = convs if s.rng.random() < 0.5 else [s.pick(convs)]
    for path in chosen:
        conv = s.net.get_submodule(path)
        conv.bias = nn.Parameter(torch.zeros(conv.out_channels))
    # In a densenet most convolutions have no norm of their own behind them; a shortcut's bias may be MONAI's ResNet.
    s.expect = MUST if s.family.name in ("resnet", "mnasnet") and not any("downsample" in p for p in chosen) else EITHER
    s.containers = STATE + MODULES
    s.say("biases: " + (chosen[0] if len(chosen) == 1 else "all"))


def prelu(s):
    path = pick_path(s, (nn.ReLU, nn.GELU))
    put(s.net, path, nn.PReLU())
    s.containers = STATE + MODULES
    s.say(f"PReLU at {path}")


def layer_scale(s):
    """timm's LayerScale, or a query and key norm, in a block."""
    if s.family.name != "vit" or s.family.spelling != "timm":
        raise DoesNotApply
    import timm

    how = s.pick([dict(init_values=0.5), dict(qk_norm=True), dict(proj_bias=False), dict(scale_mlp_norm=True), dict(scale_attn_norm=True), dict(qkv_bias=False), dict(pre_norm=True)])
    s.net = s.wrap(timm.create_model(s.family.arch, num_classes=s.classes, img_size=s.size, **how))
    s.containers = STATE + MODULES
    s.say(f"timm with {how}")


def lora(s):
    path = pick_path(s, nn.Linear, lambda p, m: is_called(s, p) and ("qkv" in p or "q_proj" in p or p.endswith(".q") or p == s.family.head))
    put(s.net, path, parts.Lora(s.net.get_submodule(path)))
    s.say(f"LoRA at {path}")


def ensemble(s):
    """Two whole networks whose logits are averaged: not a copy that is kept beside."""
    other = s.family.make(s.classes, s.channels, s.size)
    a, b = s.net, other
    names = s.pick([("model1", "model2"), ("net_a", "net_b"), ("models.0", "models.1")])
    s.wrap(parts.ListMean([a, b]) if names[0] == "models.0" else parts.Mean(**dict(zip(names, (a, b)))))
    s.expect = REFUSE
    s.say(f"mean of {names[0]} and {names[1]}")


def joined(s):
    """Two backbones whose features go into one Linear. transformers' networks give more than features."""
    if s.family.state_only or s.family.spelling == "huggingface":
        raise DoesNotApply
    head = only_head(s)
    other = s.family.make(s.classes, s.channels, s.size)
    for net in (s.net, other):
        put(net, s.family.head, nn.Identity())
    s.wrap(parts.Joined(s.net, other, nn.Linear(2 * head.in_features, s.classes)))
    s.expect = REFUSE
    s.say("two backbones joined")


def two_tasks(s):
    head = only_head(s)
    put(s.net, s.family.head, nn.Identity())
    names = s.pick([("fc_age", "fc_sex"), ("head1", "head2"), ("classifier_a", "classifier_b")])
    first, second = nn.Linear(head.in_features, s.pick([1, s.classes])), nn.Linear(head.in_features, s.classes)
    s.wrap(parts.Heads(s.net, first, second, names))
    s.expect = REFUSE
    s.say(f"two heads {names}, the second is asked about")


def temperature(s):
    name = s.pick(["temperature", "scale", "logit_scale", "T"])
    s.wrap(parts.ScaledLogits(s.net, name))
    s.say(f"logits over a learnt {name}")


def fake_quant(s):
    """Quantisation-aware training: observers beside the weights, rounding in the network."""
    if s.family.name != "resnet" or s.family.spelling != "torchvision" or s.family.arch != "resnet18":
        raise DoesNotApply
    from torch.ao import quantization as q

    s.net.train()
    s.net.qconfig = q.get_default_qat_qconfig("fbgemm")
    q.prepare_qat(s.net, inplace=True)
    s.net.train()
    for _ in range(2):
        s.net(torch.randn(2, s.channels, *s.size))
    s.net.eval()
    s.say("quantisation-aware training")


CHANGES = {f.__name__: f for f in (attention_beside, module_beside, inside_block, in_sequential, deeper, deeper_network, conv_bias, prelu, layer_scale, lora, ensemble, joined, two_tasks, temperature, fake_quant)}
