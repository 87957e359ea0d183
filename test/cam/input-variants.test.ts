/** @file aug_smooth's variants and the mean of their maps. */

import { expect, test } from "vitest";
import { finerSeed } from "../../src/cam/methods/finercam.js";
import { INPUT_VARIANTS, meanOfVariants, variantOf } from "../../src/cam/scaling/input-variants.js";

test("aug_smooth has six variants: as is and mirrored, times 0.9, 1 and 1.1", () => {
  expect(new Set(INPUT_VARIANTS.map((v) => `${v.flip} ${v.factor}`))).toEqual(
    new Set(["false 0.9", "false 1", "false 1.1", "true 0.9", "true 1", "true 1.1"]),
  );
});

test("a variant mirrors pixels left to right, and channels keep their order", () => {
  const picture = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  expect([...variantOf(picture, [2, 3, 2], { flip: true, factor: 2 })]).toEqual(
    [5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8].map((x) => 2 * x),
  );
  expect(variantOf(picture, [2, 3, 2], { flip: false, factor: 1 })).toEqual(picture);
});

test("maps of mirrored inputs are mirrored back", () => {
  const map = Float32Array.of(0, 0.25, 1, 0.5, 0, 0);
  const following = INPUT_VARIANTS.map((v) => variantOf(map, [2, 3, 1], { ...v, factor: 1 }));
  expect(meanOfVariants(following, [2, 3])).toEqual(map);
});

test("the mean of the variants' maps is not scaled again", () => {
  const maps = INPUT_VARIANTS.map((_, i) => new Float32Array(6).fill(i / 10));
  meanOfVariants(maps, [2, 3]).forEach((x) => expect(x).toBeCloseTo(0.25, 7));
});

test("a variant's Finer-CAM has the plain picture's neighbours and its own probabilities", () => {
  const plain = Float32Array.of(1, 0.9, 0.7, 0.4, -2);
  const logits = Float32Array.of(1, -3, 0.5, 0.2, 0.8);
  const neighbours = [1, 2, 3];
  // pytorch-grad-cam's FinerWeightedTarget(0, neighbours, 1), by central differences.
  const value = (z: readonly number[]): number => {
    const p = neighbours.map((i) => Math.exp(z[i]!) / z.reduce((sum, x) => sum + Math.exp(x), 0));
    const total = p.reduce((sum, x) => sum + x, 0) + 1e-9;
    return neighbours.reduce((sum, i, k) => sum + (p[k]! * (z[0]! - z[i]!)) / total, 0);
  };
  finerSeed(logits, 0, plain).forEach((got, j) => {
    const moved = (step: number): number => value(Array.from(logits, (z, i) => (i === j ? z + step : z)));
    expect(got).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
  });
});
