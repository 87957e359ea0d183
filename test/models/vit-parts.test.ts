/** @file ViTs made with timm's and torchvision's options, read from their files alone, against PyTorch's float64. */

import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { checkAttentions } from "../../src/cam/methods/attention.js";
import type { Shape } from "../../src/graph/shape.js";
import type { Pair } from "../../src/graph/types.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { FittedModel } from "../../src/library/fit/fit-steps.js";
import { expectNear, explainFitted, fitKeys } from "../reference/fitted.js";
import { makeWeight } from "../reference/weights.js";
import { readModuleList } from "./module-list.js";

interface Case {
  readonly spelling: string;
  readonly size: Pair;
  readonly trained: Pair;
  readonly seed: number;
  readonly tokens: number;
  readonly added: Readonly<Record<string, Shape>>;
  readonly removed: readonly string[];
  readonly target: number;
  readonly logits: readonly number[];
  readonly heat: readonly (readonly number[])[];
}

const CLASSES = 5;
const cases = JSON.parse(readFileSync(new URL("../data/vit-parts.json", import.meta.url), "utf8")) as Record<
  string,
  Case
>;

/** The keys of vit_tiny_patch16_224 with so many positions. */
function tinyKeys(positions: number): Map<string, Shape> {
  const keys = new Map(readModuleList("timm", "vit_tiny_patch16_224").keys);
  keys.set("head.weight", [CLASSES, 192]).set("head.bias", [CLASSES]);
  return keys.set("pos_embed", [1, positions, 192]);
}

function keysOf({ trained: [height, width], added, removed }: Case): Map<string, Shape> {
  const keys = tinyKeys(1 + (height / 16) * (width / 16));
  for (const key of removed) keys.delete(key);
  for (const [key, shape] of Object.entries(added)) keys.set(key, shape);
  return keys;
}

/** As a file's, below a wrapper; nothing is read while a model is fitted. */
const fit = (keys: ReadonlyMap<string, Shape>, options: FitOptions = {}): FittedModel =>
  fitKeys(keys, options, "module.");

const assumed = ({ description }: FittedModel, what: string): unknown =>
  description.assumed.find((one) => one.what === what)?.value;

test.each(Object.entries(cases))("%s: logits and Grad-CAM are PyTorch's", (_, one) => {
  // 9 positions of 5 tokens are for two squares.
  const isKnown =
    one.trained[0] === one.trained[1] && one.size.join() === one.trained.join() && one.tokens < 5;
  const asked = isKnown ? {} : { size: one.size };
  const model = fit(keysOf(one), asked);
  expect(model.description.report.unused).toEqual([]);
  expect(model.description.preprocessing.size).toEqual(one.size);
  const [logits, heat] = explainFitted(model, {
    ...one,
    layer: "blocks[-1].norm1",
    weight: (name, shape) => makeWeight(name.replace("module.", ""), shape, one.seed, 1),
  });
  expectNear(logits, one.logits);
  // The reference has its ReLU.
  expectNear(
    heat.map((value) => Math.max(0, value)),
    one.heat.flat(),
  );
});

describe("the size", () => {
  it.each([
    [37, [96, 96], "the file's pos_embed has 36 patches, 6x6 of 16x16 pixels"],
    [36, [96, 96], "the file's pos_embed has 36 patches, 6x6 of 16x16 pixels"],
    [577, [384, 384], "the file's pos_embed has 576 patches, 24x24 of 16x16 pixels"],
  ])("the size of %i positions is that of a square", (positions, size, because) => {
    const { description } = fit(tinyKeys(positions));
    expect(description.preprocessing.size).toEqual(size);
    expect(description.assumed).toContainEqual({ what: "size", value: size, because });
    expect(description.differences).toEqual([]);
  });

  it("the given size wins, and the embedding is then resampled from a square, which is printed", () => {
    const { description } = fit(tinyKeys(37), { size: [64, 160] });
    expect(description.assumed).toContainEqual({
      what: "positions",
      value: "6x6",
      because: "pos_embed has 36 patches and 1 more token, taken as a square and resampled to 4x10",
    });
  });

  it("a size with as many patches as the embedding is its grid", () => {
    const trap = fit(tinyKeys(145), { size: [128, 288] });
    expect(trap.description.assumed).toContainEqual({
      what: "positions",
      value: "8x18",
      because:
        "pos_embed has 144 patches and 1 more token, as many patches as the size asked for; a model trained at 12x12 (192x192 pixels) has as many positions",
    });
    for (const [positions, size] of [
      [145, [192, 192]],
      [41, [64, 160]],
      [40, [64, 160]],
    ] as const) {
      expect(assumed(fit(tinyKeys(positions), { size }), "positions")).toBeUndefined();
    }
  });

  it("the size of an official checkpoint is its square, whatever no_embed_class could mean", () => {
    const keys = new Map(readModuleList("timm", "vit_base_patch32_224").keys);
    expect(assumed(fit(keys, { size: [160, 320] }), "positions")).toBe("7x7");
  });

  it.each([
    [
      161,
      undefined,
      /^w\.pth: pos_embed has 160 patches and 1 more token; 160 patches of 16x16 pixels make no square: give the size of training by --size HxW, likely 160x256, 256x160, .*128x320/,
    ],
    [160, undefined, /^w\.pth: pos_embed has 159 patches .* --size HxW, likely 160x256, 256x160, 128x320/],
    [
      161,
      [224, 224],
      /^pos_embed has 160 patches and 1 more token; .* make no square, nor the 14x14 of the size asked for: give/,
    ],
  ])("the size of %i positions must be given, and fit: %o", (positions, size, message) => {
    expect(() => fit(tinyKeys(positions), size ? { size: size as unknown as Pair } : {})).toThrow(message);
  });
});

test("two squares that the positions fit are printed, and the size decides", () => {
  const keys = keysOf(cases["registers without positions"]!);
  expect(() => fit(keys)).toThrow(
    "w.pth: pos_embed has 9 positions, for 2x2 patches and 5 more tokens, or for 3x3 with no_embed_class: give the size of training by --size HxW, likely 32x32, 16x64, 64x16, 48x48",
  );
  expect(() => fit(keys, { size: [64, 64] })).toThrow("nor the 4x4 of the size asked for");
  expect(assumed(fit(keys, { size: [32, 32] }), "positions")).toBe("2x2");
});

describe("what the keys leave open", () => {
  it("the way of pooling patches is assumed and printed", () => {
    expect(assumed(fit(keysOf(cases["mean of the patches"]!)), "pooling")).toBe("avg");
    expect(assumed(fit(keysOf(cases["no class token"]!)), "pooling")).toBe("avg");
    expect(assumed(fit(keysOf(cases["DeiT III"]!)), "pooling")).toBeUndefined();
  });

  it("a missing class token is not assumed", () => {
    const keys = tinyKeys(37);
    keys.delete("cls_token");
    expect(() => fit(keys)).toThrow("for 6x6 patches and a class token, but the file has no cls_token: give");
  });
});

test("methods of a class token's attention are refused where the head reads the patches", () => {
  const { template } = fit(keysOf(cases["mean of the patches"]!));
  expect(() => checkAttentions({ template, name: "vit" }, "LeGrad")).toThrow(
    "LeGrad needs a class token that the head reads; vit's head reads the patches, pooled; use gradcam",
  );
});

test("DeiT III's own names of LayerScale are read", () => {
  const keys = keysOf(cases["DeiT III"]!);
  const old = [...keys].map(([key, shape]): [string, Shape] => [
    key.replace(/ls(\d)\.gamma/, "gamma_$1"),
    shape,
  ]);
  expect(fit(new Map(old)).template.graph.params.has("blocks.11.ls2.gamma")).toBe(true);
});

describe("parts of ViTs that are not supported", () => {
  it.each([
    ["blocks.0.mlp.w1.weight", "SwiGLU"],
    ["blocks.0.mlp.fc1_g.weight", "SwiGLU"],
    ["blocks.3.attn.norm.weight", "a norm of its attention's output"],
    ["blocks.0.attn.relative_position_bias_table", "relative positions"],
  ])("a ViT with %s is refused by name", (key, what) => {
    const keys = tinyKeys(197).set(key, [192]);
    for (const options of [{}, { arch: "vit_tiny_patch16_224" } as const]) {
      expect(() => fit(keys, options)).toThrow(`w.pth is a ViT with ${what}`);
      expect(() => fit(keys, options)).toThrow(`(${key}), which gradlens does not compute; train`);
    }
  });

  it.each(["norm_pre.weight", "attn_pool.latent"])(
    "a ViT with %s, a CLIP's or a SigLIP's, in no such size is refused",
    (key) => {
      const keys = tinyKeys(197).set(key, [192]);
      expect(() => fit(keys)).toThrow(`${key} does not belong to it`);
      expect(() => fit(keys, { arch: "vit_tiny_patch16_224" })).toThrow(`${key}"`);
    },
  );

  it("a LayerScale or a query's norm that some blocks lack is reported as missing", () => {
    for (const key of ["blocks.3.ls1.gamma", "blocks.3.attn.q_norm.weight"]) {
      const keys = tinyKeys(197).set(key, [192]);
      expect(() => fit(keys, { arch: "vit_tiny_patch16_224" })).toThrow(/keys? missing/);
    }
  });
});
