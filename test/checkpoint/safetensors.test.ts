/** @file The safetensors reader on real files, and on everything that is wrong with a file. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { fromBytes, type ByteSource } from "../../src/checkpoint/source.js";
import { GradlensError } from "../../src/errors.js";
import { openFile } from "../../src/node/file-source.js";
import { readTensors } from "../reference/golden.js";
import { safetensorsFile, u64, joined } from "./safetensors-file.js";

const GOLDEN = new URL("../data/golden/densenet121.safetensors", import.meta.url);

async function message(file: Uint8Array | ByteSource): Promise<string> {
  const error = await readCheckpoint(file).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(GradlensError);
  expect((error as GradlensError).code).toBe("bad-file");
  const text = (error as GradlensError).message;
  expect(text.split(/[\n\r\u2028\u2029]/)).toHaveLength(1);
  expect(text.length).toBeLessThan(500);
  return text;
}

describe("real files", () => {
  it.each(["file", "Blob", "File", "bytes"])(
    "a golden file from a %s is read as the tests' own reader reads it",
    async (kind) => {
      const expected = readTensors(GOLDEN);
      const bytes = new Uint8Array(readFileSync(GOLDEN));
      const file = kind === "file" ? await openFile(GOLDEN.pathname) : undefined;
      const inputs = { bytes, Blob: new Blob([bytes]), File: new File([bytes], "a.safetensors") };
      const checkpoint = await readCheckpoint(file ?? inputs[kind as keyof typeof inputs]);
      expect(checkpoint.format).toBe("safetensors");
      expect(Object.fromEntries(checkpoint.metadata)).toEqual(expected.metadata);
      expect([...checkpoint.tensors.keys()]).toEqual([...expected.tensors.keys()]);
      for (const [name, { shape, data }] of expected.tensors) {
        const tensor = checkpoint.tensors.get(name)!;
        expect(tensor.shape, name).toEqual(shape);
        expect(Buffer.from(await tensor.bytes()).equals(Buffer.from(data.buffer)), name).toBe(true);
        const floats = await tensor.floats();
        const same = Buffer.from(Float32Array.from(data).buffer);
        expect(Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).equals(same), name).toBe(
          true,
        );
      }
      await file?.close();
    },
  );

  it("the reader reads only the header until a tensor is requested", async () => {
    const bytes = new Uint8Array(readFileSync(GOLDEN));
    let read = 0;
    const source: ByteSource = {
      ...fromBytes("counted", bytes),
      read(offset, length) {
        read += length;
        return Promise.resolve(bytes.subarray(offset, offset + length));
      },
    };
    const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const { tensors } = await readCheckpoint(source);
    expect(read).toBeLessThanOrEqual(headerBytes + 8 + 512);
    read = 0;
    await tensors.get("logits")!.bytes();
    expect(read).toBe(tensors.get("logits")!.byteLength);
  });

  it("the reader reads headers without padding, empty tensors, scalars and a name like a prototype's", async () => {
    const { tensors } = await readCheckpoint(
      safetensorsFile(
        '{"__proto__":{"dtype":"F32","shape":[],"data_offsets":[0,4]}, "e":{"dtype":"F64","shape":[0,3],"data_offsets":[8,8]}, "toString":{"dtype":"I32","shape":[1],"data_offsets":[4,8]}}',
        new Uint8Array([0, 0, 128, 63, 7, 0, 0, 0]),
      ),
    );
    expect([...tensors.keys()].sort()).toEqual(["__proto__", "e", "toString"]);
    expect(await tensors.get("__proto__")!.floats()).toEqual(new Float32Array([1]));
    expect(await tensors.get("toString")!.floats()).toEqual(new Float32Array([7]));
    expect(await tensors.get("e")!.floats()).toEqual(new Float32Array(0));
  });

  it("the reader names a tensor whose elements f32 cannot represent", async () => {
    const file = safetensorsFile(
      { z: { dtype: "C64", shape: [1], data_offsets: [0, 8] } },
      new Uint8Array(8),
    );
    const { tensors } = await readCheckpoint(file);
    await expect(tensors.get("z")!.floats()).rejects.toThrow(/"z" holds C64/);
  });
});

describe("damaged files", () => {
  const f32 = (begin: number, end: number, shape: unknown = [(end - begin) / 4]) => ({
    dtype: "F32",
    shape,
    data_offsets: [begin, end],
  });
  const data = new Uint8Array(16);
  const cases: [string, Uint8Array, RegExp][] = [
    ["an empty file", new Uint8Array(), /is empty/],
    ["a few bytes", new Uint8Array([1, 2, 3]), /too short/],
    [
      "a header of gigabytes",
      joined(u64(5_000_000_000n), new TextEncoder().encode('{"a":1}')),
      /claims a header of 5000000000 bytes/,
    ],
    [
      "the largest header length",
      joined(u64(2n ** 64n - 1n), new TextEncoder().encode('{"a":1}')),
      /claims a header/,
    ],
    ["a header beyond the file", joined(u64(1000), new TextEncoder().encode('{"a":1}')), /cut off/],
    ["a header that is no JSON", safetensorsFile('{"a":}', data), /not valid JSON/],
    ["a header that is no UTF-8", joined(u64(4), new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])), /not valid JSON/],
    ["a deeply nested header", safetensorsFile(`{"a":${"[".repeat(1e6)}`, data), /not valid JSON/],
    [
      "a name twice",
      safetensorsFile(
        '{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"\\u0061" : {"dtype":"U8","shape":[8],"data_offsets":[8,16]}}',
        data,
      ),
      /names "a" twice/,
    ],
    ["metadata that is no object", safetensorsFile({ __metadata__: [] }), /__metadata__/],
    [
      "metadata that is no string",
      safetensorsFile({ __metadata__: { size: 224 } }),
      /"size" is not a string/,
    ],
    ["a tensor that is no object", safetensorsFile({ a: 3 }), /"a" is not described/],
    ["no dtype", safetensorsFile({ a: { shape: [], data_offsets: [0, 4] } }), /"a" has no dtype/],
    [
      "an unknown dtype",
      safetensorsFile({ a: { ...f32(0, 16), dtype: "F31" } }, data),
      /unknown dtype "F31"/,
    ],
    [
      "a dtype like a prototype's property",
      safetensorsFile({ a: { ...f32(0, 16), dtype: "toString" } }, data),
      /unknown dtype/,
    ],
    ["a negative dimension", safetensorsFile({ a: f32(0, 16, [-4]) }, data), /no valid shape/],
    ["a fractional dimension", safetensorsFile({ a: f32(0, 16, [0.5, 8]) }, data), /no valid shape/],
    [
      "offsets that are no pair",
      safetensorsFile({ a: { ...f32(0, 16), data_offsets: [0] } }, data),
      /no valid data_offsets/,
    ],
    ["offsets backwards", safetensorsFile({ a: f32(16, 0, [4]) }, data), /ends .* before it begins/],
    [
      "a size that is not the shape's",
      safetensorsFile({ a: f32(0, 16, [5]) }, data),
      /takes 16 bytes, but F32 \[5\] needs 20/,
    ],
    [
      "a shape whose product overflows",
      safetensorsFile({ a: f32(0, 16, [2 ** 40, 2 ** 40]) }, data),
      /takes 16 bytes/,
    ],
    [
      "tensors that overlap",
      safetensorsFile({ a: f32(0, 8), b: f32(4, 16) }, data),
      /"b" overlaps tensor "a"/,
    ],
    [
      "a hole before a tensor",
      safetensorsFile({ a: f32(0, 4), b: f32(8, 16) }, data),
      /4 bytes between tensor "a" and tensor "b"/,
    ],
    ["a hole at the start", safetensorsFile({ a: f32(8, 16) }, data), /8 bytes between the header/],
    ["bytes after the last tensor", safetensorsFile({ a: f32(0, 12) }, data), /has 4 bytes after tensor "a"/],
    [
      "an unaligned tensor",
      safetensorsFile(
        { a: { dtype: "U8", shape: [2], data_offsets: [0, 2] }, b: f32(2, 14) },
        data.subarray(0, 14),
      ),
      /"b" lies unaligned, at byte 2/,
    ],
    ["a cut-off file", safetensorsFile({ a: f32(0, 16) }, data.subarray(0, 9)), /cut off: its tensors need/],
    ["a name of another line", safetensorsFile({ "a\n\u2028b": 3 }), /"a\\n\\u2028b"/],
    ["a name of megabytes", safetensorsFile({ ["a".repeat(5e6)]: 3 }), /not described/],
  ];
  it.each(cases)("a damaged file is refused: %s", async (_, file, expected) => {
    expect(await message(file)).toMatch(expected);
  });

  it("the golden file cut off anywhere is refused", async () => {
    const bytes = new Uint8Array(readFileSync(GOLDEN));
    for (let percent = 0; percent < 100; percent++) {
      await message(bytes.subarray(0, Math.floor((bytes.length * percent) / 100)));
    }
  });

  it("a source's own failure becomes an error of ours", async () => {
    const source: ByteSource = {
      name: "remote",
      size: 100,
      read: () => Promise.reject(new Error("the cable broke\nstack")),
    };
    expect(await message(source)).toBe("remote: cannot be read at byte 0 (the cable broke)");
  });
});

describe("files of another kind", () => {
  const text = (s: string) => Uint8Array.from(s, (c) => c.charCodeAt(0));
  const padded = (s: string) => joined(text(s), new Uint8Array(600));
  const tar = padded("weights/");
  tar.set(text("ustar"), 257);
  const cases: [string, Uint8Array, RegExp][] = [
    [
      "git-lfs pointer",
      text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"),
      /Git LFS pointer.*git lfs pull/,
    ],
    ["GGUF", padded("GGUF\x03"), /GGUF/],
    ["HDF5", padded("\x89HDF\r\n\x1a\n"), /HDF5/],
    ["PNG", padded("\x89PNG\r\n\x1a\n"), /PNG/],
    ["JPEG", padded("\xff\xd8\xff\xe0\0\x10JFIF"), /JPEG/],
    ["tar", tar, /tar/],
    ["gzip", padded("\x1f\x8b\x08\0"), /gzip/],
    ["HTML", text("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>"), /web page/],
    ["JSON", text('[{"weight_map": {}}]'), /JSON/],
    ["text of any sort", text("key: value\nepochs: 12\n{}"), /is text/],
    ["ONNX", padded("\x08\x08\x12\x07pytorch\x1a\x052.1.0:"), /ONNX/],
    ["SavedModel", padded("\x08\x01\x12\x88\x10"), /SavedModel/],
    ["a program", padded("\x7fELF\x02\x01"), /program/],
    ["zeros", new Uint8Array(4096), /only zeros/],
    [
      "noise",
      new Uint8Array([9, 250, 3, 77, 200, 14, 8, 91, 33, 0, 4]),
      /begins with the bytes 09 fa 03 4d c8 0e 08 5b/,
    ],
  ];
  it.each(cases)("a file of another kind is named: %s", async (_, file, expected) => {
    const said = await message(file);
    expect(said).toMatch(expected);
    expect(said).toMatch(/safetensors/);
  });
});

describe("openFile", () => {
  it.each(["/no/such/file", "/", "/tmp\0x"])("openFile names what is wrong with %j", async (path) => {
    await expect(openFile(path)).rejects.toMatchObject({ code: "bad-file" });
  });
});
