/**
 * @file Several gradients of one picture: forward values come in once, at batch 1, and meet gradients of batch T. That is
 * how the reverse passes run. The gradients must be those of each target alone.
 */

import { describe, expect, test } from "vitest";
import { OPS } from "../../src/graph/ops.js";
import { isParametric } from "../../src/graph/rewrite.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { Node, OpName } from "../../src/graph/types.js";
import {
  buildTemplate,
  evaluateWith,
  withLeaves,
  isBatched,
  leafValues,
  type LeafValues,
} from "./gradient-check.js";
import { relativeError } from "../reference/compare.js";
import { B, VJP_CASES, type VjpCase } from "./vjp-cases.js";

const TARGETS = 3;

const ops = Object.keys(OPS) as OpName[];

/** The part of target t of arrays that hold several targets one after the other. */
function ofTarget(values: LeafValues, names: ReadonlySet<string>, t: number): LeafValues {
  return new Map(
    [...values].map(([name, data]) => {
      const size = data.length / TARGETS;
      return [name, names.has(name) ? data.slice(t * size, (t + 1) * size) : data];
    }),
  );
}

/** The gradients of a case at `TARGETS` seeds of one picture, and what each seed alone gives. */
function compare(c: VjpCase): void {
  const t = buildTemplate(c, isBatched);
  const wanted = [...t.first, ...t.second];
  const isForward = (node: Node): boolean => node.id < t.seed.id && !isParametric(node);

  // One picture: the forward values.
  const forward = t.builder.nodes.filter(isForward);
  const once = withLeaves([...forward, ...t.leaves], { batch: 1 });
  const pictureValues = leafValues(once.leaves, c.range);
  const saved = evaluateWith(once.outputs.slice(0, forward.length), pictureValues);
  const savedOf = new Map(forward.map((node, i) => [node, saved[i]!]));

  const several = withLeaves(wanted, {
    batch: TARGETS,
    substitute: (node, b) =>
      isForward(node) ? b.input(`saved${node.id}`, savedOf.get(node)!.shape) : undefined,
  });
  const perTarget = new Set(["seed", ...t.directions.map((_, i) => `direction${i}`)]);
  const values = leafValues(several.leaves, c.range, 2);
  for (const [name, data] of pictureValues) values.set(name, data);
  forward.forEach((node) => values.set(`saved${node.id}`, savedOf.get(node)!.data));
  const actual = evaluateWith(several.outputs, values);

  const alone = withLeaves(wanted, { batch: 1 });
  for (let target = 0; target < TARGETS; target++) {
    const expected = evaluateWith(alone.outputs, ofTarget(values, perTarget, target));
    expected.forEach(({ data, shape }, i) => {
      expect(actual[i]!.shape).toEqual([TARGETS, ...shape.slice(1)]);
      const size = sizeOf(shape);
      const part = actual[i]!.data.slice(target * size, (target + 1) * size);
      expect(relativeError(part, data), `value ${i}`).toBeLessThan(1e-12);
    });
  }
}

const casesOf = (op: OpName): VjpCase[] =>
  VJP_CASES[op].filter((c) => !c.mixesPictures && c.shapes.some((shape) => shape[0] === B));

describe.each(ops.filter((op) => casesOf(op).length > 0))("%s", (op) => {
  test.each(casesOf(op))("$name of several targets is that of each target alone", compare);
});

test("values on an axis that several pictures share are refused, not mixed up", () => {
  const merging = VJP_CASES.reshape.find((c) => c.mixesPictures)!;
  expect(() => compare(merging)).toThrow("do not broadcast");
});
