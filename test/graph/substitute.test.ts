/** @file substitute: a part of a graph with another value in the place of one. */

import { expect, test } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { substitute } from "../../src/graph/substitute.js";
import { evaluate } from "../reference/index.js";

test("substitute computes anew what depends on the value, and shares the rest", () => {
  const b = new Builder(1);
  const x = b.input("x", [1, 2]);
  const y = b.input("y", [1, 2]);
  const shared = b.exp(y);
  const output = b.add(b.mul(b.mul(x, 3), shared), b.sum(x, [1]));
  const substituted = substitute(b, output, x, y);
  expect(substituted).toBe(b.add(b.mul(b.mul(y, 3), shared), b.sum(y, [1])));
  expect(substitute(b, output, y, y)).toBe(output);
  expect(substitute(b, x, x, y)).toBe(y);
  const inputs = new Map([
    ["x", [5, 7]],
    ["y", [0, 1]],
  ]);
  const [value] = evaluate([substituted], { inputs, params: new Map() });
  expect([...value!.data]).toEqual([1, 3 * Math.E + 1]);
});

test("substitute refuses another shape, and names both", () => {
  const b = new Builder(1);
  const x = b.input("x", [1, 2]);
  expect(() => substitute(b, b.exp(x), x, b.input("z", [1, 3]))).toThrow(
    "substitute: [1, 3] in the place of [1, 2]",
  );
});
