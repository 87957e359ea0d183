/** @file Forms that only old PyTorch and Python 2 wrote, byte by byte as they wrote them, since they cannot be run here. */

import { expect, it } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import {
  bytes,
  dict,
  global,
  int,
  legacyFile,
  little,
  pickle,
  reduce,
  storage,
  tensor,
  text,
  torchZip,
  tuple,
} from "./pickle-bytes.js";

const NUMBERS = Float32Array.of(1, 2, 3, 4, 5, 6);
const sixStored: [string, Float32Array] = ["7", NUMBERS];

async function floatsOf(file: Uint8Array, key = "w"): Promise<number[]> {
  const { tensors } = await readCheckpoint(file);
  return [...(await tensors.get(key)!.floats())];
}

const rebuildTensor = (stored: Uint8Array) =>
  reduce(
    global("torch._utils", "_rebuild_tensor"),
    stored,
    int(1),
    tuple(int(2), int(2)),
    tuple(int(1), int(2)),
  );

it("the reader reads _rebuild_tensor of 0.3", async () => {
  expect(await floatsOf(legacyFile(dict(text("w"), rebuildTensor(storage("7", 6))), [sixStored]))).toEqual([
    2, 4, 3, 5,
  ]);
});

it("the reader reads a view of a storage of 0.3: its key, offset and length beside the root's", async () => {
  const view = bytes(
    tuple(
      text("storage"),
      global("torch", "FloatStorage"),
      text("7"),
      text("cpu"),
      int(6),
      tuple(text("8"), int(2), int(4)),
    ),
    "Q",
  );
  const part = reduce(global("torch._utils", "_rebuild_tensor"), view, int(1), tuple(int(3)), tuple(int(1)));
  expect(await floatsOf(legacyFile(dict(text("w"), part), [sixStored]))).toEqual([4, 5, 6]);
});

it("the reader reads a storage of a GPU", async () => {
  const stored = bytes(
    tuple(text("storage"), global("torch.cuda", "FloatStorage"), text("7"), text("cuda:1"), int(6), "N"),
    "Q",
  );
  expect(await floatsOf(legacyFile(dict(text("w"), rebuildTensor(stored)), [sixStored]))).toEqual([
    2, 4, 3, 5,
  ]);
});

it("the reader reads a Parameter before _rebuild_parameter: its class, and its tensor as state", async () => {
  const parameter = bytes(
    global("torch.nn.parameter", "Parameter"),
    ")",
    0x81,
    tuple(rebuildTensor(storage("7", 6)), 0x88, reduce(global("collections", "OrderedDict"))),
    "b",
  );
  expect(await floatsOf(legacyFile(dict(text("w"), parameter), [sixStored]))).toEqual([2, 4, 3, 5]);
});

it("the reader reads an OrderedDict of Python 2: a list of pairs", async () => {
  const pair = bytes("]", "(", "U", 1, "w", rebuildTensor(storage("7", 6)), "e");
  const ordered = reduce(global("collections", "OrderedDict"), bytes("](", pair, "e"));
  expect(await floatsOf(legacyFile(ordered, [sixStored]))).toEqual([2, 4, 3, 5]);
});

it("the reader reads a numpy array of Python 2, its numbers in a string", async () => {
  const data = new Uint8Array(Float32Array.of(1.5, -2).buffer);
  const array = bytes(
    reduce(
      global("numpy.core.multiarray", "_reconstruct"),
      global("numpy", "ndarray"),
      tuple(int(0)),
      bytes("U", 1, "b"),
    ),
    tuple(
      int(1),
      tuple(int(2)),
      bytes(
        reduce(global("numpy", "dtype"), bytes("U", 2, "f4"), "K\x00K\x01"),
        tuple(int(3), bytes("U", 1, "<"), "NNN", bytes("J", 255, 255, 255, 255), int(0)),
        "b",
      ),
      0x89,
      bytes("U", data.length, data),
    ),
    "b",
  );
  expect(await floatsOf(pickle(dict(bytes("U", 1, "w"), array)))).toEqual([1.5, -2]);
});

it("the reader reads a tensor that went through numpy, as XLA and other devices save it", async () => {
  const moved = reduce(
    global("torch._utils", "_rebuild_device_tensor_from_cpu_tensor"),
    tensor(storage("0", 2), 0, [2], [1]),
    global("torch", "float32"),
    text("xla:0"),
    0x89,
  );
  expect(
    await floatsOf(
      torchZip(pickle(dict(text("w"), moved)), { 0: new Uint8Array(Float32Array.of(8, 9).buffer) }),
    ),
  ).toEqual([8, 9]);
});

it("the reader reads _rebuild_tensor_v3, whose dtype stands beside an untyped storage", async () => {
  const untyped = bytes(
    tuple(text("storage"), global("torch.storage", "UntypedStorage"), text("0"), text("cpu"), int(4)),
    "Q",
  );
  const v3 = reduce(
    global("torch._utils", "_rebuild_tensor_v3"),
    untyped,
    int(1),
    tuple(int(1)),
    tuple(int(1)),
    0x89,
    "N",
    global("torch", "uint16"),
  );
  expect(await floatsOf(torchZip(pickle(dict(text("w"), v3)), { 0: little(0x0007_0003, 4) }))).toEqual([7]);
});
