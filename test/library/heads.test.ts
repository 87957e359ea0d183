/** @file Heads of several layers, read from their keys and shapes, against PyTorch's float64. */

import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import type { HeadActivation } from "../../src/graph/file-head.js";
import type { Shape } from "../../src/graph/shape.js";
import type { Pair } from "../../src/graph/types.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { Arch } from "../../src/models/architectures.js";
import { readModuleList } from "../models/module-list.js";
import { expectNear, explainFitted, fitKeys } from "../reference/fitted.js";
import { makeWeight } from "../reference/weights.js";

interface Case {
  readonly arch: Arch;
  readonly size: Pair;
  readonly seed: number;
  readonly headActivation?: HeadActivation;
  /** In the state dict's order. */
  readonly added: Readonly<Record<string, Shape>>;
  readonly removed: readonly string[];
  readonly target: number;
  readonly logits: readonly number[];
  readonly heat: readonly (readonly number[])[];
}

const CLASSES = 5;
const GAIN = 1.4;
const cases = JSON.parse(readFileSync(new URL("../data/heads.json", import.meta.url), "utf8")) as Record<
  string,
  Case
>;

/** The keys of an architecture with 5 classes. */
function ownKeys(arch: Arch, [height, width]: Pair): Map<string, Shape> {
  const isTimm = /^(?:vit|swin)/.test(arch);
  const keys = new Map(readModuleList(isTimm ? "timm" : "torchvision", arch).keys);
  const last = [...keys.keys()].at(-1)!.replace(/bias$/, "");
  for (const [key, shape] of keys) {
    if (key.startsWith(last)) keys.set(key, [CLASSES, ...shape.slice(1)]);
    if (key === "pos_embed") keys.set(key, [1, 1 + (height * width) / 256, shape[2]!]);
  }
  return keys;
}

function keysOf({ arch, size, added, removed }: Case): Map<string, Shape> {
  const keys = ownKeys(arch, size);
  for (const key of removed) keys.delete(key);
  for (const [key, shape] of Object.entries(added)) keys.set(key, shape);
  return keys;
}

test.each(Object.entries(cases))("head: %s: logits and Grad-CAM are PyTorch's", (_, one) => {
  const { arch, size, headActivation } = one;
  const model = fitKeys(keysOf(one), { size, ...(headActivation && { headActivation }) });
  expect(model.description.arch).toBe(arch);
  const [logits, heat] = explainFitted(model, {
    ...one,
    layer: model.description.defaultLayer,
    weight: (name, shape) => {
      const made = makeWeight(name, shape, one.seed, GAIN);
      // GeM's exponent
      return name.endsWith(".p") ? made.map((p) => 3 + p) : made;
    },
  });
  expectNear(logits, one.logits);
  expectNear(heat, one.heat.flat());
});

test("fastai's two pools stay where the head is left out", () => {
  const { description, template } = fitKeys(keysOf(cases["fastai"]!), { embedding: true });
  expect(description.embedding).toEqual({ length: 1024, without: "1" });
  const kinds = template.logits.inputs.flatMap(({ inputs }) => inputs.map(({ op }) => op));
  expect([template.logits.op, ...kinds]).toEqual(["reshape", "reduceMax", "mul"]);
});

describe("a head whose shapes leave something open", () => {
  const assumed = (name: string, options: FitOptions = {}): unknown =>
    fitKeys(keysOf(cases[name]!), options).description.assumed.find(({ what }) => what === "head-activation");

  it("the head's activation is assumed with its places, and no longer where it is given", () => {
    expect(assumed("Linear, ReLU, Dropout, Linear")).toEqual({
      what: "head-activation",
      value: "relu",
      because:
        "a state dict does not hold activations; fc is read as Linear(24), activation, Linear(5), with one at fc.1",
    });
    expect(assumed("Linear, GELU, Linear", { headActivation: "gelu" })).toBeUndefined();
  });

  it("no activation is assumed between layers with names, which may be called in any way", () => {
    expect(() => assumed("named layers")).toThrow(
      "names the layers of its head (classifier.fc1, classifier.fc2) but not what runs between them",
    );
    expect(assumed("named layers", { headActivation: "relu" })).toBeUndefined();
  });

  it("no activation is assumed where no number is left out", () => {
    expect(assumed("Linear, Linear")).toBeUndefined();
    expect(assumed("BatchNorm1d, Linear")).toBeUndefined();
  });
});

test("Swin's head inside its pooling module is read", () => {
  const keys = ownKeys("swin_tiny_patch4_window7_224", [224, 224]);
  for (const name of ["weight", "bias"]) keys.delete(`head.fc.${name}`);
  for (const [key, shape] of Object.entries({
    "0.weight": [24, 768],
    "0.bias": [24],
    "2.weight": [5, 24],
    "2.bias": [5],
  }))
    keys.set(`head.fc.${key}`, shape);
  const { description, template } = fitKeys(keys);
  expect(description.classes).toBe(CLASSES);
  expect(template.modules.map(({ path }) => path)).toContain("head.fc.1");
});

test.each<[Arch, string, number]>([
  ["resnet18", "fc", 512],
  ["vit_tiny_patch16_224", "head", 192],
  ["swin_tiny_patch4_window7_224", "head.fc", 768],
])("a Linear of twice the features of %s is refused with what it reads", (arch, head, features) => {
  const keys = ownKeys(arch, [224, 224]).set(`${head}.weight`, [CLASSES, 2 * features]);
  expect(() => fitKeys(keys)).toThrow(
    `Its head "${head}.weight" reads ${2 * features} features, and ${arch} has ${features} for it`,
  );
});

test("layers that read twice a ViT's features are refused with what they read", () => {
  const keys = ownKeys("vit_tiny_patch16_224", [224, 224]);
  for (const name of ["weight", "bias"]) keys.delete(`head.${name}`);
  keys.set("head.0.weight", [24, 384]).set("head.0.bias", [24]);
  keys.set("head.2.weight", [CLASSES, 24]).set("head.2.bias", [CLASSES]);
  expect(() => fitKeys(keys)).toThrow(
    'Its head "head.0.weight" reads 384 features, and vit_tiny_patch16_224 has 192 for it',
  );
});

describe("heads that are not supported", () => {
  const own = (): Map<string, Shape> => {
    const keys = ownKeys("resnet18", [224, 224]);
    keys.delete("fc.weight");
    keys.delete("fc.bias");
    return keys;
  };

  it.each<[string, Record<string, Shape>, RegExp]>([
    [
      "a PReLU",
      { "fc.0.weight": [24, 512], "fc.0.bias": [24], "fc.1.weight": [1], "fc.2.weight": [5, 24] },
      /fc\.1/,
    ],
    [
      "Linears that may stand side by side, as in a ModuleList",
      { "fc.0.weight": [512, 512], "fc.1.weight": [5, 512] },
      /fc\.0|fc\.1/,
    ],
    ["a Sequential inside another", { "fc.1.0.weight": [24, 512], "fc.1.2.weight": [5, 24] }, /fc\.1/],
    ["widths that do not follow", { "fc.0.weight": [24, 512], "fc.3.weight": [5, 25] }, /fc\./],
    [
      "a second backbone",
      { "fc.0.weight": [24, 1024], "fc.2.weight": [5, 24], "other.conv1.weight": [64, 3, 7, 7] },
      /other\.conv1|fc\.0/,
    ],
    [
      "Linears of an own forward",
      { "fc1.weight": [24, 512], "fc1.bias": [24], "fc2.weight": [5, 24], "fc2.bias": [5] },
      /fc1|fc2/,
    ],
  ])("the head is refused with its tensors: %s", (_, added, words) => {
    const keys = own();
    for (const [key, shape] of Object.entries(added)) keys.set(key, shape);
    expect(() => fitKeys(keys)).toThrow(words);
  });
});
