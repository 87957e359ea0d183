/** @file Files that hold weights otherwise than as a state dict, against PyTorch's values; others are named as what they are. */

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { supportedKind } from "../../src/checkpoint/file-kinds.js";
import { otherKind } from "../../src/checkpoint/foreign-kinds.js";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { fromBytes } from "../../src/checkpoint/source.js";
import { checkpointInFolder, leadingFile } from "../../src/node/checkpoint-folder.js";
import { openCheckpoint, type OpenedCheckpoint } from "../../src/node/open-checkpoint.js";
import { bytes, little } from "./pickle-bytes.js";

const FOLDER = new URL("../data/containers/", import.meta.url);
const FILES = (
  JSON.parse(readFileSync(new URL("expected.json", FOLDER), "utf8")) as {
    files: Record<string, Record<string, readonly [dtype: string, shape: number[], sha256: string]>>;
  }
).files;
const pathOf = (name: string) => new URL(name, FOLDER).pathname;

async function open(name: string, options = {}): Promise<OpenedCheckpoint> {
  const path = pathOf(name);
  if (!statSync(path).isDirectory()) return openCheckpoint(path, options);
  const found = await checkpointInFolder(path);
  return openCheckpoint(`${path}/${"name" in found ? found.name : ""}`, options);
}

describe("every tensor bit for bit", () => {
  it.each(Object.keys(FILES))("every tensor of %s is PyTorch's bit for bit", async (name) => {
    const { checkpoint, close } = await open(name);
    const found: Record<string, unknown> = {};
    for (const [key, tensor] of checkpoint.tensors) {
      const data = await tensor.bytes();
      expect(data.byteLength, key).toBe(tensor.byteLength);
      found[key] = [tensor.dtype, tensor.shape, createHash("sha256").update(data).digest("hex")];
    }
    expect(found).toEqual(FILES[name]);
    await close();
  });
});

describe("where the weights were found, and what is said", () => {
  it.each([
    ["compiled.pt", "PyTorch (zip, 1.6 or later)", ""],
    ["compiled-dataparallel.pt", "PyTorch (zip, 1.6 or later)", "net"],
    ["method-inside.pt", "PyTorch (zip, 1.6 or later)", "model"],
    ["bytes-keys-5.pt", "PyTorch (zip, 1.6 or later)", "state_dict"],
    ["exported.pt2", "torch.export (.pt2)", ""],
    ["exported-2.7.pt2", "torch.export (.pt2)", ""],
    ["joblib-4.pkl", "pickle", ""],
    ["dcp-1", "PyTorch distributed checkpoint, in 1 file", "net"],
    ["dcp-2", "PyTorch distributed checkpoint, in 2 files", "net"],
    ["dcp-flat", "PyTorch distributed checkpoint, in 1 file", ""],
  ])("%s is %s, its weights at %j", async (name, format, stateDict) => {
    const { checkpoint, close } = await open(name);
    expect(checkpoint).toMatchObject({ format, stateDict });
    await close();
  });

  it.each([
    ["fx.pt", /GraphModule, whose own code was not compared/],
    ["exported.pt2", /only the modules' settings were compared/],
  ])("%s has a note", async (name, note) => {
    const { checkpoint, close } = await open(name);
    expect(checkpoint.notes.join()).toMatch(note);
    await close();
  });

  it.each(["exported.pt2", "exported-2.7.pt2"])("%s holds its modules' settings", async (name) => {
    const { checkpoint, close } = await open(name);
    const said = (path: string) => {
      const { className, settings } = checkpoint.modules!.get(path)!;
      return [className, Object.fromEntries(settings)];
    };
    expect(said("conv")).toEqual([
      "torch.nn.modules.conv.Conv2d",
      { stride: [2, 2], padding: [1, 1], dilation: [1, 1], groups: 1 },
    ]);
    expect(said("norm")).toEqual(["torch.nn.modules.batchnorm.BatchNorm2d", { eps: 1e-3 }]);
    expect(said("act")).toEqual(["torch.nn.modules.activation.LeakyReLU", { negative_slope: 0.2 }]);
    expect(said("pool")).toEqual([
      "torch.nn.modules.pooling.MaxPool2d",
      { kernel_size: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], ceil_mode: false },
    ]);
    await close();
  });

  const CALLS = /^(?:compiled|compiled-dataparallel|method|method-inside|fx)\.pt$/;
  it.each(Object.keys(FILES).filter((name) => !CALLS.test(name)))(
    "%s names nothing suspicious",
    async (name) => {
      const { checkpoint, close } = await open(name, { strictPickle: true });
      expect(checkpoint.notes.filter((note) => note.startsWith("warning"))).toEqual([]);
      await close();
    },
  );

  it.each(["shared-zip.pt", "shared-legacy.pt"])("%s records which tensors are one", async (name) => {
    const { checkpoint, close } = await open(name);
    const storage = (key: string) => checkpoint.tensors.get(key)!.storage;
    expect(storage("again")).toBe(storage("a"));
    expect(storage("part")).not.toBe(storage("a"));
    expect(storage("copy")).not.toBe(storage("a"));
    await close();
  });
});

describe("files without a network's float weights", () => {
  it.each([
    ["optimizer.pt", /holds an optimizer's state and no weights; .*torch\.save\(model\.state_dict\(\)/],
    ["optimizer-inside.pt", /holds an optimizer's state \("opt_state"\) and no weights/],
    ["optimizer-whole.pt", /holds an optimizer's state and no weights/],
    ["dynamic.pt", /holds a quantised model \("fc\._packed_params/],
    ["dynamic-whole.pt", /holds a quantised model \("torch\.ao\.nn\.quantized/],
    ["static.pt", /holds a quantised model \("conv\.weight"\)/],
    ["qat.pt", /holds a quantised model \(".*fake_quant_enabled"\)/],
    ["zero3-model.pt", /ZeRO-3 file whose weights lie in parts .*zero_to_fp32\.py/],
    ["zero3-optimizer.pt", /part of DeepSpeed's optimizer, and no weights; .*zero_to_fp32\.py/],
    ["paddle.pdparams", /is a Paddle state dict/],
    ["fsdp1-local-of-2.pt", /FSDP's parameters joined in one tensor \("_flat_param"\).*full_state_dict=True/],
    ["joblib-zlib.pkl", /is compressed by joblib: load it with joblib\.load/],
    ["dcp-2/__0_0.distcp", /one of the files of a distributed checkpoint; .*dcp_to_torch FOLDER w\.pth/],
  ])("the reader names what %s is", async (name, line) => {
    await expect(open(name)).rejects.toMatchObject({
      code: "bad-file",
      message: expect.stringMatching(line) as string,
    });
  });

  it.each([
    ["dtensor-of-2.pt", "conv.weight"],
    ["fsdp1-sharded-of-2.pt", "fc.weight"],
  ])("%s holds one process's shards: the reader names the shape and reads nothing", async (name, key) => {
    const { checkpoint, close } = await open(name);
    const tensor = checkpoint.tensors.get(key)!;
    expect(tensor.shape).toEqual(FILES["dtensor-of-1.pt"]![key]![1]);
    await expect(tensor.floats()).rejects.toThrow(/is one process's shard .*full_state_dict=True/);
    await close();
  });

  const mark = (...parts: (string | number | Uint8Array)[]) => bytes(...parts, new Uint8Array(80).fill(1));
  const named = (what: string) => bytes("\x0a", what.length, what);
  it.each<[what: RegExp, head: Uint8Array]>([
    [/TensorRT engine/, mark("ftrt")],
    [/ONNX Runtime model/, mark(little(24, 4), "ORTM")],
    [/Core ML model/, mark("\x08\x04\x12\x7e\x0a\x0f\x0a\x05image")],
    [/an ONNX model/, mark("\x08\x08\x12\x07pytorch\x1a\x052.1.0")],
    [/TensorFlow SavedModel/, mark("\x08\x01\x12\xff\x01\x0a\x10")],
    [
      /MindSpore checkpoint/,
      mark("\x0a\x3a", named("conv1.weight"), "\x12\x2a\x08\x40\x08\x03\x12\x07Float32"),
    ],
    [/msgpack file, as Flax/, mark("\x81\xa6params\x82\xa4head\x81\xa6kernel\xc7")],
    [/msgpack file, as Flax/, mark("\xde\x00\x20\xa5layer\x81\xa6kernel\xc7")],
    [/OpenVINO model/, mark('<?xml version="1.0"?>\n<net name="a" version="11">')],
    [/ncnn model/, mark("7767517\n75 83\nInput")],
    [/MXNet/, mark("\x12\x01", new Uint8Array(14))],
  ])("the reader recognises a foreign file by its first bytes: %s", (what, head) => {
    expect(supportedKind(head)).toBeUndefined();
    expect(() => otherKind("x", head, 1000)).toThrow(what);
  });

  it("the reader mistakes no safetensors for another kind, whatever its header's length", () => {
    // As pickles, JSON, zip, joblib, msgpack, gzip, text and BMP begin: 80 02, "(l", " {\n", "PK", 78 9c, 81 a1, 1f 8b, "BM".
    const lengths = Array.from({ length: 0x10000 - 2 }, (_, i) => i + 2);
    const wrong = [...lengths, 0x0a7b20, 0x04034b50, 100_000_000].filter((length) => {
      const head = bytes(little(length, 8), '{"a"');
      return supportedKind(head) !== "safetensors";
    });
    expect(wrong).toEqual([]);
  });
});

describe("distributed checkpoints", () => {
  it("a distributed checkpoint is refused with the way out where its other files cannot be opened", async () => {
    const metadata = new Uint8Array(readFileSync(pathOf("dcp-2/.metadata")));
    await expect(readCheckpoint(fromBytes(".metadata", metadata))).rejects.toThrow(
      /index of a distributed checkpoint; join it: python -m torch.distributed/,
    );
  });

  it("a distributed checkpoint is damaged where a part is missing, cut off or another's", async () => {
    const read = async (change: (path: string, data: Uint8Array) => Uint8Array) => {
      const metadata = new Uint8Array(readFileSync(pathOf("dcp-2/.metadata")));
      const openSibling = (name: string) =>
        Promise.resolve(fromBytes(name, change(name, new Uint8Array(readFileSync(pathOf(`dcp-2/${name}`))))));
      const { tensors } = await readCheckpoint(fromBytes(".metadata", metadata), { openSibling });
      for (const tensor of tensors.values()) await tensor.bytes();
      return tensors.size;
    };
    expect(await read((_, data) => data)).toBe(9);
    await expect(
      read((name, data) => (name === "__1_0.distcp" ? data.subarray(0, 9000) : data)),
    ).rejects.toThrow(/cut off|damaged/);
    const other = new Uint8Array(readFileSync(pathOf("dcp-2/__1_0.distcp")));
    await expect(read((name, data) => (name === "__0_0.distcp" ? other : data))).rejects.toMatchObject({
      code: "bad-file",
    });
  });
});

describe("folders", () => {
  it("the reader finds a folder's one checkpoint, or names several", async () => {
    const data = new URL("../data/", import.meta.url).pathname;
    expect(await checkpointInFolder(pathOf("dcp-2"))).toEqual({ name: ".metadata" });
    expect(await leadingFile(pathOf("dcp-2/__1_0.distcp"))).toBe(".metadata");
    expect(await leadingFile(pathOf("fx.pt"))).toBe("fx.pt");
    expect(await checkpointInFolder(pathOf("."))).toEqual({
      problem: expect.stringMatching(
        /name the file in it, as bytes-keys-5\.pt or .*, and \d+ more/,
      ) as string,
    });
    expect(await checkpointInFolder(`${data}checkpoints`)).toEqual({
      problem:
        "this is a folder; name the file in it, as model.safetensors.index.json or pytorch_model.bin.index.json",
    });
  });
});
