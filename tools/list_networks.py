"""Lists keys, shapes and modules of timm's and torchvision's networks, a JSON line each, for tools/collisions.ts.

    pip install torch torchvision timm
    python tools/list_networks.py FILE [NAME_PATTERN]

Nothing is downloaded: models are made on the device "meta".
"""
import json, re, sys, warnings

warnings.filterwarnings("ignore")
import torch

try:
    import torchvision_cpu  # noqa: F401
except ImportError:
    pass
import timm, torchvision

# Those that do not change a value in evaluation.
SILENT = {"training", "p", "momentum", "inplace", "drop_prob", "fused_attn", "grad_checkpointing"}
NOTHING = {"Dropout", "DropPath", "DropBlock2d", "PatchDropout", "StochasticDepth"}


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value] if len(value) < 6 else None
    return value if isinstance(value, (int, float, str, bool, type(None))) else None


def listed(name, model):
    modules = []
    for path, module in model.named_modules():
        kind = type(module).__name__
        own = {key: plain(value) for key, value in vars(module).items() if not key.startswith("_") and key not in SILENT}
        modules.append(["", "Identity", {}] if kind in NOTHING else [path, kind, {k: v for k, v in own.items() if v is not None}])
    shapes = {key: list(value.shape) for key, value in model.state_dict().items()}
    return json.dumps({"name": name, "shapes": shapes, "modules": [one for one in modules if one[1] != "Identity"]})


def of_timm(name):
    try:
        with torch.device("meta"):
            return timm.create_model(name)
    except Exception:  # it initialises itself by numbers, which "meta" has not
        with torch.device("cpu"):
            return timm.create_model(name)


def main():
    pattern = re.compile(sys.argv[2] if len(sys.argv) > 2 else "")
    known = set()
    with open(sys.argv[1], "w") as file:
        for names, make in ((timm.list_models(), of_timm), (torchvision.models.list_models(module=torchvision.models), None)):
            for name in names:
                if name in known or not pattern.search(name):
                    continue
                known.add(name)
                try:
                    with torch.device("meta"):
                        model = make(name) if make else torchvision.models.get_model(name, weights=None)
                except Exception as error:
                    print(f"{name}: {error}", file=sys.stderr)
                    continue
                file.write(listed(name, model.eval()) + "\n")
                file.flush()


main()
