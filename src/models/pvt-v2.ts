/** @file PVTv2 (Wang et al. 2022), with timm's module paths. */

import type { Builder } from "../graph/builder.js";
import type { Node, Pair } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import type { Family } from "./family.js";
import type { ConvNorm } from "./conv-norm.js";
import { classifier, inSequential } from "./head.js";
import { adaptiveAvgPool2d, conv2d, gelu, identity, layerNorm, linear, relu } from "./layers.js";
import { PVT_SPELLINGS } from "./pvt-v2-spellings.js";
import {
  headsOf,
  joinedLinear,
  joinHeads,
  requireAttention,
  toTokens,
  unusedDropout,
} from "./transformer.js";

const PVT_V2: Family = { name: "pvt-v2", title: "PVTv2", attention: true, layerNormEps: 1e-6 };

interface PvtShape {
  readonly channels: readonly number[];
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Width of the MLP over that of its stage. */
  readonly ratios: readonly number[];
  /** Keys and values from a pooled 7x7 map (pvt_v2_b2_li) instead of a strided convolution. */
  readonly linear: boolean;
}

const HEADS = [1, 2, 5, 8];
/** By this factor the map of keys and values is smaller along each side. */
const REDUCTION = [8, 4, 2, 1];
const POOLED = 7;

/** Of the blocks' and stages' norms. */
const EPS = 1e-6;

/** How the implementations of the spellings differ. */
interface Traits {
  /** Key and value are Linears of their own. */
  readonly apart: boolean;
  /** Of the norms in patch embeddings and attention. */
  readonly innerEps: number;
}

interface StageOptions {
  readonly traits: Traits;
  readonly at: number;
  readonly shape: PvtShape;
  readonly grid: Pair;
}

const TIMM: Traits = { apart: false, innerEps: 1e-5 };
const HUGGING_FACE: Traits = { apart: true, innerEps: EPS };

const toGrid = (b: Builder, x: Node, [height, width]: Pair): Node =>
  b.reshape(x, [b.batch, height, width, x.shape[2]!]);

function patchEmbed(b: Builder, name: string, x: Node, o: ConvNorm, { innerEps }: Traits): Node {
  return b.scope(name, "OverlapPatchEmbed", () => {
    const y = conv2d(b, "proj", x, { ...o, padding: Math.floor(o.kernel / 2) });
    return layerNorm(b, "norm", y, innerEps);
  });
}

/** The source of keys and values: the tokens, or a smaller map of them. `body` has the layout of that map. */
function reduced<T>(b: Builder, x: Node, o: StageOptions, body: (tokens: Node) => T): T {
  const channels = x.shape[2]!;
  const reduction = REDUCTION[o.at]!;
  if (!o.shape.linear && reduction === 1) return body(x);
  const grid = toGrid(b, x, o.grid);
  const smaller = o.shape.linear
    ? conv2d(b, "sr", adaptiveAvgPool2d(b, "pool", grid, POOLED), { out: channels, kernel: 1 })
    : conv2d(b, "sr", grid, { out: channels, kernel: reduction, stride: reduction });
  return b.tokens({ height: smaller.shape[1]!, width: smaller.shape[2]!, prefix: 0 }, () => {
    const normed = layerNorm(b, "norm", toTokens(b, smaller), o.traits.innerEps);
    return body(o.shape.linear ? gelu(b, "act", normed) : normed);
  });
}

function attention(b: Builder, x: Node, o: StageOptions): Node {
  const channels = x.shape[2]!;
  const heads = HEADS[o.at]!;
  return b.scope("attn", "Attention", () => {
    requireAttention(b, heads, channels);
    const q = headsOf(b, linear(b, "q", x, channels), 0, 1, heads);
    const kv = reduced(b, x, o, (tokens) =>
      o.traits.apart ? joinedLinear(b, ["k", "v"], tokens, channels) : linear(b, "kv", tokens, 2 * channels),
    );
    const [k, v] = [headsOf(b, kv, 0, 2, heads), headsOf(b, kv, 1, 2, heads)];
    unusedDropout(b);
    const y = joinHeads(b, b.attention(q, k, v, undefined, (channels / heads) ** -0.5));
    return identity(b, "proj_drop", linear(b, "proj", y, channels), "Dropout");
  });
}

function mlp(b: Builder, x: Node, o: StageOptions): Node {
  const channels = x.shape[2]!;
  const hidden = channels * o.shape.ratios[o.at]!;
  return b.scope("mlp", "MlpWithDepthwiseConv", () => {
    const map = toGrid(b, linear(b, "fc1", x, hidden), o.grid);
    const y = o.shape.linear ? relu(b, "relu", map) : identity(b, "relu", map);
    const filtered = conv2d(b, "dwconv", y, { out: hidden, kernel: 3, padding: 1, groups: hidden });
    const inner = identity(b, "drop", gelu(b, "act", toTokens(b, filtered)), "Dropout");
    return identity(b, "drop", linear(b, "fc2", inner, channels), "Dropout");
  });
}

function block(b: Builder, name: string, x: Node, o: StageOptions): Node {
  return b.scope(name, "Block", () => {
    const y = b.add(x, identity(b, "drop_path1", attention(b, layerNorm(b, "norm1", x, EPS), o)));
    return b.add(y, identity(b, "drop_path2", mlp(b, layerNorm(b, "norm2", y, EPS), o)));
  });
}

function stage(b: Builder, at: number, x: Node, shape: PvtShape, traits: Traits): Node {
  return b.scope(`${at}`, "PyramidVisionTransformerStage", () => {
    const embedding = { out: shape.channels[at]!, kernel: 3, stride: 2 };
    const map = at === 0 ? x : patchEmbed(b, "downsample", x, embedding, traits);
    const grid: Pair = [map.shape[1]!, map.shape[2]!];
    const o = { at, shape, grid, traits };
    return b.tokens({ height: grid[0], width: grid[1], prefix: 0 }, () => {
      const tokens = b.container("blocks", "ModuleList", () => {
        let y = toTokens(b, map);
        for (let i = 0; i < shape.depths[at]!; i++) y = block(b, `${i}`, y, o);
        return y;
      });
      return toGrid(b, layerNorm(b, "norm", tokens, EPS), grid);
    });
  });
}

function buildPvt(b: Builder, shape: PvtShape, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const traits = o.spelling === "huggingface" ? HUGGING_FACE : TIMM;
  const embedding = { out: shape.channels[0]!, kernel: 7, stride: 4 };
  const embedded = patchEmbed(b, "patch_embed", picture, embedding, traits);
  const features = b.scope("stages", "Sequential", () =>
    shape.channels.reduce((x, _, at) => stage(b, at, x, shape, traits), embedded),
  );
  const pooled = b.reshape(b.mean(features, [1, 2]), [b.batch, features.shape[3]!]);
  return { picture, logits: classifier(b, "head", identity(b, "head_drop", pooled, "Dropout"), o.classes) };
}

const NARROW = [32, 64, 160, 256];
const WIDE = [64, 128, 320, 512];

function pvt(depths: readonly number[], o: Partial<PvtShape> = {}): ArchDef {
  const shape = { channels: WIDE, ratios: [8, 8, 4, 4], linear: false, ...o, depths };
  return {
    family: PVT_V2,
    heads: HEADS,
    build: (b, options) => buildPvt(b, shape, options),
    preprocessing: IMAGENET,
    minSize: 32,
    defaultLayer: "stages[-1].norm",
    keyRules: [inSequential("head")],
    spellings: PVT_SPELLINGS,
    classesFrom: "head.weight",
    channelsFrom: "patch_embed.proj.weight",
    stem: [shape.channels[0]!, 7],
  };
}

export const PVTS = {
  pvt_v2_b0: pvt([2, 2, 2, 2], { channels: NARROW }),
  pvt_v2_b1: pvt([2, 2, 2, 2]),
  pvt_v2_b2: pvt([3, 4, 6, 3]),
  pvt_v2_b2_li: pvt([3, 4, 6, 3], { linear: true }),
  pvt_v2_b3: pvt([3, 4, 18, 3]),
  pvt_v2_b4: pvt([3, 8, 27, 3]),
  pvt_v2_b5: pvt([3, 6, 40, 3], { ratios: [4, 4, 4, 4] }),
};
