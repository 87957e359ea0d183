"""Makes test/data/containers: small files that hold weights, or something else, in other ways than a state dict.

    pip install torch==2.13.0 numpy joblib
    python tools/make_container_files.py

expected.json: {"versions": {...}, "files": {name: {key: [dtype, shape, sha256 of the contiguous little-endian bytes]}}} for
the files that hold weights, from the module that was saved. The folders dcp-* are checkpoints of torch.distributed.
"""
import collections, copy, hashlib, io, json, os, pathlib, shutil, sys, warnings, zipfile

warnings.filterwarnings("ignore")
import joblib
import numpy as np
import torch
from torch import nn
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test/data/containers"
NAMES = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64"}
EXPECTED = {}


class Tiny(nn.Module):
    """A stride, an eps and an activation that are not the usual ones; 5 rows, so that two processes have unequal parts."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.conv = nn.Conv2d(3, 5, 3, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(5, eps=1e-3)
        self.act = nn.LeakyReLU(0.2)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(5, 3)
        with torch.no_grad():
            self.norm.running_mean.uniform_(-1, 1)
            self.norm.weight.uniform_(0.5, 1.5)

    def forward(self, x):
        return self.fc(self.pool(self.act(self.norm(self.conv(x)))).mean((2, 3)))


def note(name, state):
    def described(tensor):
        tensor = tensor.detach().contiguous()
        return [NAMES[tensor.dtype], list(tensor.shape), hashlib.sha256(tensor.numpy().tobytes()).hexdigest()]

    EXPECTED[name] = {key: described(tensor) for key, tensor in state.items()}


def save(name, obj, state=None, **options):
    torch.save(obj, FOLDER / name, **options)
    if state is not None:
        note(name, state)


def modules():
    model = Tiny().eval()
    state = model.state_dict()
    save("compiled.pt", torch.compile(model, backend="eager"), state)
    save("compiled-dataparallel.pt", {"net": torch.compile(nn.DataParallel(model), backend="eager")}, {f"module.{key}": value for key, value in state.items()})
    save("compiled-state.pt", torch.compile(model).state_dict(), {f"_orig_mod.{key}": value for key, value in state.items()})
    save("method.pt", model.state_dict, state)
    half = copy.deepcopy(model).half()
    save("method-inside.pt", {"epoch": 3, "model": half.state_dict}, half.state_dict())
    save("bytes-keys.pt", {key.encode(): value for key, value in state.items()}, state)
    save("bytes-keys-5.pt", {b"state_dict": collections.OrderedDict((key.encode(), value) for key, value in state.items())}, state, pickle_protocol=5)
    save("fx.pt", torch.fx.symbolic_trace(model), state)
    shared = {"a": state["conv.weight"], "again": state["conv.weight"], "part": state["conv.weight"][1:], "copy": state["conv.weight"].clone()}
    save("shared-zip.pt", shared, shared)
    save("shared-legacy.pt", shared, shared, _use_new_zipfile_serialization=False)


def other_contents():
    model = Tiny()
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 3, 8, 8)).sum().backward()
    optimizer.step()
    save("optimizer.pt", optimizer.state_dict())
    save("optimizer-inside.pt", {"epoch": 3, "opt_state": optimizer.state_dict()})
    save("optimizer-whole.pt", optimizer)
    model.eval()
    dynamic = torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    save("dynamic.pt", dynamic.state_dict())
    save("dynamic-whole.pt", dynamic)
    static = copy.deepcopy(model)
    static.qconfig = torch.ao.quantization.default_qconfig
    torch.ao.quantization.prepare(static, inplace=True)
    static(torch.ones(1, 3, 8, 8))
    torch.ao.quantization.convert(static, inplace=True)
    save("static.pt", {key: value for key, value in static.state_dict().items() if key.startswith("conv")})
    aware = copy.deepcopy(model).train()
    aware.qconfig = torch.ao.quantization.get_default_qat_qconfig("x86")
    torch.ao.quantization.prepare_qat(aware, inplace=True)
    save("qat.pt", aware.state_dict())
    # As DeepSpeed writes them: of stage 3 the parameters lie in other files, of the optimizer each process has a part.
    empty = {key: torch.empty(0) if key.startswith(("conv", "fc")) else value for key, value in model.state_dict().items()}
    save("zero3-model.pt", {"module": empty, "param_shapes": [{}], "ds_version": "0.15.0"})
    save("zero3-optimizer.pt", {"optimizer_state_dict": {"fp32_flat_groups": [torch.ones(3)]}, "ds_version": "0.15.0"})
    save("paddle.pdparams", {"fc.weight": np.ones((2, 3), "f4"), "StructuredToParameterName@@": {"fc.weight": "linear_0.w_0"}})


def without_traces(source, target):
    """The archive without stack traces, which hold paths of this machine."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename.endswith(".json"):
                data = json.dumps(untraced(json.loads(data))).encode()
            new.writestr(info.filename, data)


def untraced(value):
    if isinstance(value, dict):
        return {key: untraced(inner) for key, inner in value.items() if key != "stack_trace"}
    return [untraced(inner) for inner in value] if isinstance(value, list) else value


def exported():
    from torch._export.serde.serialize import serialize

    model = Tiny().eval()
    program = torch.export.export(model, (torch.zeros(1, 3, 8, 8),))
    buffer = io.BytesIO()
    torch.export.save(program, buffer)
    without_traces(buffer, FOLDER / "exported.pt2")
    assert torch.export.load(FOLDER / "exported.pt2").state_dict.keys() == model.state_dict().keys()
    note("exported.pt2", model.state_dict())
    # The layouts before PyTorch 2.9: torch.save's bytes beside the program.
    artifact = serialize(program)
    text = json.dumps(untraced(json.loads(artifact.exported_program)))
    forms = {"exported-2.7.pt2": ["serialized_exported_program.json", "serialized_state_dict.pt"], "exported-2.8.pt2": ["a/models/model.json", "a/data/weights/model.pt"]}
    for name, (graph, weights) in forms.items():
        with zipfile.ZipFile(FOLDER / name, "w") as archive:
            archive.writestr(graph, text)
            archive.writestr(weights, artifact.state_dict)
            archive.writestr("version" if name.endswith("2.7.pt2") else "a/archive_format", "pt2")
        note(name, model.state_dict())


def arrays():
    state = {key: value.numpy() for key, value in Tiny().state_dict().items()}
    state["fortran"] = np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3))
    state["empty"] = np.zeros((0, 3), "f4")
    for protocol in (2, 4):
        joblib.dump(state, FOLDER / f"joblib-{protocol}.pkl", protocol=protocol)
        loaded = joblib.load(FOLDER / f"joblib-{protocol}.pkl")
        note(f"joblib-{protocol}.pkl", {key: torch.from_numpy(value) for key, value in loaded.items()})
    joblib.dump(Tiny().state_dict(), FOLDER / "joblib-tensors.pkl")
    note("joblib-tensors.pkl", Tiny().state_dict())
    joblib.dump({"a": np.ones(3)}, FOLDER / "joblib-zlib.pkl", compress=3)


def process(rank, count, port):
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import FullyShardedDataParallel, StateDictType, fully_shard
    from torch.distributed.tensor import Replicate, distribute_tensor

    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), RANK=str(rank), WORLD_SIZE=str(count))
    os.chdir(FOLDER)
    dist.init_process_group("gloo")
    mesh = init_device_mesh("cpu", (count,))
    model = Tiny()
    sharded = fully_shard(copy.deepcopy(model), mesh=mesh)
    optimizer = torch.optim.SGD(sharded.parameters(), momentum=0.9)
    sharded(torch.ones(1, 3, 8, 8)).sum().backward()
    optimizer.step()
    sharded.load_state_dict({key: distribute_tensor(value, mesh, sharded.state_dict()[key].placements) if hasattr(sharded.state_dict()[key], "placements") else value
                             for key, value in model.state_dict().items()})
    dcp.save({"net": sharded.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}, checkpoint_id=f"dcp-{count}")
    # Every process takes part in making these; one writes its own.
    replicated = {"model": {key: distribute_tensor(value.detach(), mesh, [Replicate()]) for key, value in model.state_dict().items()}}
    if rank == 0:
        torch.save(sharded.state_dict(), f"dtensor-of-{count}.pt")
        torch.save(replicated, f"replicated-of-{count}.pt")
    wrapped = FullyShardedDataParallel(copy.deepcopy(model), device_id=torch.device("cpu"))
    for kind in (StateDictType.SHARDED_STATE_DICT, StateDictType.LOCAL_STATE_DICT):
        with FullyShardedDataParallel.state_dict_type(wrapped, kind):
            state = wrapped.state_dict()
        if rank == 0:
            torch.save(state, f"fsdp1-{kind.name.split('_')[0].lower()}-of-{count}.pt")
    dist.destroy_process_group()


def distributed():
    for count, port in ((1, 29555), (2, 29556)):
        mp.spawn(process, (count, port), nprocs=count)
    state = Tiny().state_dict()
    for name in ["dcp-1", "dcp-2", "dtensor-of-1.pt", "replicated-of-1.pt", "replicated-of-2.pt", "fsdp1-sharded-of-1.pt"]:
        note(name, state)
    dcp.save(state, checkpoint_id=FOLDER / "dcp-flat", no_dist=True)
    note("dcp-flat", state)


if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    os.chdir(FOLDER)
    for part in [modules, other_contents, exported, arrays, distributed]:
        part()
    versions = {"python": sys.version.split()[0], "torch": torch.__version__.split("+")[0], "numpy": np.__version__, "joblib": joblib.__version__}
    (FOLDER / "expected.json").write_text(json.dumps({"versions": versions, "files": EXPECTED}) + "\n")
