/** @file ViT (Dosovitskiy et al. 2021) and DeiT (Touvron et al. 2021), distilled ones too, with timm's module paths. */

import { GradlensError } from "../errors.js";
import type { Builder, TokenLayout } from "../graph/builder.js";
import { bicubicAntialiasMap } from "../graph/sparse-map.js";
import type { Node, Pair } from "../graph/types.js";
import { HALF, IMAGENET, type ArchDef, type BuildOptions, type KeyRule, type ModelGraph } from "./arch.js";
import { classifier, conv2d, identity, layerNorm, linear } from "./layers.js";
import {
  ATTENTION_VALUES,
  headsOf,
  joinedLinear,
  joinHeads,
  mlp,
  toTokens,
  unusedDropout,
} from "./transformer.js";
import { DISTILLED_SPELLINGS, VIT_SPELLINGS } from "./vit-spellings.js";

interface VitShape {
  readonly channels: number;
  readonly depth: number;
  readonly heads: number;
  /** Pixels along a patch's side. */
  readonly patch: number;
  /** Height and width the weights were trained at. */
  readonly size: number;
  /** With a second token and head, whose logits are averaged with the first's. */
  readonly distilled: boolean;
}

const EPS = 1e-6;
const HUGGING_FACE_EPS = 1e-12;

const USED_UP: TokenLayout = {
  noMap:
    "after the last attention only the class token reaches the logits, so its gradient is zero at every patch",
};

/**
 * The position embedding [1, prefix + n, C] for the grid asked for, resampled where the checkpoint's is for another one:
 * timm's resample_abs_pos_embed (bicubic, antialiased), made of parameters alone.
 */
function positionEmbedding(b: Builder, shape: VitShape, prefix: number, grid: Pair, o: BuildOptions): Node {
  const native = (shape.size / shape.patch) ** 2;
  const length = o.shapes?.get("pos_embed")?.[1] ?? prefix + native;
  const embedding = b.param("pos_embed", [1, length, shape.channels]);
  const patches = length - prefix;
  if (patches === grid[0] * grid[1] && (grid[0] === grid[1] || !Number.isInteger(Math.sqrt(patches))))
    return embedding;
  const side = Math.sqrt(patches);
  if (!Number.isInteger(side)) {
    throw new GradlensError(
      "bad-argument",
      `pos_embed is for ${patches} patches, which are no square; choose a size with as many patches (${shape.patch}x${shape.patch} pixels each)`,
    );
  }
  const square = b.reshape(b.slice(embedding, 1, prefix), [1, side, side, shape.channels]);
  const resized = grid.reduce(
    (x, to, i) => (to === side ? x : b.resample(x, 1 + i, bicubicAntialiasMap(side, to))),
    square,
  );
  const tokens = b.reshape(resized, [1, grid[0] * grid[1], shape.channels]);
  return b.concat([b.slice(embedding, 1, 0, prefix), tokens], 1);
}

interface BlockOptions {
  readonly heads: number;
  readonly before: TokenLayout;
  /** Layout of what comes out: in the last block the patches end in the attention. */
  readonly after: TokenLayout;
  readonly eps: number;
  /** Query, key and value are Linears of their own. */
  readonly apart: boolean;
}

function attention(b: Builder, x: Node, { heads, before, after, apart }: BlockOptions): Node {
  const channels = x.shape[2]!;
  return b.tokens(after, () =>
    b.scope("attn", "Attention", () => {
      const qkv = b.tokens(before, () =>
        apart ? joinedLinear(b, ["q", "k", "v"], x, channels) : linear(b, "qkv", x, 3 * channels),
      );
      const part = (i: number): Node => headsOf(b, qkv, i, 3, heads);
      const q = b.tokens(ATTENTION_VALUES, () => identity(b, "q_norm", part(0)));
      const k = b.tokens(ATTENTION_VALUES, () => identity(b, "k_norm", part(1)));
      unusedDropout(b, "attn_drop");
      const y = joinHeads(b, b.attention(q, k, part(2), undefined, (channels / heads) ** -0.5));
      return identity(b, "proj_drop", linear(b, "proj", identity(b, "norm", y), channels), "Dropout");
    }),
  );
}

function block(b: Builder, name: string, x: Node, o: BlockOptions): Node {
  const residual = (place: number, y: Node): Node =>
    identity(b, `drop_path${place}`, identity(b, `ls${place}`, y));
  return b.tokens(o.after, () =>
    b.scope(name, "Block", () => {
      const normed = b.tokens(o.before, () => layerNorm(b, "norm1", x, o.eps));
      const y = b.add(x, residual(1, attention(b, normed, o)));
      return b.add(y, residual(2, mlp(b, "mlp", layerNorm(b, "norm2", y, o.eps), 4 * x.shape[2]!)));
    }),
  );
}

function embed(b: Builder, picture: Node, shape: VitShape): { tokens: Node; grid: Pair } {
  const { patch, channels } = shape;
  let grid: Pair = [0, 0];
  const tokens = b.scope("patch_embed", "PatchEmbed", () => {
    const patches = conv2d(b, "proj", picture, { out: channels, kernel: patch, stride: patch });
    grid = [patches.shape[1]!, patches.shape[2]!];
    return identity(b, "norm", toTokens(b, patches));
  });
  return { tokens, grid };
}

function buildVit(b: Builder, shape: VitShape, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const apart = o.spelling === "huggingface";
  const eps = apart ? HUGGING_FACE_EPS : EPS;
  const height = Math.floor(o.size[0] / shape.patch);
  const width = Math.floor(o.size[1] / shape.patch);
  const prefixes = shape.distilled ? ["cls_token", "dist_token"] : ["cls_token"];
  const layout = { height, width, prefix: prefixes.length };
  const { tokens, grid } = b.tokens({ height, width, prefix: 0 }, () => embed(b, picture, shape));
  const extra = prefixes.map((name) => b.perPicture(b.param(name, [1, 1, shape.channels])));
  let x = b.add(b.concat([...extra, tokens], 1), positionEmbedding(b, shape, prefixes.length, grid, o));
  x = b.tokens(layout, () =>
    identity(b, "norm_pre", identity(b, "patch_drop", identity(b, "pos_drop", x, "Dropout"))),
  );
  x = b.tokens(USED_UP, () =>
    b.scope("blocks", "Sequential", () => {
      for (let i = 0; i < shape.depth; i++) {
        const after = i === shape.depth - 1 ? USED_UP : layout;
        x = block(b, `${i}`, x, { heads: shape.heads, before: layout, after, eps, apart });
      }
      return x;
    }),
  );
  x = b.tokens(USED_UP, () => layerNorm(b, "norm", x, eps));
  // Hugging Face's DeiT has the second token also where only the first has a head.
  const heads = shape.distilled && !(apart && o.shapes && !o.shapes.has("head_dist.weight")) ? 2 : 1;
  return { picture, logits: head(b, x, shape, heads, o.classes) };
}

function head(b: Builder, x: Node, shape: VitShape, heads: 1 | 2, classes: number): Node {
  const token = (i: number): Node => b.reshape(b.slice(x, 1, i, i + 1), [b.batch, shape.channels]);
  if (heads === 1) {
    return classifier(
      b,
      "head",
      identity(b, "head_drop", identity(b, "fc_norm", token(0)), "Dropout"),
      classes,
    );
  }
  b.container("fc_norm", "Identity", () => undefined);
  const fromClass = classifier(b, "head", identity(b, "head_drop", token(0), "Dropout"), classes);
  const fromTeacher = classifier(b, "head_dist", identity(b, "head_drop", token(1), "Dropout"), classes);
  return b.mul(b.add(fromClass, fromTeacher), 0.5);
}

const WIDTHS = {
  tiny: { channels: 192, depth: 12, heads: 3 },
  small: { channels: 384, depth: 12, heads: 6 },
  base: { channels: 768, depth: 12, heads: 12 },
  large: { channels: 1024, depth: 24, heads: 16 },
};

const KEY_RULES: readonly KeyRule[] = [
  { name: "head in a Sequential", pattern: /^head\.\d+\.(weight|bias)$/, replacement: "head.$1" },
];

function vit(width: keyof typeof WIDTHS, patch: number, size: number, deit?: "plain" | "distilled"): ArchDef {
  const shape = { ...WIDTHS[width], patch, size, distilled: deit === "distilled" };
  return {
    family: "vit",
    build: (b, o) => buildVit(b, shape, o),
    preprocessing: { ...(deit ? IMAGENET : HALF), size: [size, size] },
    minSize: patch,
    defaultLayer: "blocks[-1].norm1",
    keyRules: KEY_RULES,
    spellings: shape.distilled ? DISTILLED_SPELLINGS : VIT_SPELLINGS,
    classesFrom: "head.weight",
    channelsFrom: "patch_embed.proj.weight",
    stem: [shape.channels, patch],
    head: { kind: "other" },
  };
}

export const VITS = {
  vit_tiny_patch16_224: vit("tiny", 16, 224),
  vit_tiny_patch16_384: vit("tiny", 16, 384),
  vit_small_patch16_224: vit("small", 16, 224),
  vit_small_patch16_384: vit("small", 16, 384),
  vit_small_patch32_224: vit("small", 32, 224),
  vit_small_patch32_384: vit("small", 32, 384),
  vit_base_patch16_224: vit("base", 16, 224),
  vit_base_patch16_384: vit("base", 16, 384),
  vit_base_patch32_224: vit("base", 32, 224),
  vit_base_patch32_384: vit("base", 32, 384),
  vit_large_patch14_224: vit("large", 14, 224),
  vit_large_patch16_224: vit("large", 16, 224),
  vit_large_patch16_384: vit("large", 16, 384),
  vit_large_patch32_224: vit("large", 32, 224),
  vit_large_patch32_384: vit("large", 32, 384),
  deit_tiny_patch16_224: vit("tiny", 16, 224, "plain"),
  deit_small_patch16_224: vit("small", 16, 224, "plain"),
  deit_base_patch16_224: vit("base", 16, 224, "plain"),
  deit_base_patch16_384: vit("base", 16, 384, "plain"),
  deit_tiny_distilled_patch16_224: vit("tiny", 16, 224, "distilled"),
  deit_small_distilled_patch16_224: vit("small", 16, 224, "distilled"),
  deit_base_distilled_patch16_224: vit("base", 16, 224, "distilled"),
  deit_base_distilled_patch16_384: vit("base", 16, 384, "distilled"),
};
