"""Makes test/data/checkpoints: small files as PyTorch users have them, and expected.json with what PyTorch reads from them.

    pip install torch==2.13.0 torchvision==0.28.0 timm==1.0.31 numpy safetensors
    python tools/make_checkpoint_files.py

expected.json: {"versions": {...}, "files": {name: {"tensors": {key: [dtype, shape, sha256 of the contiguous little-endian
bytes]}, "refused": {key: a word of the reason}}}}. Every file is loaded again with torch.load (or pickle, or safetensors)
before its values are noted.
"""
import argparse, collections, copy, hashlib, io, json, pathlib, pickle, sys, zipfile

import numpy as np
import torch
from torch import nn

try:  # A CPU build of torchvision without its compiled operators needs help to be imported.
    import torchvision_cpu  # noqa: F401
except ImportError:
    pass
import timm, torchvision
from safetensors.torch import save_file
from timm.models.resnet import BasicBlock, ResNet
from timm.models.vision_transformer import VisionTransformer

# The legacy form keeps each module's source and its path; a path of this machine has no place in a test file.
_lines_of = torch.serialization.get_source_lines_and_file
torch.serialization.get_source_lines_and_file = lambda obj, *rest: (*_lines_of(obj, *rest)[:2], "model.py")

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test/data/checkpoints"
EXPECTED = {}
NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float8_e4m3fn: "F8_E4M3",
    torch.float8_e5m2: "F8_E5M2", torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8",
    torch.uint64: "U64", torch.uint32: "U32", torch.uint16: "U16", torch.uint8: "U8", torch.bool: "BOOL", torch.complex64: "C64",
}


def contents(tensors):
    result = {}
    for key, tensor in tensors.items():
        tensor = torch.as_tensor(tensor).detach()
        # .numpy() has no bfloat16 or float8; a view as bytes has everything.
        data = tensor.reshape(-1).contiguous().view(torch.uint8) if tensor.numel() else torch.empty(0, dtype=torch.uint8)
        result[key] = [NAMES[tensor.dtype], list(tensor.shape), hashlib.sha256(data.numpy().tobytes()).hexdigest()]
    return result


def note(name, tensors, refused=None):
    EXPECTED[name] = {"tensors": contents(tensors), **({"refused": refused} if refused else {})}


def save(name, obj, tensors, pick=lambda loaded: loaded, **options):
    """Saves with torch.save, loads again, and notes `tensors`, which must be what `pick` finds in the loaded object."""
    torch.save(obj, FOLDER / name, **options)
    check(name, tensors, pick)


def check(name, tensors, pick=lambda loaded: loaded):
    loaded = pick(torch.load(FOLDER / name, map_location="cpu", weights_only=False))
    assert contents(loaded) == contents(tensors), name
    note(name, tensors)


def tiny_densenet():
    torch.manual_seed(1)
    return torchvision.models.DenseNet(growth_rate=4, block_config=(2, 1), num_init_features=8, bn_size=2, num_classes=3)


def tiny_resnet():
    torch.manual_seed(2)
    return ResNet(BasicBlock, [1, 1, 1, 1], channels=(4, 4, 8, 8), stem_width=4, num_classes=3)


def tiny_vit():
    torch.manual_seed(3)
    return VisionTransformer(img_size=32, patch_size=8, embed_dim=16, depth=2, num_heads=2, num_classes=3)


class CheXNet(nn.Module):
    """The wrapper of the field: a DenseNet whose classifier became Sequential(Linear, Sigmoid)."""

    def __init__(self):
        super().__init__()
        self.densenet121 = tiny_densenet()
        self.densenet121.classifier = nn.Sequential(nn.Linear(self.densenet121.classifier.in_features, 14), nn.Sigmoid())

    def forward(self, x):
        return self.densenet121(x)


class Small(nn.Module):
    """For whole-module files: a buffer that is not saved, a shared module, a parameter with attributes."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(4)
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.blocks = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2, bias=False))
        self.again = self.blocks[0]
        self.register_buffer("kept", torch.arange(3.0))
        self.register_buffer("transient", torch.arange(5.0), persistent=False)
        self.scale = nn.Parameter(torch.ones(2))
        self.scale.tag = "an attribute of a parameter"
        self.options = argparse.Namespace(lr=0.1)

    def forward(self, x):
        x = self.norm(self.conv(x)).mean((2, 3))
        return self.blocks(x) * self.scale + self.again(x)[:, :2]


def dotted(key):
    import re
    return re.sub(r"(denselayer\d+\.(?:norm|conv))([12])", r"\1.\2", key)


def models():
    for name, model in [("densenet", tiny_densenet()), ("resnet", tiny_resnet()), ("vit", tiny_vit())]:
        state = model.state_dict()
        save(f"{name}-zip.pth", state, state)
        save(f"{name}-legacy.pth", state, state, _use_new_zipfile_serialization=False)
    chexnet = nn.DataParallel(CheXNet())
    state = collections.OrderedDict((dotted(key), value) for key, value in chexnet.state_dict().items())
    training = {"epoch": 8, "state_dict": state, "best_loss": np.float64(0.25), "optimizer": torch.optim.Adam(chexnet.parameters()).state_dict()}
    save("chexnet-legacy.pkl", training, state, lambda f: f["state_dict"], _use_new_zipfile_serialization=False)
    save("chexnet-zip.pkl", training, state, lambda f: f["state_dict"])
    save_file({key: value.clone() for key, value in state.items()}, FOLDER / "chexnet.safetensors")
    note("chexnet.safetensors", state)


def whole_models():
    for name, model in [("small", Small()), ("dataparallel", nn.DataParallel(Small())), ("densenet", tiny_densenet())]:
        for form, options in [("zip", {}), ("legacy", {"_use_new_zipfile_serialization": False})]:
            save(f"whole-{name}-{form}.pt", model, model.state_dict(), lambda m: m.state_dict(), **options)
    torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)
    ddp = nn.parallel.DistributedDataParallel(Small())
    save("whole-distributed.pt", ddp, ddp.state_dict(), lambda m: m.state_dict())
    torch.distributed.destroy_process_group()
    model = Small().eval()
    del model.options
    example = torch.zeros(1, 3, 8, 8)
    forms = {"traced": torch.jit.trace(model, example), "scripted": torch.jit.script(model), "frozen": torch.jit.freeze(torch.jit.script(model))}
    for name, script in forms.items():
        # Without the debug records, which hold paths of this machine.
        buffer = io.BytesIO()
        torch.jit.save(script, buffer)
        with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(FOLDER / f"torchscript-{name}.pt", "w") as new:
            for info in old.infolist():
                if not info.filename.endswith(".debug_pkl"):
                    new.writestr(info.filename, old.read(info))
        state = torch.jit.load(FOLDER / f"torchscript-{name}.pt").state_dict()
        note(f"torchscript-{name}.pt", state)


def views():
    base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5)
    other = torch.arange(24, dtype=torch.float16)
    state = {
        "contiguous": base, "transposed": base.transpose(0, 2), "permuted": base.permute(1, 2, 0), "sliced": base[1:, ::2, 1:4],
        "row": base[2], "scalar": base[1, 2, 3], "expanded": base[:1, :1, :].expand(4, 2, 5), "overlapping": base.as_strided((4, 4), (5, 2), 3),
        "empty": torch.zeros(0, 3), "empty-view": base[:, :0], "half": other.reshape(4, 6).t(), "half-sliced": other[5::3],
        "channels-last": torch.arange(96.0).reshape(1, 4, 4, 6).to(memory_format=torch.channels_last),
        "parameter": nn.Parameter(base[0]), "double": torch.arange(6.0, dtype=torch.float64).reshape(2, 3).t(), "one": torch.ones(1, 1).t(),
    }
    save("views-zip.pt", state, state)
    save("views-legacy.pt", state, state, _use_new_zipfile_serialization=False)


def dtypes():
    torch.manual_seed(5)
    state = {}
    for dtype, name in NAMES.items():
        if dtype.is_floating_point:
            state[name] = torch.randn(3, 5).mul(3).to(dtype)
        elif dtype == torch.bool:
            state[name] = torch.tensor([True, False, True])
        elif not dtype.is_complex:
            state[name] = torch.arange(250 if dtype.itemsize == 1 else 300)[-7:].mul(1 if dtype.itemsize == 1 else 200).to(dtype)
    state["nan-payload"] = torch.tensor([0x7FC12345, 0x7F800001, -0x7FFFFFFF], dtype=torch.int32).view(torch.float32)
    save("dtypes-zip.pt", state, state)
    # torch.load cannot read back the untyped storages (float8, uint16...) that it writes in this form.
    torch.save(state, FOLDER / "dtypes-legacy.pt", _use_new_zipfile_serialization=False)
    note("dtypes-legacy.pt", state)
    for protocol in range(6):
        few = {"w": state["F32"], "h": state["F16"], "long": state["I64"]}
        names = [("legacy", {"_use_new_zipfile_serialization": False}), ("zip", {})]
        for form, options in names:
            torch.save(few, FOLDER / f"protocol-{protocol}-{form}.pt", pickle_protocol=protocol, **options)
            # torch.load itself cannot read protocol 0, whose persistent ids are text.
            note(f"protocol-{protocol}-{form}.pt", few) if protocol == 0 else check(f"protocol-{protocol}-{form}.pt", few)


def refused():
    sparse = torch.eye(3).to_sparse()
    state = {
        "fine": torch.ones(2), "complex": torch.ones(2, dtype=torch.complex64), "sparse": sparse, "csr": torch.eye(3).to_sparse_csr(),
        "quantised": torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.qint8), "meta": torch.ones(3, 2, device="meta"),
        "negated": torch._neg_view(torch.ones(2)),
    }
    torch.save(state, FOLDER / "refused.pt")
    words = {"complex": "C64", "sparse": "sparse", "csr": "sparse", "quantised": "quantised", "meta": "meta", "negated": "negated"}
    note("refused.pt", {"fine": state["fine"]}, words)


def training_states():
    model = Small()
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.zeros(2, 3, 8, 8)).sum().backward()
    optimizer.step()
    state, ema = model.state_dict(), {key: value.float() + 1 for key, value in model.state_dict().items()}
    around = {"epoch": 3, "args": argparse.Namespace(lr=0.1, name="run"), "optimizer": optimizer.state_dict(), "rng_state": torch.get_rng_state(),
              "numpy_rng": np.random.get_state(), "metric": np.float32(0.5), "path": pathlib.PurePosixPath("/data")}
    for key in ["state_dict", "model_state_dict", "model", "net", "network", "weights"]:
        save(f"inside-{key}.ckpt", {**around, key: state}, state, lambda f, key=key: f[key])
    save("timm-ema.pth.tar", {**around, "arch": "small", "state_dict_ema": ema, "state_dict": state}, state, lambda f: f["state_dict"])
    save("only-ema.pth", {**around, "model_ema": ema}, ema, lambda f: f["model_ema"])
    lightning = {"state_dict": {f"model.{key}": value for key, value in state.items()}, "pytorch-lightning_version": "2.4.0",
                 "optimizer_states": [optimizer.state_dict()], "hyper_parameters": around["args"], "callbacks": {}, "loops": {"a": {"b": 1}}}
    save("lightning.ckpt", lightning, lightning["state_dict"], lambda f: f["state_dict"])
    save("nested.pt", {"checkpoint": {"model": {"state_dict": state}}, "opt": optimizer.state_dict()},
         state, lambda f: f["checkpoint"]["model"]["state_dict"])
    save("module-inside.pt", {**around, "model": model, "ema": copy.deepcopy(model)}, state, lambda f: f["model"].state_dict())
    save("tuple.pt", (state, optimizer.state_dict()), state, lambda f: f[0])
    save("parts.pt", {"backbone": {"w": torch.ones(2)}, "head": {"w": torch.zeros(3)}}, {"backbone.w": torch.ones(2), "head.w": torch.zeros(3)},
         lambda f: {"backbone.w": f["backbone"]["w"], "head.w": f["head"]["w"]})


def pickles():
    state = {"w": torch.arange(6.0).reshape(2, 3).t(), "half": torch.ones(3, dtype=torch.float16), "shared": None}
    state["shared"] = state["w"][1]
    arrays = {
        "f4": np.arange(6, dtype="f4").reshape(2, 3), "fortran": np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3)), "big": np.arange(4, dtype=">f4"),
        "f8": np.linspace(0, 1, 3), "f2": np.ones(2, "f2"), "i8": np.arange(3), "bool": np.array([True, False]), "scalar": np.float32(2.5),
        "large": np.arange(30000, dtype="f4"), "empty": np.zeros((0, 2), "f4"), "high-bytes": np.array([0xFF80, 0x00FF], "u2"),
    }
    for protocol in range(6):
        for name, obj in [("tensors", state), ("arrays", {"model": arrays, "__author__": "nobody"})]:
            if name == "arrays" and protocol in (0, 1):
                obj = {"model": {key: value for key, value in arrays.items() if key != "large"}}
            (FOLDER / f"pickled-{name}-{protocol}.pkl").write_bytes(pickle.dumps(obj, protocol))
            loaded = pickle.loads((FOLDER / f"pickled-{name}-{protocol}.pkl").read_bytes())
            loaded = loaded if name == "tensors" else loaded["model"]
            note(f"pickled-{name}-{protocol}.pkl", {k: torch.as_tensor(np.asarray(v).astype(np.asarray(v).dtype.newbyteorder("="))) for k, v in loaded.items()})


class Subclass(torch.Tensor):
    pass


def archives():
    """The zip form as other tools write it again, and as a big-endian machine writes it."""
    state = {"w": torch.arange(1000.0).reshape(10, 100), "t": torch.arange(6, dtype=torch.int16).reshape(2, 3).t(), "b": torch.ones(3, dtype=torch.uint8),
             "c": torch.arange(3, dtype=torch.bfloat16), "part": torch.arange(1000.0)[500:510]}
    buffer = io.BytesIO()
    torch.save(state, buffer)
    with zipfile.ZipFile(buffer) as old:
        entries = [(info.filename, old.read(info)) for info in old.infolist()]
    root = entries[0][0].split("/")[0]

    def write(name, method, rename=lambda n: n, change=lambda n, data: data):
        with zipfile.ZipFile(FOLDER / name, "w", method) as new:
            for entry, data in entries:
                new.writestr(rename(entry), change(entry, data))

    write("deflated.pt", zipfile.ZIP_DEFLATED)
    check("deflated.pt", state)
    write("renamed-root.pt", zipfile.ZIP_STORED, lambda n: n.replace(root, "model best (1)", 1))
    check("renamed-root.pt", state)
    sizes = {}
    for key, tensor in state.items():
        sizes[str(len(sizes))] = tensor.dtype.itemsize

    def big(entry, data):
        if entry.endswith("/byteorder"):
            return b"big"
        kind, _, number = entry.rpartition("/data/")
        return np.frombuffer(data, f"V{sizes[number]}").view(f"u{sizes[number]}").byteswap().tobytes() if kind else data

    write("big-endian.pt", zipfile.ZIP_STORED, change=big)
    check("big-endian.pt", state)
    save("subclass.pt", {"w": torch.arange(4.0).as_subclass(Subclass), "p": nn.Parameter(torch.ones(2).as_subclass(Subclass))},
         {"w": torch.arange(4.0), "p": torch.ones(2)})


def shards():
    state = {"a.weight": torch.arange(6.0).reshape(2, 3), "a.bias": torch.ones(2), "b.weight": torch.zeros(4, dtype=torch.float16)}
    places = {"a.weight": 1, "a.bias": 2, "b.weight": 2}
    for form, ext, write in [("model", "safetensors", save_file), ("pytorch_model", "bin", torch.save)]:
        names = {i: f"{form}-{i:05d}-of-00002.{ext}" for i in (1, 2)}
        for i, name in names.items():
            part = {key: value for key, value in state.items() if places[key] == i}
            write(part, FOLDER / name)
            note(name, part)
        index = {"metadata": {"total_size": 40}, "weight_map": {key: names[i] for key, i in places.items()}}
        (FOLDER / f"{form}.{ext}.index.json").write_text(json.dumps(index, indent=1))
        note(f"{form}.{ext}.index.json", state)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for part in [models, whole_models, views, dtypes, refused, training_states, pickles, archives, shards]:
        part()
    versions = {"python": sys.version.split()[0], "torch": torch.__version__.split("+")[0], "torchvision": torchvision.__version__.split("+")[0],
                "timm": timm.__version__, "numpy": np.__version__}
    (FOLDER / "expected.json").write_text(json.dumps({"versions": versions, "files": EXPECTED}) + "\n")
