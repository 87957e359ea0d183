/** @file Written files against the tests' own reader, and against a file that Hugging Face's writer made. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";

it("the writer gives the golden file byte for byte as Hugging Face's does", async () => {
  const original = readFileSync(new URL("../data/golden/densenet121.safetensors", import.meta.url));
  const { tensors, metadata } = await readCheckpoint(new Uint8Array(original));
  const written = await writeSafetensors(tensors.values(), Object.fromEntries(metadata));
  expect(Buffer.from(written).equals(original)).toBe(true);
});

it("the writer sorts and aligns every dtype, and it reads back bit for bit", async () => {
  const make = (name: string, dtype: "U8" | "F64" | "F16", shape: number[], byteLength: number) => ({
    name,
    dtype,
    shape,
    byteLength,
    bytes: () => Uint8Array.from({ length: byteLength }, (_, i) => (i * 37 + byteLength) & 255),
  });
  const tensors = [
    make("odd", "U8", [3], 3),
    make("d", "F64", [], 8),
    make("h", "F16", [3, 1], 6),
    make("none", "F16", [0], 0),
  ];
  const { tensors: read, metadata } = await readCheckpoint(await writeSafetensors(tensors, { note: "ä" }));
  expect(metadata.get("note")).toBe("ä");
  for (const tensor of tensors) {
    expect(read.get(tensor.name)).toMatchObject({ dtype: tensor.dtype, shape: tensor.shape });
    expect([...(await read.get(tensor.name)!.bytes())]).toEqual([...tensor.bytes()]);
  }
});
