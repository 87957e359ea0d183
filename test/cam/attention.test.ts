/** @file Attention rollout and LeGrad in the f64 interpreter against PyTorch's float64 (tools/make_attention_reference.py). */

import { describe, expect, test } from "vitest";
import { attentionsOf, checkAttentions, probabilities } from "../../src/cam/methods/attention.js";
import { legradMap } from "../../src/cam/methods/legrad.js";
import { rolloutMap } from "../../src/cam/methods/rollout.js";
import { checkMapOptions, mapOptionValues, type MapOptionValues } from "../../src/cam/map-options.js";
import { Builder } from "../../src/graph/builder.js";
import { instantiate } from "../../src/graph/instantiate.js";
import type { Node, NodeOf } from "../../src/graph/types.js";
import { buildTemplate } from "../../src/models/registry.js";
import type { Arch } from "../../src/models/architectures.js";
import { build, loadModelCase } from "../models/interpreter-golden.js";
import { readTensors } from "../reference/golden.js";
import { evaluate, type NdF64 } from "../reference/index.js";

const { tensors } = readTensors(new URL("../data/attention.safetensors", import.meta.url));
const names = [...new Set([...tensors.keys()].map((key) => key.split(".")[0]!))];

test.each(names)("rollout and LeGrad of %s in the interpreter are PyTorch's", (name) => {
  const reference = loadModelCase(name);
  const { template, params } = build(reference);
  const { graph: b, logits } = template;
  const attentions = attentionsOf(template)!;
  const keys = [...tensors.keys()].filter((key) => key.startsWith(`${name}.`));
  const maps = keys.map((key) => {
    if (key.endsWith("legrad")) return legradMap(b, attentions, logits, b.input("seed", logits.shape));
    const [, heads, ratio] = /rollout\.(\w+)\.(.*)/.exec(key)!;
    const options = { rolloutHeads: heads as MapOptionValues["rolloutHeads"], discardRatio: Number(ratio) };
    return rolloutMap(b, probabilities(b, attentions.layers), attentions.layout, options);
  });
  const { copyOf } = instantiate(maps, { batch: 1 });
  const seed = new Float32Array(reference.classes);
  seed[reference.target] = 1;
  const inputs = new Map<string, ArrayLike<number>>([
    ["picture", reference.input],
    ["seed", seed],
  ]);
  const values = evaluate(maps.map(copyOf), { inputs, params });
  keys.forEach((key, i) => {
    const { shape, data } = tensors.get(key)!;
    expect(values[i]!.shape, key).toEqual([1, ...shape]);
    const largest = Math.max(...data);
    data.forEach((v, p) => expect(Math.abs(values[i]!.data[p]! - v) / largest, key).toBeLessThan(1e-5));
  });
});

test("rollout keeps attentions that are all equal: none is the smallest", () => {
  const b = new Builder(1);
  const equal = b.constant(1 / 7, [1, 2, 7, 7]);
  const map = rolloutMap(
    b,
    [equal, equal],
    { prefix: 1, height: 2, width: 3 },
    mapOptionValues({ discardRatio: 0.9 }),
  );
  // ((J / 7 + I) / 2)² = (3 J / 7 + I) / 4, J all ones
  const [{ data }] = evaluate([map], { inputs: new Map(), params: new Map() }) as [NdF64];
  expect(data).toHaveLength(6);
  data.forEach((v) => expect(v).toBeCloseTo(3 / 28, 8));
});

test("an attention's bias is part of its probabilities, as in BEiT", () => {
  const b = new Builder(1);
  const table = (shape: readonly number[], phase: number) =>
    b.constant(
      Float32Array.from({ length: shape.reduce((n, d) => n * d) }, (_, i) => Math.sin(i + phase)),
      shape,
    );
  const [q, k, v] = [1, 2, 3].map((phase) => table([1, 2, 5, 3], phase)) as [Node, Node, Node];
  const node = b.attention(q, k, v, table([2, 5, 5], 4), 0.5) as NodeOf<"attention">;
  const [p] = probabilities(b, [{ node, output: node }]);
  const [found, wanted] = evaluate([b.matmul(p!, v), node], { inputs: new Map(), params: new Map() });
  wanted!.data.forEach((value, i) => expect(found!.data[i]).toBeCloseTo(value, 8));
});

test("impossible options of rollout are refused in one line", () => {
  expect(() => checkMapOptions({ rolloutHeads: "median" as "mean" })).toThrow(
    'rolloutHeads "median": use "mean" or "max" or "min"',
  );
  for (const discardRatio of [1, -0.1, NaN]) {
    expect(() => checkMapOptions({ discardRatio })).toThrow(
      `discardRatio ${discardRatio}: use a number from 0 to less than 1`,
    );
  }
});

describe("attention rollout", () => {
  const refusal = (arch: Arch, size: number): unknown => {
    try {
      const template = buildTemplate(arch, { size: [size, size], channels: 3, classes: 2 });
      checkAttentions({ template, name: arch }, "Attention rollout");
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test("rollout is refused for networks without attention", () => {
    expect(refusal("resnet18", 64)).toMatchObject({
      code: "unsupported",
      message:
        "Attention rollout reads the attention of a transformer, which resnet18 lacks; use gradcam instead",
    });
  });

  test.each([
    ["swin_tiny_patch4_window7_224", 224],
    ["pvt_v2_b0", 64],
    ["pvt_v2_b2_li", 64],
  ] as const)("rollout is refused for %s, whose layers look at different tokens", (arch, size) => {
    expect(refusal(arch, size)).toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(
        new RegExp(`needs a class token .*; ${arch} attends .*; use gradcam instead$`),
      ) as string,
    });
  });
});
