/** @file Files without a classifier, and classifiers that are left out. */

import { describe, expect, it } from "vitest";
import { instantiate } from "../../src/graph/instantiate.js";
import type { Shape } from "../../src/graph/shape.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { FittedModel } from "../../src/library/fit/fit-steps.js";
import type { ModelDescription } from "../../src/library/settings/model-description.js";
import { readAlike } from "../../src/models/detect.js";
import { ALL_NAMED } from "../../src/models/registry.js";
import { buildArch, classesKey, type Template } from "../../src/models/template.js";
import { readModuleList } from "../models/module-list.js";
import { fitKeys } from "../reference/fitted.js";
import { evaluate } from "../reference/index.js";
import { makeWeight } from "../reference/weights.js";

/** An architecture's keys without those that begin with one of `heads`. */
function keysWithout(origin: "torchvision" | "timm", arch: string, ...heads: string[]): Map<string, Shape> {
  const keys = new Map(readModuleList(origin, arch).keys);
  for (const key of keys.keys()) if (heads.some((head) => key.startsWith(head))) keys.delete(key);
  return keys;
}

const described = (keys: ReadonlyMap<string, Shape>, options?: FitOptions, wrapper = ""): ModelDescription =>
  fitKeys(keys, options, wrapper).description;

describe("a file that lacks the head alone", () => {
  it.each([
    ["torchvision", "resnet18", ["fc."], 512],
    ["torchvision", "densenet121", ["classifier."], 1024],
    ["torchvision", "efficientnet_b0", ["classifier."], 1280],
    ["torchvision", "mobilenet_v3_small", ["classifier.3."], 1024],
    ["torchvision", "mobilenet_v3_small", ["classifier."], 576],
    ["torchvision", "vgg11", ["classifier.6."], 4096],
    ["torchvision", "vgg11", ["classifier."], 25_088],
    ["torchvision", "alexnet", ["classifier."], 9216],
    ["timm", "vit_tiny_patch16_224", ["head."], 192],
    ["timm", "swin_tiny_patch4_window7_224", ["head."], 768],
    ["timm", "convnext_tiny", ["head.fc."], 768],
    ["timm", "pvt_v2_b0", ["head."], 256],
  ] as const)("%s's %s without %j gives an embedding of %i values", (origin, arch, heads, length) => {
    const { classes, embedding, labels, activation, ...found } = described(
      keysWithout(origin, arch, ...heads),
      origin === "timm" ? { spelling: "timm" } : {},
    );
    expect({ arch: found.arch, classes, embedding, labels, activation }).toEqual({
      arch,
      classes: 0,
      embedding: { length },
      labels: undefined,
      activation: "none",
    });
  });

  it("a model without a classifier may be wrapped in DataParallel", () => {
    const keys = keysWithout("torchvision", "resnet18", "fc.");
    expect(described(keys, {}, "backbone.").embedding).toEqual({ length: 512 });
  });

  it("a file that lacks more than the head, or holds more, is refused", () => {
    const keys = keysWithout("torchvision", "resnet18", "fc.");
    const cut = new Map([...keys].filter(([key]) => !key.startsWith("layer4.1.bn2")));
    expect(() => described(cut, { arch: "resnet18" })).toThrow("keys missing");
    const projected = new Map([...keys, ["proj.weight", [128, 512]]] as [string, Shape][]);
    expect(() => described(projected)).toThrow("None of its matrices is the one Linear");
  });

  it.each(["vit_small_patch14_dinov2", "deit_tiny_distilled_patch16_224"])(
    "Hugging Face's classifier of %s may be an Identity, which reads more than one token",
    (arch) => {
      const keys = [...readModuleList("huggingface", arch).keys];
      const trunk = new Map(keys.filter(([key]) => !/classifier/.test(key)));
      expect(described(trunk).assumed).toContainEqual(
        expect.objectContaining({ what: "pooling", value: "token" }),
      );
    },
  );

  it("a model without a classifier has no labels and no scores", () => {
    const keys = keysWithout("torchvision", "resnet18", "fc.");
    expect(() => described(keys, { labels: ["a"] })).toThrow(
      "whose output has no labels; leave out --labels",
    );
    expect(() => described(keys, { activation: "softmax" })).toThrow("has no scores; leave out --activation");
    expect(described(keys, { activation: "none" }).activation).toBe("none");
  });
});

/** The first of each kind of network that is built by a function of its own. */
const KINDS = readAlike(ALL_NAMED).map(([first]) => first!);

it.each(KINDS)("$arch can be without its classifier, in all spellings", ({ arch, def }) => {
  const { preprocessing, spellings } = def;
  for (const { name: spelling } of spellings) {
    const build = (classes: number): Template =>
      buildArch({ arch, def }, { size: preprocessing.size, channels: 3, classes, spelling });
    const [whole, bare] = [build(3), build(0)];
    const head = classesKey({ arch, def, spelling }).replace(/weight$/, "");
    const trunk = [...whole.graph.params.keys()].filter((key) => !key.startsWith(head));
    expect([...bare.graph.params.keys()]).toEqual(trunk.filter((key) => !key.startsWith("head_dist.")));
    expect(bare.embedding).toBe(bare.logits);
    const read = whole.graph.params.get(`${head}weight`)!.shape[1]!;
    // Hugging Face's classifier of DINOv2 reads the patches' mean beside the class token, which is the embedding.
    const length = arch.includes("dinov2") && spelling === "huggingface" ? read / 2 : read;
    expect(bare.logits.shape).toEqual([bare.graph.batch, length]);
  }
});

describe("a classifier that is left out", () => {
  const all = (arch: string): Map<string, Shape> => keysWithout("torchvision", arch);

  it("a classifier that is left out leaves its input as the output, and is named as in the file", () => {
    const options = { embedding: true };
    expect(described(all("resnet18"), options, "module.net.").embedding).toEqual({
      length: 512,
      without: "net.fc",
    });
    expect(described(all("vgg11"), options).embedding).toEqual({ length: 4096, without: "classifier.6" });
  });

  it("a classifier that is left out may have several layers, or another name", () => {
    const deep = keysWithout("torchvision", "resnet18", "fc.");
    for (const [key, shape] of Object.entries({
      "fc.0.weight": [24, 512],
      "fc.0.bias": [24],
      "fc.2.weight": [5, 24],
      "fc.2.bias": [5],
    }))
      deep.set(key, shape);
    expect(described(deep, { embedding: true }).embedding).toEqual({ length: 512, without: "fc" });
    const beside = new Map(
      [...keysWithout("torchvision", "resnet18", "fc.")].map(([k, s]) => [`encoder.${k}`, s]),
    );
    beside.set("linear.weight", [7, 512]);
    expect(described(beside).classes).toBe(7);
    expect(described(beside, { embedding: true }).embedding).toEqual({ length: 512, without: "linear" });
  });

  describe("DINOv2 without its classifier", () => {
    const DINOV2 = "vit_small_patch14_dinov2";
    const [TOKENS, CLASSES] = [384, 5];
    const size = [28, 28] as const;
    const withHead = (head: Readonly<Record<string, Shape>>): Map<string, Shape> =>
      new Map([
        ...keysWithout("timm", DINOV2, "head."),
        ...([["mask_token", [1, TOKENS]]] as [string, Shape][]),
        ...Object.entries(head),
      ]);
    const valuesOf = ({ template, tensors }: FittedModel): ArrayLike<number> => {
      const { copyOf } = instantiate([template.logits], { batch: 1 });
      const params = new Map(
        [...tensors].map(([key, { name, shape }]) => [key, makeWeight(name, shape, 5, 1)]),
      );
      const picture = makeWeight("picture", [1, ...size, 3], 5, 1).map((v) => 10 * v);
      const inputs = new Map([["picture", picture]]);
      return evaluate([copyOf(template.logits)], { inputs, params })[0]!.data;
    };

    it.each([
      ["the class token", 1],
      ["the class token and the patches' mean", 2],
      ["the class tokens of four blocks and the patches' mean", 5],
    ])("the output is what the classifier of %s reads", (_, times) => {
      const keys = withHead({
        "linear_head.weight": [CLASSES, times * TOKENS],
        "linear_head.bias": [CLASSES],
      });
      const options = { size, spelling: "original" };
      const cut = fitKeys(keys, { ...options, embedding: true });
      const { embedding, assumed } = cut.description;
      expect(embedding).toEqual({ length: times * TOKENS, without: "linear_head" });
      expect(assumed.map(({ what }) => what)).toContain("pooling");
      const values = valuesOf(cut);
      const weight = makeWeight("linear_head.weight", [CLASSES, values.length], 5, 1);
      const bias = makeWeight("linear_head.bias", [CLASSES], 5, 1);
      Array.from(valuesOf(fitKeys(keys, options))).forEach((logit, c) => {
        let sum = bias[c]!;
        for (let i = 0; i < values.length; i++) sum += weight[c * values.length + i]! * values[i]!;
        expect(logit).toBeCloseTo(sum, 9);
      });
    });

    it("the output is what a head of several layers reads", () => {
      const options = { size, spelling: "original" };
      const keys = withHead({
        "head.0.weight": [24, TOKENS],
        "head.0.bias": [24],
        "head.2.weight": [CLASSES, 24],
        "head.2.bias": [CLASSES],
      });
      expect(described(keys, { ...options, embedding: true }).embedding).toEqual({
        length: TOKENS,
        without: "head",
      });
    });

    it("the output is what the classifier reads in Hugging Face's names", () => {
      const keys = new Map(readModuleList("huggingface", DINOV2).keys);
      const { embedding } = described(keys, { embedding: true });
      expect(embedding).toEqual({ length: 2 * TOKENS, without: "classifier" });
    });

    it("nothing is printed of a file that has no classifier", () => {
      const { embedding, assumed } = described(withHead({}));
      expect(embedding).toEqual({ length: TOKENS });
      expect(assumed.map(({ what }) => what)).not.toContain("pooling");
    });
  });

  it("leaving out the classifier changes nothing where there is none", () => {
    const keys = keysWithout("torchvision", "resnet18", "fc.");
    expect(described(keys, { embedding: true }).embedding).toEqual({ length: 512 });
  });
});
