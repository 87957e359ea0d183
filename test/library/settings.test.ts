/** @file What a model is run with where caller and file say little. */

import { describe, expect, it } from "vitest";
import { settle, type GivenSettings } from "../../src/library/settings.js";

const settled = (given: GivenSettings, metadata: Record<string, string> = {}, channels = 3) =>
  settle(
    given,
    new Map(Object.entries(metadata)),
    {
      arch: "densenet121",
      spelling: "torchvision",
      classes: 2,
      channels,
      usual: { size: [224, 224], mean: [0.3, 0.6, 0.9], std: [0.1, 0.2, 0.3] },
      sequentialHead: false,
    },
    "w.safetensors",
  );

describe("mean and std", () => {
  it("are the call's, else the file's, else the usual ones, which is then said", () => {
    const metadata = { mean: "[0.1, 0.2, 0.3]", std: "[0.4]" };
    const { mean, std, assumed } = settled({ mean: [0.5, 0.6, 0.7] }, metadata);
    expect({ mean, std }).toEqual({ mean: [0.5, 0.6, 0.7], std: [0.4, 0.4, 0.4] });
    expect(assumed.map(({ what }) => what)).toEqual(["size", "activation"]);
    expect(settled({}).assumed.map(({ what }) => what)).toEqual(["size", "mean", "std", "activation"]);
  });

  it("of one value stand for all channels", () => {
    expect(settled({ mean: [0.5] }).mean).toEqual([0.5, 0.5, 0.5]);
    expect(settled({ mean: [0.5] }, {}, 1).mean).toEqual([0.5]);
  });

  it("of grey models are usually the colours' averages", () => {
    expect(settled({}, {}, 1).mean[0]).toBeCloseTo(0.6, 12);
  });

  it("of another number of values are refused before anything runs", () => {
    expect(() => settled({ std: [0.5, 0.5, 0.5] }, {}, 1)).toThrow(
      "std has 3 values, but the model's pictures have 1 channel:",
    );
  });
});
