/** @file Files without a classifier, and classifiers that are left out. */

import { describe, expect, it } from "vitest";
import type { Shape } from "../../src/graph/shape.js";
import type { FitOptions } from "../../src/library/fit-model.js";
import type { ModelDescription } from "../../src/library/model.js";
import type { ArchDef } from "../../src/models/arch.js";
import { readAlike } from "../../src/models/detect.js";
import {
  ARCH_NAMES,
  ARCHITECTURES,
  buildTemplate,
  classesKey,
  type Template,
} from "../../src/models/registry.js";
import { readModuleList } from "../models/module-list.js";
import { fitKeys } from "../reference/fitted.js";

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

  it("may be wrapped", () => {
    const keys = keysWithout("torchvision", "resnet18", "fc.");
    expect(described(keys, {}, "backbone.").embedding).toEqual({ length: 512 });
  });

  it("is no file of which more is missing, or that holds more", () => {
    const keys = keysWithout("torchvision", "resnet18", "fc.");
    const cut = new Map([...keys].filter(([key]) => !key.startsWith("layer4.1.bn2")));
    expect(() => described(cut, { arch: "resnet18" })).toThrow("keys missing");
    const projected = new Map([...keys, ["proj.weight", [128, 512]]] as [string, Shape][]);
    expect(() => described(projected)).toThrow("None of its matrices is the one Linear");
  });

  it("has no labels and no scores", () => {
    const keys = keysWithout("torchvision", "resnet18", "fc.");
    expect(() => described(keys, { labels: ["a"] })).toThrow(
      "whose output has no labels; leave out --labels",
    );
    expect(() => described(keys, { activation: "softmax" })).toThrow("has no scores; leave out --activation");
    expect(described(keys, { activation: "none" }).activation).toBe("none");
  });
});

/** The first of each kind of network that is built by a function of its own. */
const KINDS = readAlike(ARCH_NAMES).map(([first]) => first!);

it.each(KINDS)("%s can be without its classifier, in all spellings", (arch) => {
  const { preprocessing, spellings }: ArchDef = ARCHITECTURES[arch];
  for (const { name: spelling } of spellings) {
    const build = (classes: number): Template =>
      buildTemplate(arch, { size: preprocessing.size, channels: 3, classes, spelling });
    const [whole, bare] = [build(3), build(0)];
    const head = classesKey({ arch, spelling }).replace(/weight$/, "");
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

  it("leaves what it reads, and is named as in the file", () => {
    const options = { embedding: true };
    expect(described(all("resnet18"), options, "module.net.").embedding).toEqual({
      length: 512,
      without: "net.fc",
    });
    expect(described(all("vgg11"), options).embedding).toEqual({ length: 4096, without: "classifier.6" });
  });

  it("may have several layers, or another name", () => {
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

  it("changes nothing where there is none", () => {
    const keys = keysWithout("torchvision", "resnet18", "fc.");
    expect(described(keys, { embedding: true }).embedding).toEqual({ length: 512 });
  });
});
