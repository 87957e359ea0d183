/** @file The norm of responses in ConvNeXt V2, where a channel is 0 everywhere. */

import { expect, test } from "vitest";
import { grad } from "../../src/graph/grad.js";
import { instantiate } from "../../src/graph/instantiate.js";
import { buildTemplate } from "../../src/models/registry.js";
import { findTap } from "../../src/models/taps.js";
import { evaluate } from "../reference/index.js";
import { makeWeight } from "../reference/weights.js";

test("a channel that GELU makes 0 everywhere has finite gradients", () => {
  const template = buildTemplate("convnextv2_atto", { size: [32, 32], channels: 3, classes: 2 });
  const before = findTap(template.modules, "stages[0].blocks[0].conv_dw");
  const after = findTap(template.modules, "stages[0].blocks[0].mlp.drop1");
  const { graph, copyOf } = instantiate([template.logits, before.output, after.output], { batch: 1 });
  const logits = copyOf(template.logits);
  const [gradient] = grad(graph, logits, graph.constant(new Float32Array([1, 0]), [1, 2]), [
    copyOf(before.output),
  ]);
  const params = new Map(
    [...template.graph.params].map(([key, { shape }]) => [key, makeWeight(key, shape, 3, 1)]),
  );
  const fc1 = "stages.0.blocks.0.mlp.fc1";
  params.get(`${fc1}.weight`)!.fill(0, 0, 40);
  params.get(`${fc1}.bias`)![0] = -100;
  const inputs = new Map([["picture", makeWeight("picture", [1, 32, 32, 3], 3, 1)]]);
  const [values, slopes] = evaluate([copyOf(after.output), gradient!], { inputs, params });
  expect(Array.from(values!.data).every((v, i) => i % 160 !== 0 || v === 0)).toBe(true);
  expect(Array.from(slopes!.data).every(Number.isFinite)).toBe(true);
  expect(Array.from(slopes!.data).some((v) => v !== 0)).toBe(true);
});
