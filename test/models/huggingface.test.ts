/** @file Convolutional networks with the keys of transformers, recognised by these alone, against PyTorch's float64. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
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
