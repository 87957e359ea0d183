/** @file Fitted models of keys and shapes alone, explained in f64 with weights made by rule. */

import { expect } from "vitest";
import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import { grad } from "../../src/graph/grad.js";
import { instantiate } from "../../src/graph/instantiate.js";
import type { Shape } from "../../src/graph/shape.js";
import type { Pair } from "../../src/graph/types.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { FittedModel } from "../../src/library/fit/fit-steps.js";
import { findTap, mapLayout, toMap } from "../../src/models/taps.js";
import { channelsLast } from "./golden.js";
import { evaluate } from "./index.js";
import { makeWeight } from "./weights.js";

/** Fits a state dict of these keys, whose tensors cannot be read. @param wrapper stands before every key in the file */
export function fitKeys(
  keys: ReadonlyMap<string, Shape>,
  options: FitOptions = {},
  wrapper = "",
  metadata: ReadonlyMap<string, string> = new Map(),
): FittedModel {
  const unread = (): never => {
    throw new Error("a tensor was read");
  };
  const tensors = new Map<string, CheckpointTensor>();
  for (const [key, shape] of keys) {
    const name = wrapper + key;
    tensors.set(name, { name, dtype: "F32", shape, byteLength: 0, bytes: unread, floats: unread });
  }
  return fitModel({ name: "w.pth", tensors, metadata }, options);
}

interface Explained {
  readonly layer: string;
  readonly target: number;
  /** Of the picture, [height, width]. */
  readonly size: Pair;
  readonly seed: number;
  /** By the file's key. */
  readonly weight: (name: string, shape: Shape) => Float32Array;
}

/** The logits, and the layer's Grad-CAM without ReLU. The picture is made by rule, times ten. */
export function explainFitted(
  { template, tensors, description }: FittedModel,
  { layer, target, size, seed, weight }: Explained,
): [logits: number[], heat: number[]] {
  const tap = findTap(template.modules, layer, { otherNames: template.otherNames });
  const { graph, copyOf } = instantiate([template.logits, tap.output], { batch: 1 });
  const [logits, output] = [copyOf(template.logits), copyOf(tap.output)];
  const seedRow = new Float32Array(description.classes);
  seedRow[target] = 1;
  const [gradient] = grad(graph, logits, graph.constant(seedRow, [1, seedRow.length]), [output]);
  const layout = mapLayout(tap, "");
  const [A, G] = [toMap(graph, output, layout), toMap(graph, gradient!, layout)];
  const heat = graph.sum(graph.mul(A, graph.mean(G, [1, 2])), [3]);
  const shape = [1, 3, ...size];
  const picture = channelsLast({ shape, data: makeWeight("picture", shape, seed, 1) });
  const params = new Map([...tensors].map(([key, { name, shape }]) => [key, weight(name, shape)]));
  const inputs = new Map([["picture", Float64Array.from(picture.data, (v) => 10 * v)]]);
  return evaluate([logits, heat], { inputs, params }).map(({ data }) => [...data]) as [number[], number[]];
}

/** Within 1e-5 of the largest value. */
export function expectNear(actual: readonly number[], wanted: readonly number[]): void {
  expect(actual.length).toBe(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  wanted.forEach((value, i) => expect(Math.abs(actual[i]! - value) / largest).toBeLessThan(1e-5));
}
