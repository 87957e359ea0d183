/** @file Names that every file system takes, and that are never the same for two things. */

import { describe, expect, it } from "vitest";
import { mapOptionValues, type MapOptions } from "../../src/cam/map-options.js";
import { METHOD_NAMES, type MethodName } from "../../src/cam/methods/table.js";
import { suffixesOf, variationKey, variationOf } from "../../src/results/variation.js";
import { defaultStem, fileLabels, fillName, namePatterns } from "../../src/results/file-names.js";
import { foldName, NameBook, safeName } from "../../src/text/safe-names.js";

describe("safeName", () => {
  it.each([
    ["Pleural_Thickening", "Pleural_Thickening"],
    ["été 日本.png", "été 日本.png"],
    ["e\u0301te\u0301", "été"],
    ['a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"],
    ["tab\there\u0000\u007f\u0085", "tab_here___"],
    ["\u202egnp.exe", "_gnp.exe"],
    ["\ud800half", "_half"],
    ["ends. . ", "ends"],
    ["  begins", "begins"],
    [".hidden", "_hidden"],
    ["CON", "_CON"],
    ["con.png", "_con.png"],
    ["Lpt1", "_Lpt1"],
    ["com¹.txt", "_com¹.txt"],
    ["console", "console"],
    ["gradcam++", "gradcam++"],
  ])("safeName turns %j into %j", (text, name) => expect(safeName(text)).toBe(name));

  it("safeName gives a name for no text, and different names for different texts without letters", () => {
    expect(safeName("..")).toMatch(/^_[0-9a-f]{8}$/);
    expect(safeName("")).not.toBe(safeName("..."));
  });

  it("safeName cuts long texts between characters, and keeps them apart by a hash", () => {
    const [a, b] = ["a", "b"].map((end) => safeName("🦊".repeat(100) + end));
    expect(Buffer.byteLength(a!)).toBeLessThanOrEqual(120);
    expect(a).toMatch(/^(🦊)+~[0-9a-f]{8}$/u);
    expect(a).not.toBe(b);
  });
});

describe("fileLabels", () => {
  it("fileLabels are the labels, without spaces", () => {
    expect(fileLabels(2, ["great white shark", "cat"])).toEqual(["great_white_shark", "cat"]);
  });

  it("fileLabels are the classes' numbers without labels, or where a label is empty", () => {
    expect(fileLabels(2)).toEqual(["class0", "class1"]);
    expect(fileLabels(2, ["cat", " "])).toEqual(["cat", "class1"]);
  });

  it.each([
    [
      ["crane", "cat", "crane"],
      ["crane-0", "cat", "crane-2"],
    ],
    [
      ["Cat", "cat"],
      ["Cat-0", "cat-1"],
    ],
    [
      ["a/b", "a:b", "a_b"],
      ["a_b-0", "a_b-1", "a_b-2"],
    ],
    [
      ["\u00e9", "e\u0301"],
      ["é-0", "é-1"],
    ],
    [
      ["a", "A", "a-1"],
      ["0-a", "1-A", "2-a-1"],
    ],
  ])("fileLabels of %j carry their index where they would be the same: %j", (labels, names) => {
    expect(fileLabels(labels.length, labels)).toEqual(names);
    expect(new Set(names.map(foldName)).size).toBe(names.length);
  });

  it("fileLabels never collide, whatever the labels are", () => {
    const words = [
      "a",
      "A",
      "a/",
      "a:",
      "a_",
      "a-0",
      "a-1",
      "a-2",
      "0-a",
      "",
      "class9",
      "x".repeat(99),
      `${"x".repeat(99)}y`,
    ];
    for (let seed = 0; seed < 200; seed++) {
      const labels = Array.from({ length: 12 }, (_, i) => words[(seed * 7 + i * (seed + 3)) % words.length]!);
      const names = fileLabels(labels.length, labels);
      expect(new Set(names.map(foldName)).size, labels.join("|")).toBe(labels.length);
    }
  });
});

it("a NameBook gives a name once, also where only some file systems see a difference", () => {
  const book = new NameBook();
  expect([book.take("a", ".png"), book.take("A", ".png"), book.take("a", ".npy")]).toEqual([
    "a.png",
    "A-2.png",
    "a.npy",
  ]);
  expect([book.take("ﬁ"), book.take("fi"), book.take("ß"), book.take("SS")]).toEqual([
    "ﬁ",
    "fi-2",
    "ß",
    "SS-2",
  ]);
});

describe("names of overlays", () => {
  const how = { augSmooth: false, eigenSmooth: false };

  it("names of overlays without --name are method, label, and what is not the default", () => {
    const parts = { method: "gradcam++", label: "cat" };
    expect(defaultStem(parts, how)).toBe("gradcam++-cat");
    const unusual = { augSmooth: true, eigenSmooth: true };
    expect(defaultStem({ ...parts, layer: "a.b" }, unusual)).toBe("gradcam++-cat-a.b-aug-eigen");
  });

  it("names of overlays by --name follow the pattern, made safe", () => {
    const parts = {
      ...{ method: "gradcam", label: "cat", image: "x", model: "w", arch: "vgg16", layer: "a+b" },
      kind: "cam",
    } as const;
    expect(fillName("{image}: {method} {label}.jpg", parts)).toEqual({
      stem: "x_ gradcam cat",
      suffix: ".jpg",
    });
    expect(fillName("{kind}/.{image}/{model}.png", parts)).toEqual({ stem: "cam/_x/w", suffix: ".png" });
  });

  it("names of overlays have the kind before the suffix, in a placeholder, or a pattern each", () => {
    expect(namePatterns(["{method}.jpg"])).toEqual({
      cam: "{method}.jpg",
      gb: "{method}.{kind}.jpg",
      cam_gb: "{method}.{kind}.jpg",
    });
    const one = "{method}_{kind}.jpg";
    expect(namePatterns([one])).toEqual({ cam: one, gb: one, cam_gb: one });
    expect(namePatterns([one, "cam=x.png"])).toEqual({ cam: "x.png", gb: one, cam_gb: one });
    expect(namePatterns(["gb=x.png"])).toEqual({ gb: "x.png" });
    expect(() => namePatterns(["a.png", "b.png"])).toThrow(/give one, or KIND=PATTERN/);
  });
});

describe("the options of a map", () => {
  const all = { augSmooth: true, eigenSmooth: true, relu: false, compareScale: "shared", seed: 7 } as const;
  const more = { topChannels: 8, score: "probability", rolloutHeads: "max", discardRatio: 0.5 } as const;
  const changed = mapOptionValues({ ...all, ...more });
  const common = { augSmooth: true, eigenSmooth: true, signed: true, scaledWith: [3, 1] };

  it.each<[MethodName, object, string]>([
    ["gradcam", common, "aug-eigen-signed-shared"],
    ["randomcam", { ...common, seed: 7 }, "aug-eigen-signed-shared-seed7"],
    ["scorecam", { ...common, topChannels: 8, score: "sigmoid" }, "aug-eigen-signed-shared-top8-sigmoid"],
    [
      "rollout",
      { ...common, rolloutHeads: "max", discardRatio: 0.5 },
      "aug-eigen-signed-shared-max-discard0.5",
    ],
    ["saliency", { augSmooth: true, eigenSmooth: true, scaledWith: [3, 1] }, "aug-eigen-shared"],
  ])("%s records the options that change it, and names them in its file", (method, record, suffixes) => {
    const variation = variationOf(method, changed, "sigmoid", [3, 1]);
    expect(variation).toEqual(record);
    expect(suffixesOf(variation).join("-")).toBe(suffixes);
  });

  it("a map with default options has no suffix, and the key of a record that lacks them", () => {
    const defaults = mapOptionValues({});
    for (const method of METHOD_NAMES) {
      const variation = variationOf(method, defaults, "softmax", [0]);
      expect(suffixesOf(variation)).toEqual([]);
      expect(variationKey(variation)).toEqual(variationKey({}));
    }
  });

  it("each option of a map changes the key of a method that reads it", () => {
    const keyOf = (options: MapOptions, method: MethodName): string =>
      JSON.stringify(variationKey(variationOf(method, mapOptionValues(options), "softmax", [0])));
    const changes: Required<MapOptions> = {
      ...{ augSmooth: true, eigenSmooth: true, relu: false, compareScale: "shared", topChannels: 2 },
      ...{ score: "probability", inputHeat: "signed", rolloutHeads: "min", discardRatio: 0.1, seed: 1 },
    };
    for (const [name, value] of Object.entries(changes)) {
      const differing = METHOD_NAMES.filter(
        (method) => keyOf({ [name]: value }, method) !== keyOf({}, method),
      );
      expect(differing, name).not.toEqual([]);
    }
  });
});
