/** @file Flat maps get the reason that is true of them. */

import { describe, expect, test } from "vitest";
import { flatFacts, flatReason, isFlat, readFacts } from "../../src/cam/flat/reason.js";
import { rawMap } from "../../src/cam/layer-maps/raw-map.js";
import { scaleMap } from "../../src/cam/scaling/scale-maps.js";
import { METHODS } from "../../src/cam/methods/table.js";
import { Builder } from "../../src/graph/builder.js";
import { evaluate } from "../reference/index.js";

const LAYER = { path: "layer4[-1]", positions: 6 };

/** The reasons of gradcam's map (2 targets, 2 x 3 positions, 4 channels); undefined where the map is not flat. */
function reasons(activation: (i: number) => number, gradient: (i: number) => number): (string | undefined)[] {
  const b = new Builder(2);
  const A = b.input("A", [1, 2, 3, 4]);
  const G = b.input("G", [2, 2, 3, 4]);
  const raw = rawMap(b, METHODS.gradcam, A, G);
  const inputs = new Map([
    ["A", Float32Array.from({ length: 24 }, (_, i) => activation(i))],
    ["G", Float32Array.from({ length: 48 }, (_, i) => gradient(i))],
  ]);
  const [facts, maps] = evaluate([flatFacts(b, raw, A, G), scaleMap(b, raw, [4, 6])], { inputs });
  return readFacts(Float32Array.from(facts!.data), 2).map((f, t) =>
    isFlat(Float32Array.from(maps!.data.subarray(t * 24, (t + 1) * 24)))
      ? flatReason(f, LAYER, true)
      : undefined,
  );
}

describe("flat maps", () => {
  test("flat maps are found among others, target by target", () => {
    const [first, second] = reasons(
      (i) => i + 1,
      (i) => (i < 24 ? -1 : 1),
    );
    expect(first).toMatch(/negative or zero at every position of layer4\[-1\].*ReLU leaves nothing/);
    // It may be a similarity with another picture as well.
    expect(first).toContain("against this target");
    expect(second).toBeUndefined();
  });

  test("flat maps name zero gradients, zero activations and equal values as the reason", () => {
    const varied = (i: number): number => i + 1;
    expect(
      reasons(varied, () => 0).every((r) => /gradient at layer4\[-1\] is zero everywhere/.test(r ?? "")),
    ).toBe(true);
    expect(reasons(() => 0, varied)[0]).toMatch(/output of layer4\[-1\] is zero/);
    expect(
      reasons(
        () => 1,
        () => 1,
      )[0],
    ).toMatch(/same value at every position/);
  });

  test("flat maps get a reason without gradients too", () => {
    const b = new Builder(1);
    const A = b.input("A", [1, 1, 2, 2]);
    const raw = b.input("raw", [1, 1, 2]);
    const inputs = new Map([
      ["A", [0, 0, 0, -2]],
      ["raw", [-3, -1]],
    ]);
    const [facts] = evaluate([flatFacts(b, raw, A)], { inputs });
    expect(readFacts(Float32Array.from(facts!.data), 1)).toEqual([
      { highest: -1, lowest: -3, activation: 2, gradient: undefined },
    ]);
    const negative = readFacts(Float32Array.from(facts!.data), 1)[0]!;
    expect(flatReason(negative, LAYER, false)).not.toContain("target");
  });

  const facts = { highest: 1, lowest: 1, activation: 1, gradient: 1 };

  test.each([
    ["a single position", facts, 1, "layer4[-1] has a single position"],
    ["zero before ReLU", { ...facts, highest: 0, lowest: 0 }, 6, "is 0 before ReLU at every position"],
    ["one value", facts, 6, "has the same value at every position"],
    ["one negative value", { ...facts, highest: -1, lowest: -1 }, 6, "is negative or zero at every position"],
    ["tiny values", { ...facts, highest: 1e-40, lowest: 0 }, 6, "too small to distinguish (1.0e-40 at most)"],
  ])("%s", (_, found, positions, reason) => {
    expect(flatReason(found, { ...LAYER, positions }, true)).toContain(reason);
  });

  test("each reason names what to do", () => {
    const all = [
      { ...facts, activation: 0 },
      { ...facts, gradient: 0 },
      { ...facts, highest: 0, lowest: 0 },
      facts,
      { ...facts, highest: -1 },
      { ...facts, highest: 1e-40, lowest: 0 },
    ].map((found) => flatReason(found, LAYER, true));
    for (const reason of [...all, flatReason(facts, { ...LAYER, positions: 1 }, true)])
      expect(reason).toMatch(/; (?:check|use|keep) /);
  });
});
