/** @file Convolutional networks with the keys of transformers, recognised by these alone, against PyTorch's float64. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Pair } from "../../src/graph/types.js";
import { expectNear, explainFitted, fitKeys } from "../reference/fitted.js";
import { makeWeight } from "../reference/weights.js";
import { readModuleList } from "./module-list.js";

interface Case {
  readonly arch: string;
  readonly size: Pair;
  readonly seed: number;
  readonly gain: number;
  readonly layer: string;
  readonly target: number;
  readonly logits: readonly number[];
  /** Before ReLU. */
  readonly heat: readonly (readonly number[])[];
}

const cases = JSON.parse(
  readFileSync(new URL("../data/huggingface.json", import.meta.url), "utf8"),
) as Record<string, Case>;

test.each(Object.entries(cases))("%s: logits and Grad-CAM are PyTorch's", (_, one) => {
  const model = fitKeys(readModuleList("huggingface", one.arch).keys, { size: one.size });
  expect(model.description).toMatchObject({
    arch: one.arch,
    spelling: "huggingface",
    report: { missing: [] },
  });
  const [logits, heat] = explainFitted(model, {
    ...one,
    weight: (key, shape) => makeWeight(key, shape, one.seed, one.gain),
  });
  expectNear(logits, one.logits);
  expectNear(heat, one.heat.flat());
});

/** Networks whose bare models have the same names without the root. */
const ROOTS = { efficientnet: "efficientnet", mobilenet: "mobilenet_v2" };

describe.each(
  Object.entries(cases).flatMap(([name, one]) =>
    Object.entries(ROOTS).flatMap(([start, root]) =>
      one.arch.startsWith(start) ? [[name, one, root] as const] : [],
    ),
  ),
)("%s without its root", (_, one, root) => {
  const { keys } = readModuleList("huggingface", one.arch);
  const bare = [...keys].flatMap(([key, shape]) =>
    key.startsWith(`${root}.`) ? [[key.slice(root.length + 1), shape] as const] : [],
  );

  test("the network without its root has no classifier", () => {
    const { description } = fitKeys(new Map(bare), { size: one.size });
    const [, length] = keys.get("classifier.weight")!;
    expect(description).toMatchObject({
      arch: one.arch,
      spelling: "huggingface",
      classes: 0,
      embedding: { length },
    });
  });

  test("the network without its root, with a user's head, gives PyTorch's logits and Grad-CAM", () => {
    const inner = bare.map(([key, shape]) => [`backbone.${key}`, shape] as const);
    const head = ["weight", "bias"].map((name) => [`fc.${name}`, keys.get(`classifier.${name}`)!] as const);
    const model = fitKeys(new Map([...inner, ...head]), { size: one.size });
    const original = (key: string): string =>
      key.replace(/^fc\./, "classifier.").replace(/^backbone\./, `${root}.`);
    const [logits, heat] = explainFitted(model, {
      ...one,
      weight: (key, shape) => makeWeight(original(key), shape, one.seed, one.gain),
    });
    expectNear(logits, one.logits);
    expectNear(heat, one.heat.flat());
  });
});
