/** @file Swin Transformer (Liu et al. 2021): attention with a table of position biases. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { imageNetAt, type ArchDef } from "./arch.js";
import type { Family } from "./family.js";
import type { KeyRule } from "../checkpoint/rename-key.js";
import { linear } from "./layers.js";
import {
  buildSwin,
  depthKeys,
  SWIN_PATCH,
  TIMM,
  type AttentionOptions,
  type SwinShape,
  type SwinVersion,
} from "./swin-blocks.js";
import { BIAS_TABLE, swinSize } from "./swin-size.js";
import { SWIN_SPELLINGS } from "./swin-spellings.js";
import { relativePositionBias, requireWindow } from "./swin-windows.js";
import { headsOf, joinedLinear, joinHeads, requireAttention, unusedDropout } from "./transformer.js";
import { phrase } from "../language/say.js";

const SWIN: Family = { name: "swin", title: "Swin", attention: true, layerNormEps: 1e-5 };

function attention(b: Builder, x: Node, { heads, window, mask, traits, build }: AttentionOptions): Node {
  const channels = x.shape[3]!;
  requireWindow(b, window, undefined);
  const bias = relativePositionBias(b, heads, window, build);
  requireAttention(b, heads, channels);
  const qkv = traits.apart
    ? joinedLinear(b, ["q", "k", "v"], x, channels)
    : linear(b, "qkv", x, 3 * channels);
  const [q, k, v] = [0, 1, 2].map((i) => headsOf(b, qkv, i, 3, heads)) as [Node, Node, Node];
  unusedDropout(b);
  const masked = mask ? b.add(bias, mask) : bias;
  return joinHeads(b, b.attention(q, k, v, masked, (channels / heads) ** -0.5));
}

const VERSION_1: SwinVersion = {
  kinds: { stage: "SwinTransformerStage", blocks: "Sequential", block: "SwinTransformerBlock" },
  normsLast: false,
  traits: {
    timm: TIMM,
    original: { ...TIMM, mergesLast: true },
    torchvision: { ...TIMM, windows: "keep", padsFirst: true },
    huggingface: { ...TIMM, windows: "shrink-square", padsFirst: true, apart: true },
  },
  attention,
};

export const SWIN_SIZES = {
  tiny: { channels: 96, heads: 3, depths: [2, 2, 6, 2] },
  small: { channels: 96, heads: 3, depths: [2, 2, 18, 2] },
  base: { channels: 128, heads: 4, depths: [2, 2, 18, 2] },
  large: { channels: 192, heads: 6, depths: [2, 2, 18, 2] },
};

const KEY_RULES: readonly KeyRule[] = [
  {
    name: phrase`the head before timm 0.9`,
    pattern: /^head\.(?:\d+\.)?(weight|bias)$/,
    replacement: "head.fc.$1",
  },
];

/** The fields of an architecture that both versions share. */
export const swinFields = ({ channels }: SwinShape, size: number) =>
  ({
    preprocessing: imageNetAt(size),
    minSize: SWIN_PATCH,
    defaultLayer: "layers[-1].blocks[-1].norm1",
    keyRules: KEY_RULES,
    classesFrom: "head.fc.weight",
    channelsFrom: "patch_embed.proj.weight",
    stem: [channels, SWIN_PATCH],
  }) satisfies Partial<ArchDef>;

function swin(name: keyof typeof SWIN_SIZES, window: number, size: number): ArchDef {
  const shape = { ...SWIN_SIZES[name], window };
  return {
    ...swinFields(shape, size),
    family: SWIN,
    build: (b, o) => buildSwin(b, shape, VERSION_1, o),
    spellings: SWIN_SPELLINGS,
    tells: {
      ...depthKeys(shape.depths),
      "layers.0.blocks.0.attn.relative_position_bias_table": [(2 * window - 1) ** 2, shape.heads],
    },
    reading: { size: (o, file) => swinSize(o, file, { window, table: BIAS_TABLE }) },
  };
}

export const SWINS = {
  swin_tiny_patch4_window7_224: swin("tiny", 7, 224),
  swin_small_patch4_window7_224: swin("small", 7, 224),
  swin_base_patch4_window7_224: swin("base", 7, 224),
  swin_large_patch4_window7_224: swin("large", 7, 224),
  swin_base_patch4_window12_384: swin("base", 12, 384),
  swin_large_patch4_window12_384: swin("large", 12, 384),
};
