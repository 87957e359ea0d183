/** @file A ViT's embedding: patches, class tokens and positions. */

import type { Builder } from "../graph/builder.js";
import { bicubicAntialiasMap } from "../graph/sparse-map.js";
import type { Node, Pair } from "../graph/types.js";
import type { BuildOptions } from "./arch.js";
import { requireSetting } from "./file-layer.js";
import { conv2d, identity } from "./layers.js";
import { toTokens } from "./transformer.js";
import type { VitParts } from "./vit-parts.js";
import { readPositions, type Positions } from "./vit-positions.js";

export interface EmbeddingShape {
  readonly channels: number;
  /** Pixels along a patch's side. */
  readonly patch: number;
  /** Height and width that the official weights were trained at. */
  readonly size: number;
}

export const tokenCount = ({ tokens }: VitParts): number => tokens.reduce((sum, { count }) => sum + count, 0);

export function positionsOf(
  shape: EmbeddingShape,
  parts: VitParts,
  shapes: BuildOptions["shapes"],
): Positions {
  const tokens = tokenCount(parts);
  const native = (shape.size / shape.patch) ** 2;
  return { length: shapes?.get("pos_embed")?.[1] ?? tokens + native, tokens, patch: shape.patch, native };
}

/**
 * [1, covered + patches, C] for the grid asked for, resampled as by timm's resample_abs_pos_embed (bicubic, antialiased);
 * made of parameters alone.
 */
function positionTable(
  b: Builder,
  channels: number,
  p: Positions,
  grid: Pair,
): { table: Node; covered: number } {
  const table = b.param("pos_embed", [1, p.length, channels]);
  const { covered, source } = readPositions(p, grid);
  if (source[0] === grid[0] && source[1] === grid[1]) return { table, covered };
  const own = b.reshape(b.slice(table, 1, covered), [1, ...source, channels]);
  const resized = grid.reduce(
    (x, to, i) => (to === source[i] ? x : b.resample(x, 1 + i, bicubicAntialiasMap(source[i]!, to))),
    own,
  );
  const patches = b.reshape(resized, [1, grid[0] * grid[1], channels]);
  const parts = covered > 0 ? [b.slice(table, 1, 0, covered), patches] : [patches];
  return { table: b.concat(parts, 1), covered };
}

function patchEmbed(b: Builder, picture: Node, { patch, channels }: EmbeddingShape): { x: Node; grid: Pair } {
  let grid: Pair = [0, 0];
  const x = b.scope("patch_embed", "PatchEmbed", () => {
    const patches = conv2d(b, "proj", picture, { out: channels, kernel: patch, stride: patch, fixed: true });
    grid = [patches.shape[1]!, patches.shape[2]!];
    return identity(b, "norm", toTokens(b, patches));
  });
  return { x, grid };
}

/** [B, tokens + patches, C]: timm's VisionTransformer._pos_embed. */
export function embed(
  b: Builder,
  picture: Node,
  shape: EmbeddingShape,
  parts: VitParts,
  o: BuildOptions,
): Node {
  const { patch, channels } = shape;
  const [height, width] = [Math.floor(o.size[0] / patch), Math.floor(o.size[1] / patch)];
  const { x, grid } = b.tokens({ height, width, prefix: 0 }, () => patchEmbed(b, picture, shape));
  const before = parts.tokens.map(({ key, count }) => b.perPicture(b.param(key, [1, count, channels])));
  const { table, covered } = positionTable(b, channels, positionsOf(shape, parts, o.shapes), grid);
  if (before.length > 0) requireSetting(b, ["no_embed_class"], covered === 0);
  if (covered === 0) return b.concat([...before, b.add(x, table)], 1);
  return b.add(b.concat([...before, x], 1), table);
}
