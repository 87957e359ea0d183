/** @file What a model is run with where caller and file say little. */

import { describe, expect, it } from "vitest";
import type { GivenSettings, SettingFacts } from "../../src/library/settings/settings.js";
import { resolveSettings } from "../../src/library/settings/resolve-settings.js";
import { CHESTXRAY14 } from "../../src/models/label-sets.js";

const resolved = (
  given: GivenSettings,
  metadata: Record<string, string> = {},
  channels = 3,
  facts: Partial<SettingFacts> = {},
) =>
  resolveSettings(
    given,
    new Map(Object.entries(metadata)),
    {
      arch: "densenet121",
      spelling: "torchvision",
      classes: 2,
      channels,
      usual: { size: [224, 224], mean: [0.3, 0.6, 0.9], std: [0.1, 0.2, 0.3] },
      sequentialHead: false,
      ...facts,
    },
    "w.safetensors",
  );

describe("mean and std", () => {
  it("mean and std are the call's, else the file's, else the usual ones, which is then printed", () => {
    const metadata = { mean: "[0.1, 0.2, 0.3]", std: "[0.4]" };
    const { mean, std, assumed } = resolved({ mean: [0.5, 0.6, 0.7] }, metadata);
    expect({ mean, std }).toEqual({ mean: [0.5, 0.6, 0.7], std: [0.4, 0.4, 0.4] });
    expect(assumed.map(({ what }) => what)).toEqual(["size", "activation"]);
    expect(resolved({}).assumed.map(({ what }) => what)).toEqual(["size", "mean", "std", "activation"]);
  });

  it("one value of mean and std stands for all channels", () => {
    expect(resolved({ mean: [0.5] }).mean).toEqual([0.5, 0.5, 0.5]);
    expect(resolved({ mean: [0.5] }, {}, 1).mean).toEqual([0.5]);
  });

  it("mean and std of grey models are usually the colours' averages", () => {
    expect(resolved({}, {}, 1).mean[0]).toBeCloseTo(0.6, 12);
  });

  it("mean and std that differ from training are printed, once each", () => {
    const metadata = { mean: "[0.3, 0.6, 0.9]", std: "[0.4]", size: "[224, 224]" };
    expect(resolved({}).differences).toEqual([]);
    expect(resolved({}, metadata).differences).toEqual([
      { what: "std", trained: [0.1, 0.2, 0.3], used: [0.4, 0.4, 0.4] },
    ]);
    expect(resolved({ size: [224, 256], mean: [0.5], std: [0.1, 0.2, 0.3] }, metadata).differences).toEqual([
      { what: "size", trained: [224, 224], used: [224, 256] },
      { what: "mean", trained: [0.3, 0.6, 0.9], used: [0.5, 0.5, 0.5] },
    ]);
  });

  it("mean and std that differ in their last digits are no difference", () => {
    expect(resolved({ mean: [0.3001, 0.6, 0.9] }).differences).toEqual([]);
    expect(resolved({ mean: [0.301, 0.6, 0.9] }).differences).toHaveLength(1);
    expect(resolved({ mean: [0] }).differences).toHaveLength(1);
  });

  it("mean and std of grey models are compared with what is usual for those", () => {
    expect(resolved({ mean: [0.6], std: [0.2] }, {}, 1).differences).toEqual([]);
  });

  it("mean and std of another number of values are refused before anything runs", () => {
    expect(() => resolved({ std: [0.5, 0.5, 0.5] }, {}, 1)).toThrow(
      "std has 3 values, but the model's pictures have 1 channel:",
    );
  });
});

describe("how pictures are resized", () => {
  const metadata = { resize: "pillow-bicubic", crop_pct: "0.9", bgr: "true" };

  it("the resize is the call's, else the file's, else OpenCV's without a crop", () => {
    const how = (given: GivenSettings, file: Record<string, string>) => {
      const { resize, cropPct, bgr } = resolved(given, file);
      return [resize, cropPct, bgr];
    };
    expect(how({}, {})).toEqual(["opencv-bilinear", undefined, false]);
    expect(how({}, metadata)).toEqual(["pillow-bicubic", 0.9, true]);
    expect(how({}, { ...metadata, crop_pct: "off" })).toEqual(["pillow-bicubic", undefined, true]);
    expect(how({ resize: "pillow-bilinear", cropPct: "off", bgr: false }, metadata)).toEqual([
      "pillow-bilinear",
      undefined,
      false,
    ]);
    expect(how({ cropPct: 0.8 }, metadata)).toEqual(["pillow-bicubic", 0.8, true]);
  });

  it("the resize is refused where the file states an impossible one", () => {
    for (const [key, value] of Object.entries({ resize: "area", crop_pct: "90" })) {
      expect(() => resolved({}, { [key]: value })).toThrow(`its metadata says ${key}=${value}, which cannot`);
    }
    expect(() => resolved({}, { size: "a\nb\u001b" })).toThrow(
      'its metadata says size="a\\nb\\u001b", which cannot',
    );
  });
});

describe("scores", () => {
  const scores = (facts: Partial<SettingFacts>, given: GivenSettings = {}, metadata = {}): unknown[] => {
    const { activation, assumed, said } = resolved(given, metadata, 3, facts);
    const because = assumed.find(({ what }) => what === "activation")?.because;
    return [activation, because ?? said.find(({ what }) => what === "activation")?.from];
  };
  const modules = (last: string, className: string): Partial<SettingFacts> => ({
    head: "module.fc",
    modules: new Map(
      [
        ["module.layer1.se.gate", "torch.nn.modules.activation.Sigmoid"],
        ["module.fc", "torch.nn.modules.linear.Linear"],
        [last, className],
      ].map(([path, name]) => [path!, { className: name!, settings: new Map() }]),
    ),
  });

  it("scores are softmax, of one class sigmoid, where nothing is known", () => {
    expect(scores({ classes: 2 })).toEqual([
      "softmax",
      expect.stringContaining("usual for a classifier of 2 classes"),
    ]);
    expect(scores({ classes: 1000 })).toEqual(["softmax", "1000 classes, as ImageNet's"]);
    expect(scores({ classes: 1 })).toEqual(["sigmoid", "one class"]);
  });

  it("scores are sigmoid for CheXNet's head and for labels of which a picture has several", () => {
    expect(scores({ classes: 14, sequentialHead: true })[0]).toBe("sigmoid");
    expect(scores({ classes: 14 })[0]).toBe("softmax");
    expect(scores({ classes: 3, sequentialHead: true })[0]).toBe("softmax");
    const labels = CHESTXRAY14.map((label) => label.replace("_", " ")).reverse();
    expect(scores({ classes: 14 }, { labels })).toEqual([
      "sigmoid",
      expect.stringContaining("ChestX-ray14's"),
    ]);
  });

  it("scores are what a module behind the head makes", () => {
    const sigmoid = modules("module.out", "torch.nn.modules.activation.Sigmoid");
    expect(scores({ ...sigmoid, classes: 3 })).toEqual(["sigmoid", "its module module.out"]);
    expect(scores({ ...modules("module.fc.x", "torch.nn.modules.dropout.Dropout"), classes: 3 })[0]).toBe(
      "softmax",
    );
    const softmax = modules("module.out", "torch.nn.modules.activation.Softmax");
    expect(scores({ ...softmax, classes: 1 })[0]).toBe("softmax");
  });

  it("scores are what is given, else what the metadata says", () => {
    expect(scores({ classes: 3 }, {}, { multi_label: "true" })[0]).toBe("sigmoid");
    expect(scores({ classes: 3 }, { activation: "softmax" }, { multi_label: "true" })[0]).toBe("softmax");
  });
});
