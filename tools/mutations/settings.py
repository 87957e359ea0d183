"""Changes that only a file of modules shows: a stride, an activation, a pooling, a module that is gone."""
import torch
from torch import nn

from . import parts
from .families import SIZED
from .subject import EITHER, MODULES, MUST, STATE, DoesNotApply, is_called, paths, pick_path, put

ACTIVATIONS = [lambda: nn.LeakyReLU(0.2), nn.SiLU, nn.ELU, nn.ReLU6, nn.Hardswish, nn.Softplus, nn.Tanh, nn.Mish, nn.SELU, nn.Identity, lambda: nn.GELU("tanh"), nn.GELU, nn.ReLU]


def modules_only(s):
    if s.family.state_only:
        raise DoesNotApply
    s.containers = MODULES


def conv_setting(s):
    """One convolution's stride, dilation or padding mode."""
    modules_only(s)
    kind = s.pick(["stride", "dilation", "padding_mode", "padding"])
    if kind == "stride":
        path = pick_path(s, nn.Conv2d, lambda p, m: m.stride == (2, 2) and m.kernel_size != (1, 1) and s.family.layout == "nchw" and "downsample" not in p and s.family.spelling != "huggingface")
        conv = s.net.get_submodule(path)
        conv.stride = (1, 1)
        block = path.rpartition(".")[0]
        for other in paths(s.net, (nn.Conv2d, nn.AvgPool2d), lambda p, m: p.startswith(f"{block}.downsample")):
            s.net.get_submodule(other).stride = (1, 1)
    elif kind == "dilation":
        path = pick_path(s, nn.Conv2d, lambda p, m: m.kernel_size == (3, 3) and m.padding == (1, 1))
        conv = s.net.get_submodule(path)
        conv.dilation, conv.padding = (2, 2), (2, 2)
    elif kind == "padding_mode":
        mode = s.pick(["circular", "reflect", "replicate"])
        path = pick_path(s, nn.Conv2d, lambda p, m: m.padding != (0, 0))
        old = s.net.get_submodule(path)
        put(s.net, path, nn.Conv2d(old.in_channels, old.out_channels, old.kernel_size, old.stride, old.padding, old.dilation, old.groups, old.bias is not None, mode))
        kind = f"padding_mode {mode}"
    else:
        path = pick_path(s, nn.Conv2d, lambda p, m: m.kernel_size in ((7, 7), (3, 3)) and m.stride == (2, 2) and "." not in p)
        s.net.get_submodule(path).padding = (1, 1) if s.net.get_submodule(path).padding == (3, 3) else (2, 2)
    s.say(f"{kind} of {path}")


def eps(s):
    modules_only(s)
    kinds = (nn.BatchNorm2d, nn.LayerNorm)
    chosen = paths(s.net, kinds) if s.rng.random() < 0.6 else [pick_path(s, kinds)]
    value = s.pick([1e-3, 1e-2, 0.05])
    for path in chosen:
        s.net.get_submodule(path).eps = value
    s.say(f"eps {value} of {chosen[0] if len(chosen) == 1 else 'all norms'}")


def harmless(s):
    """Settings that don't matter at inference."""
    modules_only(s)
    kind = s.pick(["momentum", "dropout", "inplace", "syncbn", "attribute"])
    for m in s.net.modules():
        if isinstance(m, nn.BatchNorm2d) and kind == "momentum":
            m.momentum = 0.01
        if isinstance(m, nn.Dropout) and kind == "dropout":
            m.p = 0.7
        if hasattr(m, "inplace") and kind == "inplace":
            m.inplace = False
    if kind == "syncbn":
        s.net = s.wrap(nn.SyncBatchNorm.convert_sync_batchnorm(s.net))
        s.containers = STATE + ("whole",)
    if kind == "attribute":
        s.net.class_names, s.containers = [f"c{i}" for i in range(s.classes)], ("whole",)
    s.expect = MUST
    s.say(f"harmless: {kind}")


def activation(s):
    modules_only(s)
    found = paths(s.net, (nn.ReLU, nn.GELU, nn.ReLU6, nn.SiLU))
    if not found:
        raise DoesNotApply
    chosen = found if s.rng.random() < 0.5 else [s.pick(found)]
    made = s.pick(ACTIVATIONS)
    if repr(made()) == repr(s.net.get_submodule(chosen[0])):
        raise DoesNotApply
    for path in chosen:
        put(s.net, path, made())
    s.say(f"{made()!r} for {chosen[0] if len(chosen) == 1 else 'all activations'}")


def pooling(s):
    """A pooling of another kind, or of another size."""
    modules_only(s)
    path = pick_path(s, (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d))
    old = s.net.get_submodule(path)
    if isinstance(old, nn.AdaptiveAvgPool2d):
        made = s.pick([nn.AdaptiveMaxPool2d(old.output_size), parts.GeM()] if old.output_size in (1, (1, 1)) else [nn.AdaptiveMaxPool2d(old.output_size)])
    elif isinstance(old, nn.AvgPool2d):
        made = nn.MaxPool2d(2, 2)
    else:
        k, st = old.kernel_size, old.stride
        made = s.pick([nn.AvgPool2d(k, st, old.padding), nn.MaxPool2d(2, 2), nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.MaxPool2d(3, 2, 0), nn.MaxPool2d(3, 1, 1), nn.AvgPool2d(k, st, old.padding, count_include_pad=False), nn.Identity()])
        if repr(made) == repr(old):
            raise DoesNotApply
    put(s.net, path, made)
    s.say(f"{made!r} at {path}")


def global_pool(s):
    """timm's global_pool, output_stride and the like."""
    import timm

    if s.family.spelling != "timm" or s.family.state_only:
        raise DoesNotApply
    name = {"xception": "legacy_xception"}.get(s.family.arch, s.family.arch)
    sized = dict(img_size=s.size) if s.family.name in SIZED else {}
    ways = dict(
        resnet=[dict(global_pool="max"), dict(global_pool="avgmax"), dict(global_pool="catavgmax"), dict(output_stride=16), dict(act_layer="silu"), dict(replace_stem_pool=True), dict(avg_down=True), dict(stem_type="deep"), dict(block_args=dict(attn_layer="se")), dict(block_args=dict(attn_layer="eca")), dict(norm_layer="groupnorm"), dict(aa_layer="blurpool"), dict(zero_init_last=True)],
        densenet=[dict(global_pool="max"), dict(global_pool="avgmax"), dict(act_layer="silu"), dict(aa_layer="blurpool"), dict(stem_type="deep")],
        vgg=[dict(global_pool="max"), dict(act_layer="gelu"), dict(mlp_ratio=0.5)],
        inception=[dict(global_pool="max"), dict(global_pool="catavgmax"), dict(act_layer="silu"), dict(norm_eps=1e-5)],
        xception=[dict(global_pool="max"), dict(global_pool="catavgmax")],
        vit=[dict(global_pool="avg"), dict(global_pool="avg", fc_norm=False), dict(global_pool="map"), dict(class_token=False, global_pool="avg"), dict(act_layer="relu"), dict(norm_layer="rmsnorm"), dict(num_heads=6), dict(final_norm=False), dict(dynamic_img_size=True), dict(global_pool="max"), dict(global_pool="avgmax")],
        beit=[dict(global_pool="token"), dict(global_pool="max"), dict(global_pool="avgmax"), dict(use_fc_norm=False), dict(num_heads=6), dict(qkv_bias=False), dict(use_rel_pos_bias=False), dict(use_shared_rel_pos_bias=True), dict(use_abs_pos_emb=True), dict(swiglu_mlp=True), dict(scale_mlp=True), dict(mlp_ratio=2.0), dict(norm_layer=nn.Identity)],
        swin=[dict(global_pool="max"), dict(window_size=4), dict(num_heads=(3, 6, 12, 12)), dict(act_layer="relu"), dict(always_partition=True), dict(strict_img_size=False)],
        swin_v2=[dict(global_pool="max"), dict(window_size=4), dict(window_size=16), dict(pretrained_window_sizes=(6, 6, 6, 6)), dict(num_heads=(3, 6, 12, 12)), dict(act_layer="relu"), dict(always_partition=True), dict(strict_img_size=False)],
        efficientnet=[dict(global_pool="max"), dict(global_pool="avgmax"), dict(output_stride=16), dict(act_layer="relu"), dict(bn_eps=1e-3), dict(pad_type="same"), dict(se_layer="eca"), dict(aa_layer="blurpool"), dict(fix_stem=True)],
        mobilenet=[dict(global_pool="max"), dict(global_pool="avgmax"), dict(output_stride=16), dict(act_layer="relu"), dict(bn_eps=1e-3), dict(pad_type="same"), dict(se_layer="eca"), dict(head_bias=False), dict(head_norm=True)],
        convnext=[dict(global_pool="max"), dict(global_pool="avgmax"), dict(output_stride=16), dict(act_layer="relu"), dict(norm_eps=1e-5), dict(head_norm_first=True), dict(conv_mlp=True), dict(use_grn=False), dict(head_hidden_size=32), dict(kernel_sizes=5), dict(stem_type="overlap")],
        pvt_v2=[dict(global_pool="max"), dict(linear=True), dict(sr_ratios=(4, 4, 2, 1)), dict(num_heads=(1, 2, 5, 4)), dict(qkv_bias=False)],
    )
    if (name_of_ways := dict.fromkeys(("dinov2", "deit3", "clip", "siglip"), "vit").get(s.family.name, s.family.name)) not in ways:
        raise DoesNotApply
    how = s.pick(ways[name_of_ways])
    name = dict(mobilenet_v3_small="mobilenetv3_small_100").get(name, name)
    if name.startswith("deit"):
        raise DoesNotApply
    try:
        s.net = s.wrap(timm.create_model(name, num_classes=s.classes, **{**sized, **how}))
    except (TypeError, AssertionError, RuntimeError, ValueError, KeyError) as error:
        raise DoesNotApply from error
    new_keys = any(k in how for k in ("stem_type", "block_args", "linear", "norm_layer", "avg_down", "aa_layer", "se_layer", "head_bias", "head_norm", "head_norm_first", "use_grn", "head_hidden_size", "kernel_sizes", "use_fc_norm", "qkv_bias", "use_rel_pos_bias", "use_shared_rel_pos_bias", "use_abs_pos_emb", "swiglu_mlp", "scale_mlp")) or how.get("global_pool") in ("catavgmax", "map") or how in (dict(global_pool="avg"), dict(global_pool="max"), dict(global_pool="avgmax")) and name_of_ways in ("vit", "beit")
    harmless = "zero_init_last" in how or "dynamic_img_size" in how or "strict_img_size" in how
    s.containers = STATE + MODULES if new_keys or harmless else MODULES
    s.expect = MUST if "zero_init_last" in how else EITHER
    s.say(f"timm with {how}")


def identity(s):
    """A module is gone: Identity in its place, so that keys are gone too, or only the module where it had none."""
    kinds = (nn.BatchNorm2d, nn.LayerNorm, nn.ReLU, nn.GELU, nn.MaxPool2d, nn.Conv2d, nn.Linear)

    def fits(path, m):
        if path == s.family.head or "head_dist" in path or not is_called(s, path):
            return False
        if isinstance(m, nn.Conv2d):
            return m.in_channels == m.out_channels and m.stride == (1, 1) and m.groups in (1, m.in_channels)
        return not isinstance(m, nn.Linear) or m.in_features == m.out_features

    path = pick_path(s, kinds, fits)
    old = s.net.get_submodule(path)
    put(s.net, path, nn.Identity())
    bare = not list(old.parameters())
    if s.family.state_only and bare:
        raise DoesNotApply
    s.containers = MODULES if bare else STATE + MODULES
    if s.rng.random() < 0.3:
        s.args["arch"] = s.family.arch
    s.say(f"Identity for {type(old).__name__} at {path}")


def block_gone(s):
    """A whole block as Identity, or cut off the end of a stage."""
    stages = [p for p in paths(s.net, (nn.Sequential, nn.ModuleList)) if len(s.net.get_submodule(p)) > 1 and all(n.isdigit() for n, _ in s.net.get_submodule(p).named_children()) and "downsample" not in p and s.family.name not in ("vgg", "densenet")]
    if not stages:
        raise DoesNotApply
    path = s.pick(stages)
    stage = s.net.get_submodule(path)
    if s.rng.random() < 0.5 and isinstance(stage, nn.Sequential):
        stage[len(stage) - 1] = nn.Identity()
    else:
        del stage[len(stage) - 1]
    try:
        with torch.no_grad():
            s.net.eval()(torch.zeros(1, s.channels, *s.size))
    except (RuntimeError, IndexError) as error:  # what comes behind it needs it, or names it by its place
        raise DoesNotApply from error
    s.containers = STATE + MODULES
    if s.rng.random() < 0.5:
        s.args["arch"] = s.family.arch
    s.say(f"last of {path} gone")


def norm_kind(s):
    """Norms of another kind under the same names: no running statistics, no affine, groups, frozen."""
    if s.family.layout != "nchw" or s.family.state_only or s.family.name == "pvt_v2":
        raise DoesNotApply
    kind = s.pick(["no_stats", "no_affine", "group", "instance", "frozen"])
    found = paths(s.net, nn.BatchNorm2d)
    if not found:
        raise DoesNotApply
    chosen = found if kind == "frozen" or s.rng.random() < 0.6 else [s.pick(found)]
    from torchvision.ops import FrozenBatchNorm2d

    for path in chosen:
        old = s.net.get_submodule(path)
        c = old.num_features
        made = dict(no_stats=lambda: nn.BatchNorm2d(c, track_running_stats=False), no_affine=lambda: nn.BatchNorm2d(c, affine=False), group=lambda: nn.GroupNorm(2, c),
                    instance=lambda: nn.InstanceNorm2d(c, affine=True), frozen=lambda: FrozenBatchNorm2d(c))[kind]()
        put(s.net, path, made)
    s.containers = STATE + MODULES
    if kind == "frozen":
        for path in chosen:
            frozen = s.net.get_submodule(path)
            s.later.append(lambda f=frozen: (f.weight.uniform_(0.6, 1.4), f.bias.normal_(0, 0.2), f.running_mean.normal_(0, 0.2), f.running_var.uniform_(0.5, 1.5)))
        s.expect, s.containers = MUST, STATE
    s.say(f"{kind} for {chosen[0] if len(chosen) == 1 else 'all norms'}")


def attention_setting(s):
    """Attributes of attention that keys don't tell: heads, scale, windows, shift."""
    modules_only(s)
    kind = s.pick(["num_heads", "scale", "shift", "window"])
    if kind == "num_heads" and s.family.name == "vit" and s.family.spelling == "timm":
        for m in s.net.modules():
            if hasattr(m, "num_heads") and hasattr(m, "qkv"):
                m.num_heads, m.head_dim = 6, 32
    elif kind == "scale":
        found = [m for m in s.net.modules() if isinstance(getattr(m, "scale", None), float)]
        if not found:
            raise DoesNotApply
        for m in found:
            m.scale = m.scale * 1.5
            if hasattr(m, "fused_attn"):
                m.fused_attn = False
    elif kind == "shift" and s.family.name == "swin" and s.family.spelling == "torchvision":
        for m in s.net.modules():
            if hasattr(m, "shift_size"):
                m.shift_size = [0, 0]
    else:
        raise DoesNotApply
    s.say(f"attention: {kind}")


def other_conv(s):
    """A convolution of another class with a Conv2d's keys, or another grouping of one shape."""
    modules_only(s)
    path = pick_path(s, nn.Conv2d, lambda p, m: m.groups == 1 and m.kernel_size != (1, 1) and m.padding_mode == "zeros")
    old = s.net.get_submodule(path)
    put(s.net, path, parts.WSConv2d(old.in_channels, old.out_channels, old.kernel_size, old.stride, old.padding, old.dilation, old.groups, old.bias is not None))
    s.containers = ("whole", "trace")
    s.say(f"WSConv2d at {path}")


CHANGES = {f.__name__: f for f in (conv_setting, eps, harmless, activation, pooling, global_pool, identity, block_gone, norm_kind, attention_setting, other_conv)}
