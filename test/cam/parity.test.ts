/** @file Every method's map against pytorch-grad-cam's, from the activations and gradients that PyTorch computed. */

import { describe, expect, test } from "vitest";
import { METHODS } from "../../src/cam/methods/table.js";
import { loadGolden } from "../reference/golden.js";
import { GOLDEN_NAMES, goldenLayers, inputSize, largestDeviation, mapCases } from "./golden-layers.js";
import { finalMapOf } from "./run-method.js";

describe.each(GOLDEN_NAMES)("%s", (name) => {
  const golden = loadGolden(name);
  const layers = goldenLayers(golden);

  test.each(mapCases(golden))(
    "$tensor from PyTorch's activations and gradients is pytorch-grad-cam's",
    ({ method, eigenSmooth, tensor }) => {
      const size = inputSize(golden.case);
      const map = finalMapOf(METHODS[method], layers, size, eigenSmooth);
      expect(map.shape).toEqual([1, ...size]);
      // The inputs are the same numbers, so all that may differ is PyTorch's own rounding.
      expect(largestDeviation(map.data, golden.floats(tensor).data)).toBeLessThan(
        1e-6 + 5 * (golden.case.f32_vs_f64[tensor] ?? 0),
      );
    },
  );
});
