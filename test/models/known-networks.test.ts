/** @file Networks that are not read are called what they are, and none that is read is taken for one of them. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fitModel } from "../../src/library/fit/fit-model.js";
import { knownByKeys, knownByName } from "../../src/models/known-networks/index.js";
import { checkKeysNotRefused } from "../../src/models/unsupported.js";
import { ARCH_NAMES, ARCHITECTURES } from "../../src/models/architectures.js";
import { buildTemplate, findArch } from "../../src/models/registry.js";
import type { ArchDef } from "../../src/models/arch.js";
import { readTensors } from "../reference/golden.js";
import { readModuleList } from "./module-list.js";

const data = new URL("../data/", import.meta.url);

/** By library and model: what it is called, and its keys (tools/make_known_networks.py). */
const libraries = JSON.parse(readFileSync(new URL("known-networks.json", data), "utf8")) as Record<
  string,
  Record<string, [called: string, ...keys: string[]]>
>;

describe.each(Object.entries(libraries))("%s's", (library, models) => {
  test.each(Object.entries(models))(
    `${library}'s %s is recognised by keys and name`,
    (model, [called, ...keys]) => {
      for (const prefix of ["", "module.net."]) {
        const found = knownByKeys(keys.map((key) => prefix + key));
        expect(found?.network.name).toContain(called);
      }
      if (library === "timm" || library === "torchvision") expect(knownByName(model)?.name).toMatch(/^an? /);
    },
  );
});

/** Heads that people put in place of a network's own. */
const HEADS = [
  "fc.weight",
  "head.weight",
  "classifier.weight",
  "classifier.1.weight",
  "fc.0.weight",
  "head.3.weight",
];

const isOurs = (keys: Iterable<string>): void => {
  const all = [...keys];
  for (const prefix of ["", "module.", "backbone.net.", "model."]) {
    expect(knownByKeys([...all, ...HEADS].map((key) => prefix + key))).toBeUndefined();
  }
};

describe("supported networks are not taken for one of them", () => {
  const modules = new URL("modules/", data);
  test.each(
    readdirSync(modules).flatMap((spelling) =>
      readdirSync(new URL(`${spelling}/`, modules)).map(
        (file) => [spelling, file.replace(".txt", "")] as const,
      ),
    ),
  )("%s's %s is a supported network", (spelling, arch) => isOurs(readModuleList(spelling, arch).keys.keys()));

  test.each(ARCH_NAMES)("%s is a supported network in every spelling", (arch) => {
    const { spellings, preprocessing }: ArchDef = ARCHITECTURES[arch];
    for (const { name, table } of spellings) {
      const { graph } = buildTemplate(arch, {
        size: preprocessing.size,
        channels: 3,
        classes: 5,
        spelling: name,
      });
      isOurs(graph.params.keys());
      for (const [theirs, ours] of table?.names ?? []) {
        const keys = [...graph.params.keys()].filter((key) => key.startsWith(`${ours}.`));
        isOurs(keys.map((key) => theirs + key.slice(ours.length)));
      }
    }
  });

  const cases = JSON.parse(readTensors(new URL("models.safetensors", data)).metadata["cases"]!) as Record<
    string,
    { keys: Record<string, unknown> }
  >;
  test.each(Object.entries(cases))("the checkpoint of %s is a supported network's", (_, { keys }) =>
    isOurs(Object.keys(keys)),
  );

  test("no name of a supported network is an unsupported one's", () => {
    for (const name of ARCH_NAMES) {
      expect(knownByName(name)).toBeUndefined();
      expect(findArch(name).arch).toBe(name);
    }
  });
});

test.each([
  ["maxvit_t", /^maxvit_t is a MaxViT, which gradlens does not compute; gradlens models lists /],
  ["regnetv_040", /a RegNet of another kind/],
  ["regnety_2560", /a RegNet of another kind/],
  ["convnext_atto", /a ConvNeXt of another kind/],
  ["convnext_tiny_hnf", /a ConvNeXt of another kind/],
  ["convnextv2_huge", /a ConvNeXt of another kind/],
  ["efficientnet_b8", /an EfficientNet of another kind/],
  ["tf_efficientnet_es", /an EfficientNet of another kind/],
  ["efficientnetv2_rw_s", /an EfficientNet of another kind/],
  ["mixnet_s", /a relative of EfficientNet/],
  ["fbnetv3_b", /a relative of MobileNetV3/],
  ["resnetrs50", /a ResNet-RS/],
  ["seresnextaa101d_32x8d", /a ResNet with blurred pooling/],
  ["resnetblur50", /a ResNet with blurred pooling/],
  ["vit_giantopt_patch16_siglip_256", /a SigLIP of another kind/],
  ["vit_base_patch16_plus_clip_240", /a CLIP of another kind/],
  ["resnet50x4_clip", /a CLIP of another kind/],
  ["swinv2_cr_tiny_224", /a Swin V2 of timm's CR kind/],
  ["pvt_tiny", /a PVT of the first version/],
])("--arch %s is refused with what the network is", (name, message) =>
  expect(() => findArch(name)).toThrow(message),
);

test.each(["resnt50", "densenet", "vit", "my_network", "swin", "vgg16_bm"])("--arch %s is unknown", (name) =>
  expect(() => findArch(name)).toThrow(/^unknown architecture/),
);

/** A checkpoint of these keys, whose shapes do not matter. */
const fileOf = (keys: readonly string[]) => ({
  name: "w.pth",
  metadata: new Map<string, string>(),
  tensors: new Map(
    keys.map((name) => {
      const unread = (): never => {
        throw new Error("a tensor was read");
      };
      const shape = name.endsWith("bias") ? [8] : [8, 8, 3, 3];
      return [
        name,
        { name, dtype: "F32" as const, shape, byteLength: 0, bytes: unread, floats: unread },
      ] as const;
    }),
  ),
});

test("a file of an unsupported network is refused in one line, with and without an architecture", () => {
  const [, ...keys] = libraries["torchvision"]!["maxvit_t"]!;
  const line =
    /^w\.pth holds a MaxViT, in torchvision's names, which gradlens does not compute; gradlens models lists the architectures of the \d+ families that it computes$/;
  expect(() => fitModel(fileOf(keys))).toThrow(line);
  expect(() => fitModel(fileOf(keys), { arch: "resnet18" })).toThrow(line);
  expect(() =>
    checkKeysNotRefused(
      "w.pth",
      new Map([
        ["layer1.0.conv1.weight", []],
        ["layer1.0.cbam.ChannelGate.mlp.1.weight", []],
      ]),
    ),
  ).toThrow(/a CBAM-ResNet, in the authors' names/);
});

test("a detector on a supported backbone is named a detector, not a backbone", () => {
  const { keys } = readModuleList("torchvision", "resnet50");
  const shapes = new Map(
    [...keys]
      .filter(([key]) => !key.startsWith("fc."))
      .map(([key, shape]) => [`backbone.body.${key}`, shape]),
  );
  const file = fileOf([...shapes.keys(), "roi_heads.box_predictor.cls_score.weight"]);
  const tensors = new Map(
    [...file.tensors].map(([key, tensor]) => [key, { ...tensor, shape: shapes.get(key) ?? [91, 1024] }]),
  );
  for (const options of [{}, { arch: "resnet50" } as const]) {
    expect(() => fitModel({ ...file, tensors }, options)).toThrow(
      /holds a Faster, Mask or Keypoint R-CNN, in torchvision's names/,
    );
  }
});
