/** @file The architecture and spelling from keys and shapes, for everything of which PyTorch's lists are there. */

import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isHarmless } from "../../src/checkpoint/unused-tensors.js";
import { detectArch } from "../../src/models/registry.js";
import { ARCH_NAMES, ARCHITECTURES } from "../../src/models/architectures.js";
import { buildTemplate } from "../../src/models/registry.js";
import type { Shape } from "../../src/graph/shape.js";
import { goldenKeys, readTensors } from "../reference/golden.js";
import { readModuleList } from "./module-list.js";

const folder = new URL("../data/modules/", import.meta.url);

function tfOf(size: string): [string, string] {
  return [`tf_efficientnet_${size}`, `efficientnet_${size}`];
}

/** Swin V2's windows show in torchvision's keys alone. */
const SWIN_V2S = {
  tiny: ["window16_256"],
  small: ["window16_256"],
  base: ["window16_256", "window12_192", "window12to16_192to256", "window12to24_192to384"],
};
const LARGE_V2S = ["window12to16_192to256", "window12to24_192to384"];

/** Architectures of one key list, of which the first comes first. */
const SAME: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"].map(tfOf)),
  ...Object.fromEntries(["lite0", "lite1", "lite2", "lite3", "lite4"].map(tfOf)),
  tf_efficientnetv2_s: "efficientnet_v2_s",
  tf_efficientnetv2_m: "efficientnet_v2_m",
  tf_efficientnetv2_l: "efficientnet_v2_l",
  tf_mobilenetv3_large_075: "mobilenetv3_large_075",
  tf_mobilenetv3_large_100: "mobilenet_v3_large",
  tf_mobilenetv3_small_075: "mobilenetv3_small_075",
  tf_mobilenetv3_small_100: "mobilenet_v3_small",
  resnest50_fast_2s1x64d: "resnest50d",
  ...Object.fromEntries(
    Object.entries(SWIN_V2S).flatMap(([size, kinds]) =>
      kinds.map((kind) => [`swinv2_${size}_${kind}`, `swinv2_${size}_window8_256`]),
    ),
  ),
  ...Object.fromEntries(LARGE_V2S.map((kind) => [`swinv2_large_${kind}`, "swinv2_large_window12_192"])),
  ...Object.fromEntries(
    [
      "base_patch32_clip_224",
      "base_patch16_clip_224",
      "large_patch14_clip_224",
      "large_patch14_clip_336",
      "huge_patch14_clip_224",
      "gigantic_patch14_clip_224",
    ].map((name) => [`vit_${name.replace("clip", "clip_quickgelu")}`, `vit_${name}`]),
  ),
  beitv2_base_patch16_224: "beit_base_patch16_224",
  beitv2_large_patch16_224: "beit_large_patch16_224",
  deit_tiny_patch16_224: "vit_tiny_patch16_224",
  deit_small_patch16_224: "vit_small_patch16_224",
  deit_base_patch16_224: "vit_base_patch16_224",
  deit_base_patch16_384: "vit_base_patch16_384",
};

/** Networks of other sizes whose results differ: the file's own words must decide. */
const RIVALS: Readonly<Record<string, readonly string[]>> = {
  vit_huge_patch14_clip_336: ["vit_huge_patch14_clip_quickgelu_224", "vit_huge_patch14_clip_quickgelu_378"],
  vit_huge_patch14_clip_quickgelu_378: ["vit_huge_patch14_clip_224", "vit_huge_patch14_clip_336"],
};

/** timm's ViTs may have layer scales as well, by an option: they then compute the same as DeiT III. */
const isTwin = (other: string, first: string | undefined): boolean =>
  first !== undefined &&
  first.startsWith("deit3_") &&
  first.replace("3", "") === other.replace("vit", "deit");

/** Of a network alone, below a wrapper. */
const prefixed = (keys: ReadonlyMap<string, Shape>, prefix = ""): Map<string, Shape> =>
  new Map(
    [...keys].flatMap(([key, shape]) => (isHarmless(key, []) ? [] : [[`${prefix}${key}`, shape] as const])),
  );

describe.each(readdirSync(folder))("detection from %s's keys", (spelling) => {
  const archs = readdirSync(new URL(`${spelling}/`, folder)).map((file) => file.replace(".txt", ""));
  test.each(archs)(`%s is detected from ${spelling}'s keys`, (arch) => {
    const { keys } = readModuleList(spelling, arch);
    const [first, ...others] = detectArch(prefixed(keys, "module.net."));
    expect(first?.arch).toBe(SAME[arch] ?? arch);
    expect(first?.prefix).toBe("module.net");
    // Keys cannot tell timm's convolutional networks from torchvision's, except VGG's head.
    const told = [first, ...others].map((d) => d?.spelling);
    expect(told).toContain(spelling.replace("-5", ""));
    expect(new Set([first, ...others].map((d) => `${d?.arch} ${d?.spelling}`)).size).toBe(told.length);
    const isSame = ({ arch: other }: (typeof others)[number]): boolean =>
      other === first?.arch || SAME[other] === first?.arch || isTwin(other, first?.arch);
    expect(others.filter((d) => !isSame(d)).map((d) => d.arch)).toEqual(RIVALS[arch] ?? []);
  });
});

/** timm's keys of a ConvNeXt as the authors have them. */
const originalConvNext = (arch: string): Map<string, Shape> =>
  new Map(
    [...readModuleList("timm", arch).keys].map(([key, shape]) => [
      key
        .replace(/^stem\./, "downsample_layers.0.")
        .replace(/^stages\.(\d)\.downsample\./, "downsample_layers.$1.")
        .replace(/^stages\.(\d)\.blocks\./, "stages.$1.")
        .replace("conv_dw", "dwconv")
        .replace("mlp.fc", "pwconv")
        .replace("mlp.grn.weight", "grn.gamma")
        .replace("mlp.grn.bias", "grn.beta")
        .replace(/^head\.(?:(norm)|fc)/, (_, norm?: string) => norm ?? "head"),
      key.includes("grn") ? [1, 1, 1, ...shape] : key.includes("mlp.fc") ? shape.slice(0, 2) : shape,
    ]),
  );

test.each(ARCH_NAMES.filter((arch) => ARCHITECTURES[arch].family.name === "convnext"))(
  "%s is detected from the authors' keys, which are the graph's",
  (arch) => {
    expect(detectArch(prefixed(originalConvNext(arch), "model."))).toEqual([
      { arch, spelling: "original", prefix: "model" },
    ]);
    const { graph } = buildTemplate(arch, { size: [64, 64], channels: 3, classes: 10, spelling: "original" });
    expect(new Map([...graph.params].map(([key, { shape }]) => [key, shape]))).toEqual(
      originalConvNext(arch),
    );
  },
);

test("other spellings of one network are detected", () => {
  const keysOf = (name: string): Map<string, Shape> => prefixed(new Map(Object.entries(goldenKeys(name))));
  expect(detectArch(keysOf("pvt_v2_b2_li"))[0]).toEqual({
    arch: "pvt_v2_b2_li",
    spelling: "original",
    prefix: "",
  });
  expect(detectArch(keysOf("pvt_v2_b3-norm4"))[0]?.arch).toBe("pvt_v2_b3");
  expect(detectArch(keysOf("densenet121-chexnet-2layers"))[0]).toEqual({
    arch: "densenet121",
    spelling: "torchvision",
    prefix: "densenet121",
  });
  const oldSwin = [...readModuleList("timm", "swin_tiny_patch4_window7_224").keys].map(
    ([key, shape]) =>
      [
        key
          .replace(/layers\.(\d)\.downsample/, (_, i) => `layers.${Number(i) - 1}.downsample`)
          .replace("head.fc.", "head."),
        shape,
      ] as const,
  );
  expect(detectArch(prefixed(new Map(oldSwin))).map((d) => d.spelling)).toEqual(["original"]);
  const oldDenseNet = [...readModuleList("torchvision", "densenet169").keys].map(
    ([key, shape]) => [key.replace(/(norm|conv)([12])\./, "$1.$2."), shape] as const,
  );
  expect(detectArch(prefixed(new Map(oldDenseNet)))[0]?.arch).toBe("densenet169");
});

test("keys or shapes of another network are not detected", () => {
  const keys = prefixed(readModuleList("timm", "vit_base_patch16_224").keys);
  const extra = (key: string, shape: Shape): Map<string, Shape> => new Map([...keys, [key, shape]]);
  expect(detectArch(extra("mask_embed", [1, 4, 768]))).toEqual([]);
  expect(detectArch(extra("blocks.3.ls1.gamma", [768]))).toEqual([]);
  expect(detectArch(extra("blocks.12.norm1.weight", [768]))).toEqual([]);
  expect(detectArch(extra("optimizer.step", []))).not.toEqual([]);
  const wide = new Map(
    [...keys].map(([key, shape]) => [key, key.includes("fc1") ? [7, ...shape.slice(1)] : shape]),
  );
  expect(detectArch(wide)).toEqual([]);
  expect(detectArch(new Map([["a.b", [1]]]))).toEqual([]);
});

test("a head of any size and name does not matter, nor the number of channels", () => {
  const keys = prefixed(readModuleList("torchvision", "resnet34").keys);
  const changed = new Map([...keys].filter(([key]) => !key.startsWith("fc.")));
  changed.set("conv1.weight", [64, 1, 7, 7]);
  changed.set("head.3.weight", [14, 512]);
  expect(detectArch(changed)[0]?.arch).toBe("resnet34");
});

const cases = JSON.parse(
  readTensors(new URL("../data/models.safetensors", import.meta.url)).metadata["cases"]!,
) as Record<string, { arch: string; spelling: string; keys: Record<string, Shape> }>;

test.each(Object.entries(cases))("the checkpoint of case %s is detected", (_, { arch, spelling, keys }) => {
  const found = detectArch(prefixed(new Map(Object.entries(keys)), "module."));
  expect(found.map((d) => [d.arch, d.spelling])).toContainEqual([arch, spelling]);
  expect(found[0]?.arch).toBe(arch);
});
