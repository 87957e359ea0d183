/** @file Guided backprop's rule on a small network, against the rule written out; refusal. */

import { expect, test } from "vitest";
import { GUIDED_RULES, requireGuidable } from "../../src/cam/methods/guided-rules.js";
import { GradlensError } from "../../src/errors.js";
import { Builder } from "../../src/graph/builder.js";
import { grad } from "../../src/graph/grad.js";
import { buildTemplate } from "../../src/models/registry.js";
import { evaluate } from "../reference/index.js";
import { seeded } from "../reference/random.js";

test("guided backprop passes back only positive gradients of positive values at every ReLU", () => {
  const random = seeded(4);
  const x = random.array(6);
  const [w1, w2, w3] = [48, 64, 8].map((n) => Float32Array.from(random.array(n))) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const b = new Builder(1);
  const input = b.input("x", [1, 6]);
  const first = b.relu(b.matmul(input, b.constant(w1, [6, 8])));
  const second = b.relu(b.matmul(first, b.constant(w2, [8, 8])));
  const logit = b.matmul(second, b.constant(w3, [8, 1]));
  const [guided] = grad(b, logit, b.constant(1, [1, 1]), [input], GUIDED_RULES);
  const [result] = evaluate([guided!], { inputs: new Map([["x", x]]) });

  const row = (v: ArrayLike<number>, w: Float32Array, m: number): number[] =>
    Array.from({ length: m }, (_, j) => Array.from(v).reduce((s, a, i) => s + a * w[i * m + j]!, 0));
  const back = (g: number[], w: Float32Array, n: number): number[] =>
    Array.from({ length: n }, (_, i) => g.reduce((s, a, j) => s + a * w[i * g.length + j]!, 0));
  const guide = (g: number[], z: number[]): number[] => g.map((a, i) => (a > 0 && z[i]! > 0 ? a : 0));
  const relu = (z: number[]): number[] => z.map((a) => Math.max(a, 0));
  const z1 = row(x, w1, 8);
  const z2 = row(relu(z1), w2, 8);
  const expected = back(guide(back(guide([...w3], z2), w2, 8), z1), w1, 6);
  expect(expected.some((g) => g !== 0)).toBe(true);
  expected.forEach((g, i) => expect(result!.data[i]).toBeCloseTo(g, 12));
});

test("guided backprop is refused for a model without ReLU, with the reason", () => {
  const template = buildTemplate("vit_tiny_patch16_224", { size: [32, 32], channels: 3, classes: 2 });
  const { graph, logits } = template;
  // Not a ReLU of the model.
  graph.relu(logits);
  expect(() => requireGuidable({ template, name: "vit_tiny" })).toThrow(GradlensError);
  expect(() => requireGuidable({ template, name: "vit_tiny" })).toThrow(/vit_tiny has no ReLU; use/);
  const withReLU = { ...template, logits: graph.relu(logits) };
  expect(() => requireGuidable({ template: withReLU, name: "vit_tiny" })).not.toThrow();
});
