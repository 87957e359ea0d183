"""Changes of what goes in and what the file says about it: channels, sizes, position embeddings, normalisers, words of a training state."""
from argparse import Namespace

import torch
from torch import nn

from . import parts
from .families import CLIP_QUICK, SIZED
from .subject import EITHER, MODULES, MUST, REFUSE, STATE, DoesNotApply, paths, put


def channels(s):
    """One, or four, channels of input; the first convolution is another."""
    n = s.pick([1, 1, 4])
    path = paths(s.net, nn.Conv2d)[0]
    old = s.net.get_submodule(path)
    if s.family.spelling == "huggingface":
        s.net = s.wrap(s.family.make(s.classes, n, s.size))
    else:
        put(s.net, path, nn.Conv2d(n, old.out_channels, old.kernel_size, old.stride, old.padding, bias=old.bias is not None))
    s.channels = n
    s.expect = MUST if n == 1 else REFUSE
    if hasattr(s.net, "patch_embed") and hasattr(s.net.patch_embed, "in_chans"):
        s.net.patch_embed.in_chans = n
    s.containers = STATE if s.family.state_only else STATE + MODULES
    s.say(f"{n} channels")


def stem_bias(s):
    """A first convolution for grey pictures that has a bias, as nn.Conv2d has by default."""
    path = paths(s.net, nn.Conv2d)[0]
    old = s.net.get_submodule(path)
    # transformers' networks compare the picture's channels with their configuration.
    if old.bias is not None or s.family.spelling == "huggingface":
        raise DoesNotApply
    put(s.net, path, nn.Conv2d(1, old.out_channels, old.kernel_size, old.stride, old.padding))
    s.channels, s.expect, s.containers = 1, MUST if s.family.name != "vgg" else EITHER, STATE + MODULES
    s.say("1 channel, with bias")


def stem_size(s):
    """A stem for small pictures: a 3x3 convolution of stride 1, no max pooling (CIFAR)."""
    if s.family.name not in ("resnet", "densenet") or s.family.spelling != "torchvision":
        raise DoesNotApply
    if s.family.name == "resnet":
        s.net.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        s.net.maxpool = nn.Identity()
    else:
        s.net.features.conv0 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
        s.net.features.pool0 = nn.Identity()
    s.containers, s.size = STATE + MODULES, (32, 32)
    if s.rng.random() < 0.5:
        s.args["arch"] = s.family.arch
    s.say("CIFAR's stem")


# These are made for one side.
SQUARE = (("vit", "torchvision"), ("clip", "huggingface"), ("siglip", "huggingface"))


def other_size(s):
    """A token model trained at another size, square or not, or any size of a convolutional one."""
    if s.family.name in ("vit", "deit3", "dinov2", "clip", "siglip", "beit"):
        patch = 14 if s.family.name == "dinov2" else 32 if s.family.arch == CLIP_QUICK else 16
        side = lambda: patch * s.rng.randrange(3, 9)
        h, w = side(), side()
        if (s.family.name, s.family.spelling) in SQUARE or s.rng.random() < 0.4:
            w = h
        s.size = (h, w)
        s.net = s.wrap(s.family.make(s.classes, s.channels, s.size))
        # The original DINOv2 has positions for 518 pixels whatever its pictures are.
        if h == w and s.rng.random() < 0.5 and s.family.spelling != "original":
            s.args["size"] = None
    elif s.family.name in ("swin", "swin_v2") and s.family.state_only or s.family.name == "vgg" and s.family.spelling == "timm":
        raise DoesNotApply
    else:
        s.size = (s.rng.randrange(64, 130), s.rng.randrange(64, 130))
        if s.family.name == "swin":
            s.size = tuple(32 * s.rng.randrange(2, 5) for _ in range(2))
            s.net = s.wrap(s.family.make(s.classes, s.channels, s.size))
    s.expect = MUST
    s.say(f"{s.size[0]}x{s.size[1]}")


def tokens(s):
    """timm's other tokens: registers, no class token's position, no class token."""
    if s.family.name != "vit" or s.family.spelling != "timm" or s.family.arch.startswith("deit"):
        raise DoesNotApply
    import timm

    how = s.pick([dict(no_embed_class=True), dict(reg_tokens=4), dict(reg_tokens=4, no_embed_class=True), dict(class_token=False, global_pool="avg"), dict(pos_embed="none"), dict(class_token=False, no_embed_class=True, global_pool="avg")])
    if s.rng.random() < 0.4:
        s.size = (s.pick([64, 96]), s.pick([80, 128]))
    s.net = s.wrap(timm.create_model(s.family.arch, num_classes=s.classes, img_size=s.size, **how))
    s.containers = STATE + MODULES
    s.say(f"timm with {how} at {s.size}")


def representation(s):
    """torchvision's ViT with a layer before the head."""
    if s.family.name != "vit" or s.family.spelling != "torchvision":
        raise DoesNotApply
    from torchvision.models.vision_transformer import VisionTransformer

    s.net = s.wrap(VisionTransformer(s.size[0], 16, 12, 3, 192, 768, num_classes=s.classes, representation_size=s.pick([192, 64])))
    s.containers = STATE + MODULES
    s.say("representation_size")


def normaliser(s):
    """A normaliser in the network; the picture that it is given is not normalised."""
    if s.family.state_only or s.channels != 3:
        raise DoesNotApply
    mean, std = s.pick([([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]), ([0.5] * 3, [0.25] * 3), ([0.1, 0.2, 0.3], [0.9, 0.8, 0.7])])
    names = s.pick([("mean", "std"), ("mu", "sigma"), ("pixel_mean", "pixel_std"), ("new_mean", "new_std")])
    inner = s.net
    s.wrap(parts.Normalised(inner, mean, std, names))
    s.settings = dict(mean=mean, std=std)
    # What is compared is fed behind the normaliser, so the truth is the inner network's.
    s.inner = inner
    s.say(f"buffers {names}")


def timm_words(s):
    """The arguments of timm's training script in a training state: statistics, size, pooling."""
    if s.family.spelling != "timm" or s.family.state_only or s.family.arch.startswith("deit"):
        raise DoesNotApply
    import timm

    mean, std = [0.4, 0.5, 0.6], [0.3, 0.25, 0.2]
    gp = s.pick([None, None, "max", "avg"]) if s.family.name in ("resnet", "densenet") else None
    where = dict(img_size=s.size) if s.family.name in SIZED else {}
    s.net = s.wrap(timm.create_model(s.family.arch, num_classes=s.classes, **({"global_pool": gp} if gp else {}), **where))
    args = Namespace(model=s.family.arch, gp=gp, num_classes=s.classes, img_size=s.size[0], input_size=None, mean=mean, std=std, crop_pct=0.9, interpolation="bicubic", in_chans=3)
    s.payload = lambda state: {"epoch": 3, "arch": s.family.arch, "state_dict": state, "version": 2, "args": args}
    s.containers, s.settings = STATE[:2], dict(mean=mean, std=std)
    s.expect = EITHER if gp == "max" else MUST
    s.say(f"args.gp {gp}")


def words(s):
    """A training state's own words about statistics."""
    mean, std = [0.4, 0.5, 0.6], [0.3, 0.25, 0.2]
    around = s.pick([lambda st: {"state_dict": st, "mean": mean, "std": std, "img_size": s.size[0]}, lambda st: {"model": st, "config": {"mean": mean, "std": std}, "class_names": [f"c{i}" for i in range(s.classes)]},
                     lambda st: {"state_dict": st, "hyper_parameters": {"mean": mean, "std": std}}, lambda st: {"net": st, "mean": torch.tensor(mean), "std": torch.tensor(std)}])
    s.payload, s.containers, s.settings, s.expect = around, STATE[:2], dict(mean=mean, std=std), MUST
    s.say("mean and std in the state")



def contradicting(s):
    """A training state that names another network than its keys are."""
    if s.family.name != "resnet" or s.family.arch not in ("resnet18", "resnet50") or s.family.spelling != "torchvision":
        raise DoesNotApply
    s.net.maxpool = nn.Identity()
    name = s.pick(["wideresnet18", "resnet18_cifar", "preact_resnet18", "resnet18_nopool"] if s.family.arch == "resnet18" else ["wideresnet50", "resnet50_cifar", "resnet50_s8"])
    s.payload = s.pick([lambda st: {"arch": name, "state_dict": st}, lambda st: {"args": Namespace(model=name), "model": st}, lambda st: {"model_name": name, "state_dict": st}, lambda st: {"state_dict": st, "hyper_parameters": {"arch": name}}])
    s.containers = STATE[:2]
    s.say(f"{name}: no max pooling")


def xray(s):
    """torchxrayvision's networks: one channel, 18 outputs, thresholds beside, pixels of -1024 to 1024."""
    nets = dict(densenet=("densenet121", ""), resnet=("resnet50", "model."))
    if nets.get(s.family.name, ("",))[0] != s.family.arch or s.family.spelling != "torchvision":
        raise DoesNotApply
    s.classes = 18
    if s.family.name == "densenet":
        s.net.features.conv0 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    else:
        s.net.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    s.channels = 1
    under = nets[s.family.name][1]
    s.keys.append(lambda state: {**{f"{under}{k}": v for k, v in state.items()}, "op_threshs": torch.rand(18)})
    s.settings, s.expect = dict(mean=[0.5], std=[0.5 / 1024]), MUST
    s.say("torchxrayvision")


CHANGES = {f.__name__: f for f in (channels, stem_bias, stem_size, other_size, tokens, representation, normaliser, timm_words, words, contradicting, xray)}
