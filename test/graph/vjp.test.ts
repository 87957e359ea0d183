/** @file Every op's gradient and second derivative against central differences in f64. */

import { describe, expect, test } from "vitest";
import { grad } from "../../src/graph/grad.js";
import { OPS } from "../../src/graph/ops.js";
import type { Node, OpName } from "../../src/graph/types.js";
import {
  buildTemplate,
  centralDifference,
  evaluateWith,
  withLeaves,
  leafValues,
  nameOf,
} from "./gradient-check.js";
import { relativeError } from "../reference/compare.js";
import { VJP_CASES, type VjpCase } from "./vjp-cases.js";

const PICTURES = 2;
const TOLERANCE = 1e-8;

const ops = Object.keys(OPS) as OpName[];

/** `gradients` of sum(weights * outputs) for `leaves`, against differences. All are nodes of one template. */
function check(
  outputs: readonly Node[],
  weights: readonly Node[],
  leaves: readonly Node[],
  gradients: readonly Node[],
  range: VjpCase["range"],
): void {
  const graph = withLeaves([...outputs, ...gradients, ...weights, ...leaves], { batch: PICTURES });
  const values = leafValues(graph.leaves, range);
  const copies = graph.outputs.slice(0, outputs.length);
  const actual = evaluateWith(graph.outputs.slice(outputs.length, outputs.length + gradients.length), values);
  leaves.forEach((leaf, i) => {
    const factors = weights.map((w) => values.get(nameOf(w))!);
    const expected = centralDifference(copies, factors, values, nameOf(leaf));
    expect(actual[i]!.data, nameOf(leaf)).toHaveLength(expected.length);
    expect(relativeError(actual[i]!.data, expected), nameOf(leaf)).toBeLessThan(TOLERANCE);
  });
}

describe.each(ops)("%s", (op) => {
  test.each(VJP_CASES[op])("the gradient and second derivative are central differences' for $name", (c) => {
    const t = buildTemplate(c);
    expect(t.builder.nodes.slice(0, t.seed.id + 1).map((n) => n.op)).toContain(op);
    check([t.value], [t.seed], t.leaves, t.first, c.range);
    check(t.first, t.directions, [...t.leaves, t.seed], t.second, c.range);
    // Second derivatives are made of ops that have gradients themselves: third ones can be built and evaluated.
    const third = t.second.flatMap((g) =>
      grad(t.builder, g, t.builder.broadcast(t.builder.constant(1), g.shape), t.leaves),
    );
    const graph = withLeaves(third, { batch: PICTURES });
    for (const { data } of evaluateWith(graph.outputs, leafValues(graph.leaves, c.range))) {
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });
});
