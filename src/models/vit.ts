/** @file ViT (Dosovitskiy et al. 2021) and DeiT (Touvron et al. 2021), distilled ones too, with timm's module paths. */

import type { Builder, TokenLayout } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import {
  HALF,
  IMAGENET,
  type ArchDef,
  type BuildOptions,
  type FileReading,
  type ModelGraph,
} from "./arch.js";
import { classifier } from "./head.js";
import type { KeyRule } from "../checkpoint/rename-key.js";
import { requireSetting } from "./file-layer.js";
import { identity, layerNorm, linear } from "./layers.js";
import { block } from "./vit-blocks.js";
import { embed, positionsOf, tokenCount, type EmbeddingShape } from "./vit-embedding.js";
import { partsOf, POOLED_BECAUSE, type VitParts } from "./vit-parts.js";
import { readPositions, sizeOfPositions } from "./vit-positions.js";
import { DISTILLED_SPELLINGS, VIT_SPELLINGS } from "./vit-spellings.js";

interface VitShape extends EmbeddingShape {
  readonly depth: number;
  readonly heads: number;
  /** With a second token and head, whose logits are averaged with the first's. */
  readonly distilled: boolean;
}

const EPS = 1e-6;
const HUGGING_FACE_EPS = 1e-12;

const USED_UP: TokenLayout = {
  noMap:
    "after the last attention only the class token reaches the logits, so its gradient is zero at every patch",
};

function buildVit(b: Builder, shape: VitShape, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const apart = o.spelling === "huggingface";
  const eps = apart ? HUGGING_FACE_EPS : EPS;
  const parts = partsOf(o.shapes, shape.distilled);
  requireSetting(b, ["global_pool"], parts.pool);
  const layout = {
    height: Math.floor(o.size[0] / shape.patch),
    width: Math.floor(o.size[1] / shape.patch),
    prefix: tokenCount(parts),
  };
  const end = parts.pool === "token" ? USED_UP : layout;
  let x = embed(b, picture, shape, parts, o);
  x = b.tokens(layout, () =>
    identity(b, "norm_pre", identity(b, "patch_drop", identity(b, "pos_drop", x, "Dropout"))),
  );
  x = b.tokens(end, () =>
    b.scope("blocks", "Sequential", () => {
      for (let i = 0; i < shape.depth; i++) {
        const after = i === shape.depth - 1 ? end : layout;
        x = block(b, `${i}`, x, { heads: shape.heads, before: layout, after, eps, apart, parts });
      }
      return x;
    }),
  );
  x = b.tokens(end, () => (parts.normsPooled ? identity(b, "norm", x) : layerNorm(b, "norm", x, eps)));
  // Hugging Face's DeiT has the second token also where only the first has a head.
  const isAveraged = shape.distilled && !(apart && o.shapes && !o.shapes.has("head_dist.weight"));
  return {
    picture,
    logits: isAveraged ? distilledHead(b, x, o.classes) : head(b, x, parts, eps, o.classes),
    poolsPatches: parts.pool === "avg",
  };
}

const tokenAt = (b: Builder, x: Node, i: number): Node =>
  b.reshape(b.slice(x, 1, i, i + 1), [b.batch, x.shape[2]!]);

function head(b: Builder, x: Node, parts: VitParts, eps: number, classes: number): Node {
  const pooled =
    parts.pool === "token"
      ? tokenAt(b, x, 0)
      : b.reshape(b.mean(b.slice(x, 1, tokenCount(parts)), [1]), [b.batch, x.shape[2]!]);
  const normed = parts.normsPooled ? layerNorm(b, "fc_norm", pooled, eps) : identity(b, "fc_norm", pooled);
  const { preLogits } = parts;
  const features =
    preLogits === undefined
      ? normed
      : b.scope("pre_logits", "Sequential", () => {
          const y = linear(b, "fc", normed, preLogits);
          return b.scope("act", "Tanh", () => b.tanh(y));
        });
  return classifier(b, "head", identity(b, "head_drop", features, "Dropout"), classes);
}

/** The mean of two heads' logits, one of the class token, one of the distillation token. */
function distilledHead(b: Builder, x: Node, classes: number): Node {
  b.container("fc_norm", "Identity", () => undefined);
  const fromClass = classifier(b, "head", identity(b, "head_drop", tokenAt(b, x, 0), "Dropout"), classes);
  const fromTeacher = classifier(
    b,
    "head_dist",
    identity(b, "head_drop", tokenAt(b, x, 1), "Dropout"),
    classes,
  );
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
  // timm's checkpoint_filter_fn does the same.
  { name: "DeiT III's LayerScale", pattern: /^(blocks\.\d+)\.gamma_([12])$/, replacement: "$1.ls$2.gamma" },
];

/** What a file's tensors say about size, positions and pooling. */
function fileReading(shape: VitShape): FileReading {
  const positions = (o: BuildOptions) => positionsOf(shape, partsOf(o.shapes, shape.distilled), o.shapes);
  return {
    size: (o) => (o.shapes?.has("pos_embed") ? sizeOfPositions(positions(o)) : undefined),
    assumed(o) {
      const parts = partsOf(o.shapes, shape.distilled);
      const grid = [Math.floor(o.size[0] / shape.patch), Math.floor(o.size[1] / shape.patch)] as const;
      const read = readPositions(positions(o), grid).assumed;
      const because = POOLED_BECAUSE[parts.normsPooled ? "fcNorm" : "noClass"];
      return {
        ...(read && { positions: read }),
        ...(parts.pool === "avg" && { pooling: { value: "avg", because } }),
      };
    },
  };
}

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
    reading: fileReading(shape),
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
