/** @file Swin Transformer (Liu et al. 2021), with timm's module paths. */

import type { Builder } from "../graph/builder.js";
import type { Node, Pair } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier } from "./head.js";
import type { KeyRule } from "../checkpoint/rename-key.js";
import { conv2d, identity, layerNorm, linear, selectAdaptivePool } from "./layers.js";
import { swinSize } from "./swin-size.js";
import { SWIN_SPELLINGS } from "./swin-spellings.js";
import {
  joinWindows,
  relativePositionBias,
  requireShift,
  shiftMask,
  splitWindows,
  stageWindow,
  type StageWindow,
  type WindowRule,
} from "./swin-windows.js";
import {
  ATTENTION_VALUES,
  headsOf,
  joinedLinear,
  joinHeads,
  mlp,
  requireAttention,
  toTokens,
  unusedDropout,
} from "./transformer.js";

interface SwinShape {
  /** Channels of the first stage; each further one has twice as many. */
  readonly channels: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Heads of the first stage; each further one has twice as many. */
  readonly heads: number;
  /** Side of a window in patches. */
  readonly window: number;
  readonly size: number;
}

const PATCH = 4;
const EPS = 1e-5;

/** How the implementations of the spellings differ, some at sizes that are not a multiple of the window. */
interface Traits {
  readonly windows: WindowRule;
  /** Padding comes before the shift; in timm after it. */
  readonly padsFirst: boolean;
  /** Query, key and value are Linears of their own. */
  readonly apart: boolean;
  /** A stage ends with the merging that timm's next one begins with. */
  readonly mergesLast: boolean;
}

const TIMM: Traits = { windows: "shrink", padsFirst: false, apart: false, mergesLast: false };
const TRAITS: Readonly<Record<string, Traits>> = {
  original: { ...TIMM, mergesLast: true },
  torchvision: { ...TIMM, windows: "keep", padsFirst: true },
  huggingface: { ...TIMM, windows: "shrink-square", padsFirst: true, apart: true },
};

/** Attention inside windows [B, windows, area, C]. */
function windowAttention(b: Builder, x: Node, heads: number, bias: Node, apart: boolean): Node {
  const channels = x.shape[3]!;
  requireAttention(b, heads, channels);
  const qkv = apart ? joinedLinear(b, ["q", "k", "v"], x, channels) : linear(b, "qkv", x, 3 * channels);
  const [q, k, v] = [0, 1, 2].map((i) => headsOf(b, qkv, i, 3, heads)) as [Node, Node, Node];
  unusedDropout(b, "attn_drop");
  const y = joinHeads(b, b.attention(q, k, v, bias, (channels / heads) ** -0.5));
  const projected = identity(b, "proj_drop", linear(b, "proj", y, channels), "Dropout");
  // Inside the fused attention.
  b.container("softmax", "Softmax", () => undefined);
  return projected;
}

interface BlockOptions {
  readonly heads: number;
  readonly window: StageWindow;
  readonly shifted: boolean;
  /** timm makes a DropPath of every rate but 0, which only the first block of all has. */
  readonly first: boolean;
  readonly traits: Traits;
  readonly build: BuildOptions;
}

const rollBoth = (b: Builder, x: Node, [y, z]: Pair): Node => b.roll(b.roll(x, 1, y), 2, z);
const padEnds = (b: Builder, x: Node, [y, z]: Pair): Node => b.pad(b.pad(x, 1, 0, y), 2, 0, z);
const cutEnds = (b: Builder, x: Node, [h, w]: Pair): Node => b.slice(b.slice(x, 1, 0, h), 2, 0, w);

/** Shift, pad, attention in windows, and back: timm's SwinTransformerBlock._attn. */
function shiftedAttention(b: Builder, x: Node, o: BlockOptions): Node {
  const { size, shift, padding, padded } = o.window;
  const { padsFirst, apart } = o.traits;
  const grid: Pair = [x.shape[1]!, x.shape[2]!];
  const by: Pair = o.shifted ? shift : [0, 0];
  const forth: Pair = [-by[0], -by[1]];
  const input = padsFirst
    ? rollBoth(b, padEnds(b, x, padding), forth)
    : padEnds(b, rollBoth(b, x, forth), padding);
  const windows = b.tokens(ATTENTION_VALUES, () =>
    b.scope("attn", "WindowAttention", () => {
      const bias = relativePositionBias(b, o.heads, o.window, o.build);
      const mask = by[0] + by[1] > 0 ? shiftMask(b, o.window) : undefined;
      const masked = mask ? b.add(bias, mask) : bias;
      return windowAttention(b, splitWindows(b, input, size), o.heads, masked, apart);
    }),
  );
  const whole = joinWindows(b, windows, size, padded);
  return padsFirst ? cutEnds(b, rollBoth(b, whole, by), grid) : rollBoth(b, cutEnds(b, whole, grid), by);
}

function block(b: Builder, name: string, x: Node, o: BlockOptions): Node {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const dropPath = (place: number, y: Node): Node =>
    identity(b, `drop_path${place}`, y, o.first ? "Identity" : "DropPath");
  return b.scope(name, "SwinTransformerBlock", () => {
    requireShift(b, o.shifted, o.window);
    const y = b.add(x, dropPath(1, shiftedAttention(b, layerNorm(b, "norm1", x, EPS), o)));
    return b.tokens({ height, width, prefix: 0 }, () => {
      const tokens = toTokens(b, y);
      const z = b.add(tokens, dropPath(2, mlp(b, "mlp", layerNorm(b, "norm2", tokens, EPS), 4 * channels)));
      return b.reshape(z, [b.batch, height, width, channels]);
    });
  });
}

/** 2x2 neighbours become one place of four times the channels, then a Linear halves them: timm's PatchMerging. */
function patchMerging(b: Builder, name: string, x: Node): Node {
  return b.scope(name, "PatchMerging", () => {
    const even = b.pad(b.pad(x, 1, 0, x.shape[1]! % 2), 2, 0, x.shape[2]! % 2);
    const [, height, width, channels] = even.shape as [number, number, number, number];
    const split = b.reshape(even, [b.batch, height / 2, 2, width / 2, 2, channels]);
    const merged = b.reshape(b.transpose(split, [0, 1, 3, 4, 2, 5]), [
      b.batch,
      height / 2,
      width / 2,
      4 * channels,
    ]);
    return linear(b, "reduction", layerNorm(b, "norm", merged, EPS), 2 * channels, { bias: false });
  });
}

function stage(b: Builder, at: number, x: Node, shape: SwinShape, o: BuildOptions): Node {
  const traits = TRAITS[o.spelling ?? ""] ?? TIMM;
  return b.scope(`${at}`, "SwinTransformerStage", () => {
    let y = x;
    if (!traits.mergesLast) {
      y = at === 0 ? identity(b, "downsample", x) : patchMerging(b, "downsample", x);
    }
    const window = stageWindow([y.shape[1]!, y.shape[2]!], shape.window, traits.windows);
    y = b.scope("blocks", "Sequential", () => {
      for (let i = 0; i < shape.depths[at]!; i++) {
        const options = { heads: shape.heads << at, window, shifted: i % 2 === 1, first: at + i === 0 };
        y = block(b, `${i}`, y, { ...options, traits, build: o });
      }
      return y;
    });
    return traits.mergesLast && at < shape.depths.length - 1 ? patchMerging(b, "downsample", y) : y;
  });
}

function buildSwin(b: Builder, shape: SwinShape, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const embedded = b.scope("patch_embed", "PatchEmbed", () =>
    layerNorm(
      b,
      "norm",
      conv2d(b, "proj", picture, { out: shape.channels, kernel: PATCH, stride: PATCH }),
      EPS,
    ),
  );
  const x = b.scope("layers", "Sequential", () =>
    shape.depths.reduce((y, _, at) => stage(b, at, y, shape, o), embedded),
  );
  const normed = layerNorm(b, "norm", x, EPS);
  const logits = b.scope("head", "ClassifierHead", () => {
    const pooled = selectAdaptivePool(b, "global_pool", normed, "FastAdaptiveAvgPool");
    return identity(b, "flatten", classifier(b, "fc", identity(b, "drop", pooled, "Dropout"), o.classes));
  });
  return { picture, logits };
}

const SIZES = {
  tiny: { channels: 96, heads: 3, depths: [2, 2, 6, 2] },
  small: { channels: 96, heads: 3, depths: [2, 2, 18, 2] },
  base: { channels: 128, heads: 4, depths: [2, 2, 18, 2] },
  large: { channels: 192, heads: 6, depths: [2, 2, 18, 2] },
};

const KEY_RULES: readonly KeyRule[] = [
  { name: "the head before timm 0.9", pattern: /^head\.(?:\d+\.)?(weight|bias)$/, replacement: "head.fc.$1" },
];

function swin(name: keyof typeof SIZES, window: number, size: number): ArchDef {
  const shape = { ...SIZES[name], window, size };
  return {
    family: "swin",
    build: (b, o) => buildSwin(b, shape, o),
    preprocessing: { ...IMAGENET, size: [size, size] },
    minSize: PATCH,
    defaultLayer: "layers[-1].blocks[-1].norm1",
    keyRules: KEY_RULES,
    spellings: SWIN_SPELLINGS,
    classesFrom: "head.fc.weight",
    channelsFrom: "patch_embed.proj.weight",
    stem: [shape.channels, PATCH],
    reading: {
      size: (o, file) => swinSize(o, file, { stages: shape.depths.length, window, patch: PATCH }),
    },
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
