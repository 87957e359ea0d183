/** @file The graph that Swin and Swin V2 share, with timm's module paths. */

import type { Builder } from "../graph/builder.js";
import { both } from "../graph/ops/convolution.js";
import type { Node, Pair } from "../graph/types.js";
import type { BuildOptions, ModelGraph } from "./arch.js";
import { classifier } from "./head.js";
import { conv2d, identity, layerNorm, linear, selectAdaptivePool } from "./layers.js";
import {
  joinWindows,
  madeFor,
  requireShift,
  shiftMask,
  splitWindows,
  stageWindow,
  type StageWindow,
  type WindowRule,
} from "./swin-windows.js";
import { ATTENTION_VALUES, mlp, toTokens } from "./transformer.js";

export interface SwinShape {
  /** Channels of the first stage. Each further stage has twice as many. */
  readonly channels: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Heads of the first stage. Each further stage has twice as many. */
  readonly heads: number;
  /** Side of a window in patches. */
  readonly window: number;
}

/** How the implementations differ. Some differ only at sizes that are no multiple of the window. */
export interface Traits {
  readonly windows: WindowRule;
  /** The grid is padded before the shift. timm pads it after the shift. */
  readonly padsFirst: boolean;
  /** Query, key and value are separate Linears. */
  readonly apart: boolean;
  /** A stage ends with the patch merging. In timm the next stage begins with it. */
  readonly mergesLast: boolean;
  /** How often the mask of shifted windows is added. */
  readonly masks: number;
}

/** timm's traits. The others differ in some of them. */
export const TIMM: Traits = {
  windows: "shrink",
  padsFirst: false,
  apart: false,
  mergesLast: false,
  masks: 1,
};

export interface AttentionOptions {
  readonly stage: number;
  readonly heads: number;
  readonly window: StageWindow;
  /** [windows, 1, area, area] is added to the scores of shifted windows. */
  readonly mask: Node | undefined;
  readonly traits: Traits;
  readonly build: BuildOptions;
}

/** The differences between the versions. */
export interface SwinVersion {
  readonly kinds: {
    readonly stage: string;
    readonly blocks: "Sequential" | "ModuleList";
    readonly block: string;
  };
  /** Norms follow attention, MLP and merging instead of preceding them. */
  readonly normsLast: boolean;
  /** By spelling; timm's under "timm". */
  readonly traits: Readonly<Record<string, Traits>> & { readonly timm: Traits };
  /** Called inside its own scope, without the projection. @param x windows [B, windows, area, C] */
  readonly attention: (b: Builder, x: Node, o: AttentionOptions) => Node;
}

export const SWIN_PATCH = 4;
const EPS = 1e-5;

interface BlockOptions extends Omit<AttentionOptions, "mask"> {
  readonly version: SwinVersion;
  readonly shifted: boolean;
  /** timm has a DropPath if its rate is above 0: in every block but the first. */
  readonly first: boolean;
}

const rollBoth = (b: Builder, x: Node, [y, z]: Pair): Node => b.roll(b.roll(x, 1, y), 2, z);
const padEnds = (b: Builder, x: Node, [y, z]: Pair): Node => b.pad(b.pad(x, 1, 0, y), 2, 0, z);
const cutEnds = (b: Builder, x: Node, [h, w]: Pair): Node => b.slice(b.slice(x, 1, 0, h), 2, 0, w);

/** Shift, pad, attention in windows, and back: timm's SwinTransformerBlock._attn. */
function shiftedAttention(b: Builder, x: Node, o: BlockOptions): Node {
  const { size, shift, padding, padded } = o.window;
  const { padsFirst, masks } = o.traits;
  const grid: Pair = [x.shape[1]!, x.shape[2]!];
  const by: Pair = o.shifted ? shift : [0, 0];
  const forth: Pair = [-by[0], -by[1]];
  const input = padsFirst
    ? rollBoth(b, padEnds(b, x, padding), forth)
    : padEnds(b, rollBoth(b, x, forth), padding);
  const windows = b.tokens(ATTENTION_VALUES, () =>
    b.scope("attn", "WindowAttention", () => {
      const mask = by[0] + by[1] > 0 ? shiftMask(b, o.window, masks) : undefined;
      const y = o.version.attention(b, splitWindows(b, input, size), { ...o, mask });
      const projected = identity(b, "proj_drop", linear(b, "proj", y, x.shape[3]!), "Dropout");
      // Inside the fused attention.
      b.container("softmax", "Softmax", () => undefined);
      return projected;
    }),
  );
  const whole = joinWindows(b, windows, size, padded);
  return padsFirst ? cutEnds(b, rollBoth(b, whole, by), grid) : rollBoth(b, cutEnds(b, whole, grid), by);
}

function block(b: Builder, name: string, x: Node, o: BlockOptions): Node {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const { kinds, normsLast } = o.version;
  /** The summand of `y`: the body's values, with the norm before or after it. */
  const branch = (place: number, y: Node, body: (y: Node) => Node): Node => {
    const norm = (z: Node): Node => layerNorm(b, `norm${place}`, z, EPS);
    const z = normsLast ? norm(body(y)) : body(norm(y));
    return b.add(y, identity(b, `drop_path${place}`, z, o.first ? "Identity" : "DropPath"));
  };
  return b.scope(name, kinds.block, () => {
    requireShift(b, o.shifted, o.window);
    const y = branch(1, x, (z) => shiftedAttention(b, z, o));
    return b.tokens({ height, width, prefix: 0 }, () => {
      const z = branch(2, toTokens(b, y), (tokens) => mlp(b, "mlp", tokens, 4 * channels));
      return b.reshape(z, [b.batch, height, width, channels]);
    });
  });
}

/** Joins the channels of 2x2 neighbours, and halves them by a Linear: timm's PatchMerging. */
function patchMerging(b: Builder, name: string, x: Node, { normsLast }: SwinVersion): Node {
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
    const reduce = (y: Node): Node => linear(b, "reduction", y, 2 * channels, { bias: false });
    const norm = (y: Node): Node => layerNorm(b, "norm", y, EPS);
    return normsLast ? norm(reduce(merged)) : reduce(norm(merged));
  });
}

function stage(
  b: Builder,
  at: number,
  x: Node,
  shape: SwinShape,
  version: SwinVersion,
  o: BuildOptions,
): Node {
  const traits = version.traits[o.spelling ?? ""] ?? version.traits.timm;
  const { kinds } = version;
  return b.scope(`${at}`, kinds.stage, () => {
    let y = x;
    if (!traits.mergesLast) {
      y = at === 0 ? identity(b, "downsample", x) : patchMerging(b, "downsample", x, version);
    }
    const made = both((i) => Math.floor(Math.floor(o.size[i] / SWIN_PATCH) / 2 ** at));
    const window = stageWindow([y.shape[1]!, y.shape[2]!], shape.window, traits.windows, madeFor(b) ?? made);
    const all = (): Node => {
      for (let i = 0; i < shape.depths[at]!; i++) {
        const options = { heads: shape.heads << at, window, shifted: i % 2 === 1, first: at + i === 0 };
        y = block(b, `${i}`, y, { ...options, stage: at, traits, version, build: o });
      }
      return y;
    };
    y =
      kinds.blocks === "Sequential"
        ? b.scope("blocks", kinds.blocks, all)
        : b.container("blocks", kinds.blocks, all);
    const merges = traits.mergesLast && at < shape.depths.length - 1;
    return merges ? patchMerging(b, "downsample", y, version) : y;
  });
}

/** Keys that show a stage's depth (see `ArchDef.tells`). */
export const depthKeys = (depths: readonly number[]): Record<string, null> => ({
  [`layers.2.blocks.${depths[2]!}.norm1.weight`]: null,
});

export function buildSwin(b: Builder, shape: SwinShape, version: SwinVersion, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const embedded = b.scope("patch_embed", "PatchEmbed", () =>
    layerNorm(
      b,
      "norm",
      conv2d(b, "proj", picture, { out: shape.channels, kernel: SWIN_PATCH, stride: SWIN_PATCH }),
      EPS,
    ),
  );
  const x = b.scope("layers", "Sequential", () =>
    shape.depths.reduce((y, _, at) => stage(b, at, y, shape, version, o), embedded),
  );
  const normed = layerNorm(b, "norm", x, EPS);
  const logits = b.scope("head", "ClassifierHead", () => {
    const pooled = selectAdaptivePool(b, "global_pool", normed, "FastAdaptiveAvgPool");
    return identity(b, "flatten", classifier(b, "fc", identity(b, "drop", pooled, "Dropout"), o.classes));
  });
  return { picture, logits };
}
