/** @file Gradients of whole networks, parameters' included, and a second derivative, against PyTorch's in float64. */

import { describe, expect, test } from "vitest";
import { instantiate } from "../../src/graph/instantiate.js";
import type { Node } from "../../src/graph/types.js";
import { relativeError } from "./compare.js";
import { gradientsOf, hessianProductsOf, loadGradientCase, type GradientCase } from "./gradient-cases.js";
import { evaluate } from "./index.js";

const TOLERANCE = 1e-9;

/** Evaluates nodes of the case's template for its one picture. */
function run({ inputs, params }: GradientCase, nodes: readonly Node[]): Float64Array[] {
  const { copyOf } = instantiate(nodes, { batch: 1 });
  return evaluate(nodes.map(copyOf), { inputs, params }).map((y) => y.data);
}

function compare(c: GradientCase, what: "grad" | "hvp", nodes: readonly Node[]): void {
  const values = run(c, nodes);
  [...c.wrt.keys()].forEach((key, i) => {
    const expected = c.expected.get(`${what}.${key}`)!;
    // Relative to this tensor's own largest value: small gradients count as much as large ones.
    const scale = expected.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
    expect(relativeError(values[i]!, expected, scale), `${what}.${key}`).toBeLessThan(TOLERANCE);
  });
}

describe.each(["densenet", "smooth"] as const)("%s", (name) => {
  const c = loadGradientCase(name);

  test("the network has every parameter of PyTorch's", () => {
    const keys = [...c.expected.keys()].filter((key) => key.startsWith("grad."));
    expect([...c.wrt.keys()].map((key) => `grad.${key}`)).toEqual(expect.arrayContaining(keys));
    expect(keys.length).toBeGreaterThan(5);
  });

  test("the network's logits are PyTorch's", () => {
    const [logits] = run(c, [c.logits]);
    expect(relativeError(logits!, c.expected.get("logits")!)).toBeLessThan(TOLERANCE);
  });

  test("gradients for the picture and every parameter are PyTorch's", () =>
    compare(c, "grad", gradientsOf(c)));
});

test("Hessian-vector products for the picture and every parameter are PyTorch's", () => {
  const c = loadGradientCase("smooth");
  compare(c, "hvp", hessianProductsOf(c));
});
