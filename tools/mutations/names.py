"""Unchanged networks, and known networks under other names: wrappers, prefixes, copies, aliases, buffers beside, element types."""
import re

import torch
from torch import nn

from . import parts
from .heads import any_head
from .subject import EITHER, EMBEDDING, MODULES, MUST, STATE, DoesNotApply, put

PREFIXES = ("model", "net", "backbone", "encoder", "module.model", "model.backbone", "net.0", "student", "base_model", "cnn", "feature_extractor.model", "timm_model", "_model", "vision_model.net")


def prefixed(prefix):
    return lambda state: {f"{prefix}{k}": v for k, v in state.items()}


def unchanged(s):
    s.expect, s.containers = MUST, STATE if s.family.state_only else STATE + MODULES


def prefix(s):
    p = s.pick(PREFIXES)
    s.keys.append(prefixed(f"{p}."))
    s.expect = MUST
    s.say(f"under {p}.")


def parallel(s):
    """DataParallel, whole or by its keys; torch.compile's and AveragedModel's names."""
    kind = s.pick(["whole", "module.", "_orig_mod.", "module._orig_mod.", "averaged"])
    if kind == "whole" and not s.family.state_only:
        s.wrap(nn.DataParallel(s.net))
        s.containers = ("whole",)
    elif kind == "averaged":
        def average():
            s.root = torch.optim.swa_utils.AveragedModel(s.net)
            s.net = s.root.module
        s.later.append(average)
        s.containers = STATE
        if s.family.state_only:
            raise DoesNotApply
    else:
        s.keys.append(prefixed(kind if kind != "whole" else "module."))
    s.expect = MUST
    s.say(kind)


def holder(s):
    """A class of the user's that holds the network."""
    if s.family.state_only:
        raise DoesNotApply
    name = s.pick(["model", "net", "backbone", "densenet121", "resnet", "vit", "base"])
    s.wrap(parts.Holder(name, s.net))
    s.containers, s.expect = STATE + ("whole", "trace"), MUST
    s.say(f"held as {name}")


def copies(s):
    """A second copy of every tensor with other values: EMA, teacher, folds. The first, or that which is no average, is asked about."""
    kind = s.pick(["ema", "teacher", "folds", "ema_state", "best", "student_teacher"])
    noisy = lambda state: {k: v + 0.3 * torch.randn_like(v) if v.is_floating_point() else v for k, v in state.items()}
    if kind == "ema":
        s.keys.append(lambda state: {**prefixed("model.")(state), **prefixed("ema_model.")(noisy(state))})
    elif kind == "student_teacher":
        s.keys.append(lambda state: {**prefixed("student.")(state), **prefixed("teacher.")(noisy(state))})
        s.expect = EITHER
    elif kind == "teacher":
        s.keys.append(lambda state: {**prefixed("model.")(state), **prefixed("teacher.")(noisy(state))})
    elif kind == "folds":
        s.payload = lambda state: {"fold0": state, "fold1": noisy(state)}
        s.containers = STATE[:2]
        s.expect = EITHER
    else:
        first, second = dict(ema_state=("state_dict", "state_dict_ema"), best=("model", "best_model"))[kind]
        s.payload = lambda state: {"epoch": 3, first: state, second: noisy(state)}
        s.containers = STATE[:2]
        s.expect = MUST if kind == "ema_state" else EITHER
    if kind in ("ema", "teacher"):
        s.expect = MUST
    s.say(kind)


def children(s):
    """Sequential(*children) in place of the network, flat, in two, or below features."""
    if s.family.name != "resnet" or s.family.spelling != "torchvision":
        raise DoesNotApply
    ch = list(s.net.children())
    stage4 = ch[7]
    kind = s.pick(["flat", "features", "body_head", "features_fc", "named"])
    if kind == "flat":
        root = nn.Sequential(*ch[:-1], nn.Flatten(), ch[-1])
    elif kind == "features":
        root = parts.Chain(features=nn.Sequential(*ch[:-2]), pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), classifier=ch[-1])
    elif kind == "features_fc":
        root = parts.Chain(features=nn.Sequential(*ch[:-1]), flatten=nn.Flatten(), fc=ch[-1])
    elif kind == "body_head":
        root = nn.Sequential(nn.Sequential(*ch[:-2]), nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), ch[-1]))
    else:
        root = parts.Chain(layer0=nn.Sequential(*ch[:4]), layer1=ch[4], layer2=ch[5], layer3=ch[6], layer4=ch[7], pool=ch[8], flatten=nn.Flatten(), last=ch[9])
    s.wrap(root)
    s.net, s.layer = stage4, "-1"
    s.expect = EITHER if kind == "named" else MUST
    s.say(kind)


def fastai(s):
    """fastai's cnn_learner: body and a head of two layers."""
    if s.family.name not in ("resnet", "densenet") or s.family.spelling != "torchvision":
        raise DoesNotApply
    width = any_head(s).in_features
    if s.family.name == "resnet":
        ch = list(s.net.children())
        body, s.layer, keep = nn.Sequential(*ch[:-2]), "-1", ch[7]
    else:
        body, s.layer, keep = nn.Sequential(s.net.features), "-1", s.net.features
    concat = s.rng.random() < 0.6
    w = 2 * width if concat else width
    pool = [parts.ConcatPool() if concat else nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.BatchNorm1d(w), nn.Dropout(0.25)]
    last = [nn.Linear(w, s.classes, bias=False)] if s.rng.random() < 0.4 else [nn.Linear(w, 512, bias=False), nn.ReLU(), nn.BatchNorm1d(512), nn.Dropout(), nn.Linear(512, s.classes, bias=False)]
    s.wrap(nn.Sequential(body, nn.Sequential(*pool, *last)))
    s.net = keep
    s.containers = STATE + ("whole", "trace")
    s.say(f"{'concat' if concat else 'average'} pooling, {len(last)} layers")


def dtypes(s):
    """Weights as f16, bf16 or f64; the network computes in f32 with what is left of them."""
    kind = s.pick([torch.float16, torch.bfloat16, torch.float64])
    def convert():
        if kind is not torch.float64:
            for t in [*s.root.parameters(), *s.root.buffers()]:
                if t.is_floating_point():
                    t.data = t.data.to(kind).float()
    s.later.append(convert)
    s.keys.append(lambda state: {k: v.to(kind) if v.is_floating_point() else v for k, v in state.items()})
    s.expect = MUST
    s.say(str(kind))


def aliases(s):
    """The same tensors under two names, sharing storages."""
    kind = s.pick(["whole_model", "features", "encoder"])
    s.keys.append(lambda state: {**prefixed("model.")(state), **prefixed({"whole_model": "net.", "features": "backbone.", "encoder": "encoder."}[kind])({k: v for k, v in state.items() if kind == "whole_model" or not k.startswith(s.family.head)})})
    s.containers = STATE[:2]
    s.expect = MUST
    s.say(kind)


def buffers(s):
    """Bookkeeping beside the network, which changes nothing."""
    n = s.classes
    table = {
        "criterion.weight": lambda: torch.rand(n), "loss_fn.pos_weight": lambda: torch.rand(n), "criterion.smoothing": lambda: torch.tensor(0.1), "loss.alpha": lambda: torch.rand(n),
        "val_acc.confmat": lambda: torch.zeros(n, n, dtype=torch.int64), "train_metrics.MulticlassAccuracy.tp": lambda: torch.zeros(n, dtype=torch.int64), "val_auc.correct": lambda: torch.tensor(3),
        "n_averaged": lambda: torch.tensor(7), "metrics.total": lambda: torch.tensor(3.0),
    }
    chosen = s.rng.sample(sorted(table), s.rng.choice([1, 1, 3]))
    made = {k: table[k]() for k in chosen}
    under = s.pick(["", "model."])
    s.keys.append(lambda state: {**prefixed(under)(state), **made})
    s.expect = MUST
    s.say(f"beside {under or 'the keys'}: {', '.join(chosen)}")


def beside_loss(s):
    """Parameters of training that take no part: centres, prototypes, a projection, an auxiliary Linear, a decoder."""
    width = any_head(s).in_features
    name, made = s.pick([("center_loss.centers", lambda: {"": torch.randn(s.classes, width)}), ("prototypes.weight", lambda: {"": torch.randn(s.classes, width)}),
                         ("projector", lambda: {".0.weight": torch.randn(128, width), ".0.bias": torch.randn(128), ".2.weight": torch.randn(64, 128), ".2.bias": torch.randn(64)}),
                         ("aux_head", lambda: {".weight": torch.randn(s.classes, width), ".bias": torch.randn(s.classes)}),
                         ("rotation_fc", lambda: {".weight": torch.randn(4, width), ".bias": torch.randn(4)}),
                         ("decoder", lambda: {".0.weight": torch.randn(width, 16, 4, 4), ".0.bias": torch.randn(16)}), ("queue", lambda: {"": torch.randn(width, 64)})])
    extra = {f"{name}{k}": v for k, v in made().items()}
    under = s.pick(["", "model."])
    s.keys.append(lambda state: {**prefixed(under)(state), **extra})
    s.say(f"{name} beside")


def byte_keys(s):
    s.keys.append(lambda state: {k.encode(): v for k, v in state.items()})
    s.containers, s.expect = STATE[:2], MUST


def toolbox(s):
    """MMPretrain's, detectron2's and other toolboxes' names."""
    if s.family.name == "resnet" and s.family.spelling == "torchvision":
        kind = s.pick(["mmpretrain", "detectron2", "moco", "solo-learn", "clip-like"])
        if kind == "mmpretrain":
            s.keys.append(lambda st: {re.sub(r"^fc\.", "head.fc.", k) if k.startswith("fc.") else f"backbone.{k}": v for k, v in st.items()})
            s.payload = lambda st: {"meta": {"epoch": 12}, "state_dict": st}
            s.containers, s.expect = STATE[:2], MUST
        elif kind == "detectron2":
            def rename(k):
                k = re.sub(r"^conv1|^bn1", lambda m: "stem.conv1" + (".norm" if m[0] == "bn1" else ""), k)
                k = re.sub(r"^layer(\d)\.(\d+)\.", lambda m: f"res{int(m[1]) + 1}.{m[2]}.", k)
                k = re.sub(r"\.bn(\d)\.", r".conv\1.norm.", k)
                return k.replace("downsample.0", "shortcut").replace("downsample.1", "shortcut.norm").replace("fc.", "linear.")
            s.keys.append(lambda st: {rename(k): v for k, v in st.items()})
        elif kind == "moco":
            noise = lambda st: {k: v + 0.1 * torch.randn_like(v) if v.is_floating_point() else v for k, v in st.items()}
            s.keys.append(lambda st: {**prefixed("module.encoder_q.")(st), **prefixed("module.encoder_k.")(noise(st)), "module.queue": torch.randn(s.classes, 64), "module.queue_ptr": torch.zeros(1, dtype=torch.int64)})
        elif kind == "solo-learn":
            s.keys.append(lambda st: {("classifier." + k[3:] if k.startswith("fc.") else f"backbone.{k}"): v for k, v in st.items()})
            s.expect = MUST
        else:
            s.keys.append(lambda st: {f"visual.{k}": v for k, v in st.items()})
            s.expect = MUST
        s.say(kind)
    elif s.family.name == "vit" and s.family.spelling == "timm" and not s.family.arch.startswith("deit"):
        def rename(k):
            k = re.sub(r"^blocks\.", "layers.", k).replace(".norm1.", ".ln1.").replace(".norm2.", ".ln2.").replace("mlp.fc1.", "ffn.layers.0.0.").replace("mlp.fc2.", "ffn.layers.1.")
            k = re.sub(r"^norm\.", "ln1.", k).replace("patch_embed.proj", "patch_embed.projection")
            return k.replace("head.", "head.layers.head.") if k.startswith("head.") else f"backbone.{k}"
        s.keys.append(lambda st: {rename(k): v for k, v in st.items()})
        s.say("mmpretrain")
    elif s.family.name == "densenet" and s.family.spelling == "torchvision":
        kind = s.pick(["chexnet", "old", "fork"])
        if kind == "chexnet":
            s.keys.append(lambda st: {f"module.densenet121.{k.replace('classifier.', 'classifier.0.')}": v for k, v in st.items()})
        elif kind == "old":
            s.keys.append(lambda st: {re.sub(r"(denselayer\d+)\.(norm|conv)(\d)\.", r"\1.\2.\3.", k): v for k, v in st.items()})
        else:
            s.keys.append(lambda st: {k.replace("features.", "feature_extractor.features.").replace("classifier.", "head."): v for k, v in st.items()})
        s.expect = MUST if kind != "fork" else EITHER
        s.say(kind)
    else:
        raise DoesNotApply


def cut(s):
    """No head: what it would read is the output."""
    if hasattr(s.net, "head_dist"):
        raise DoesNotApply
    put(s.net, s.family.head, nn.Identity())
    s.expect = EMBEDDING
    s.say("no head")


def training_state(s):
    """A training state around the weights whose words agree with them."""
    arch = s.family.arch
    kind = s.pick(["lightning", "imagenet", "timm", "keras_like", "hf_trainer"])
    p = prefixed("model.") if kind == "lightning" else lambda state: state
    s.keys.append(p)
    around = dict(
        lightning=lambda st: {"state_dict": st, "hyper_parameters": {"lr": 1e-3, "model_name": arch, "num_classes": s.classes}, "pytorch-lightning_version": "2.1.0", "epoch": 4, "global_step": 100, "callbacks": {}, "optimizer_states": [], "lr_schedulers": []},
        imagenet=lambda st: {"epoch": 90, "arch": arch, "state_dict": st, "best_acc1": torch.tensor(71.0), "optimizer": {"state": {}, "param_groups": []}},
        timm=lambda st: {"epoch": 3, "arch": arch, "state_dict": st, "version": 2, "metric": 88.0},
        keras_like=lambda st: {"model_state_dict": st, "optimizer_state_dict": {"state": {0: {"exp_avg": torch.randn(64, 3, 7, 7)}}, "param_groups": []}, "history": {"loss": [1.0, 0.5]}, "val_acc": 0.9},
        hf_trainer=lambda st: {"model": st, "args": {"lr": 0.1, "batch_size": 32}, "scaler": {"scale": 65536.0}},
    )
    s.payload = around[kind]
    s.containers, s.expect = STATE[:2], MUST
    s.say(kind)


def stubs(s):
    """What quantisation, profiling and checkpointing leave around a network, without a parameter."""
    if s.family.state_only:
        raise DoesNotApply
    from torch.ao.quantization import DeQuantStub, QuantStub

    s.wrap(parts.Chain(quant=QuantStub(), model=s.net, dequant=DeQuantStub()))
    s.expect, s.containers = MUST, STATE + ("trace",)
    s.say("quantisation stubs")


CHANGES = {f.__name__: f for f in (unchanged, prefix, parallel, holder, copies, children, fastai, dtypes, aliases, buffers, beside_loss, byte_keys, toolbox, cut, stubs, training_state)}
