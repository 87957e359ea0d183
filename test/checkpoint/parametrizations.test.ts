/** @file Weights in parts are what PyTorch computes of them (tools/make_parametrization_reference.py). */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readCheckpoint } from "../../src/checkpoint/read-checkpoint.js";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";

const read = (name: string) =>
  readCheckpoint(readFileSync(new URL(`../data/${name}.safetensors`, import.meta.url)));

const checkpoint = await read("parametrizations");
const expected = await read("parametrizations-expected");

it("parametrized modules have the same tensors as modules without parametrizations", () => {
  expect([...checkpoint.tensors.keys()].sort()).toEqual([...expected.tensors.keys()].sort());
  expect(checkpoint.notes).toHaveLength(3);
  for (const line of [
    /^weight_norm of \S+ and 5 more is computed$/,
    /^spectral_norm of \S+ and 3 more is computed$/,
    /^pruning of pruned\.\w+ and 1 more is computed$/,
  ])
    expect(checkpoint.notes).toContainEqual(expect.stringMatching(line));
});

it.each([...expected.tensors.keys()])("the weight made of its parts is PyTorch's: %s", async (name) => {
  const want = expected.tensors.get(name)!;
  const got = checkpoint.tensors.get(name)!;
  expect(got.shape).toEqual(want.shape);
  expect(got.name).toBe(name);
  const [a, b] = [await got.floats(), await want.floats()];
  a.forEach((value, i) => expect(Math.abs(value - b[i]!)).toBeLessThan(2e-7));
  expect((await got.bytes()).byteLength).toBe(got.byteLength);
});

it("unknown parts of weights stay as they are: a stack, a mask of another shape, a part that is missing", async () => {
  const tensor = (name: string, ...shape: number[]) => {
    const bytes = new Uint8Array(4 * shape.reduce((n, d) => n * d, 1));
    return { name, dtype: "F32", shape, byteLength: bytes.length, bytes: () => bytes } as const;
  };
  const tensors = [
    tensor("a.parametrizations.weight.original0", 4, 1),
    tensor("a.parametrizations.weight.original1", 4, 5),
    tensor("a.parametrizations.weight.1.base", 4, 4),
    tensor("b.weight_orig", 4, 5),
    tensor("b.weight_mask", 4, 4),
    tensor("c.weight_v", 4, 5),
    tensor("d.query_v", 4, 5),
    tensor("d.query_g", 4, 1),
  ];
  const { tensors: found, notes } = await readCheckpoint(await writeSafetensors(tensors));
  expect([...found.keys()].sort()).toEqual(tensors.map(({ name }) => name).sort());
  expect(notes).toEqual([]);
});
