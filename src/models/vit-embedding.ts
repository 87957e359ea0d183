/** @file A ViT's embedding: patches, class tokens and positions. */

import type { Builder } from "../graph/builder.js";
import type { TokenLayout } from "../graph/module-scopes.js";
import type { FileModules } from "../graph/file-modules.js";
import { bicubicAntialiasMap } from "../graph/sparse-map.js";
import type { Node, Pair } from "../graph/types.js";
import type { BuildOptions } from "./arch.js";
import { requireSetting } from "./file-layer.js";
import { conv2d, identity } from "./layers.js";
import { toTokens } from "./transformer.js";
import type { VitParts } from "./vit-parts.js";
import { readPositions, type Positions, type PositionStyle } from "./vit-positions.js";
import { phrase } from "../language/say.js";

/** timm's resample_abs_pos_embed: bicubic, antialiased. */
const TIMM_STYLE: PositionStyle = { resample: bicubicAntialiasMap };

/** A class token [C] and positions [N, C], which lack an axis for the batch; "module": the positions are an nn.Embedding. */
type FlatEmbedding = "parameter" | "module";

const SAME_FOR_ALL: TokenLayout = { noMap: phrase`its values are positions, the same for every picture` };

export interface EmbeddingShape extends VitTraits {
  readonly channels: number;
  /** Pixels along a patch's side. */
  readonly patch: number;
  /** Height and width of the pictures that the official weights were trained on. */
  readonly size: number;
  /** The published embedding has no positions for the tokens before the patches: timm's `no_embed_class`. */
  readonly noEmbedClass?: boolean;
  /** The first convolution has no bias, as a norm follows. */
  readonly unbiased?: boolean;
  /** The traits of implementations that differ from timm, by the spelling's name. */
  readonly traits?: Readonly<Record<string, VitTraits>>;
}

/** What implementations of one network compute or name differently. */
interface VitTraits {
  /** Missing where class token and positions have an axis for the batch. */
  readonly flat?: FlatEmbedding;
  /** How it resamples positions. */
  readonly positions?: (file: FileModules | undefined) => PositionStyle;
  /** Of the norms. Default: 1e-6. */
  readonly eps?: number;
  /** What the published head reads. Present where a head may read the patches' mean too, as its number of features shows. */
  readonly probe?: ProbeInput;
}

/**
 * What a linear probe reads: the class token; that and the patches' mean; or the class tokens of the last four blocks and the
 * patches' mean (DINOv2's `layers=4`).
 */
export type ProbeInput = "token" | "token, mean" | "4 tokens, mean";

export const traitsOf = (shape: EmbeddingShape, { spelling }: Pick<BuildOptions, "spelling">): VitTraits => ({
  ...shape,
  ...shape.traits?.[spelling ?? "timm"],
});

/** Rows and columns of patches. */
export const gridOf = ({ size: [height, width] }: Pick<BuildOptions, "size">, patch: number): Pair => [
  Math.floor(height / patch),
  Math.floor(width / patch),
];

export const tokenCount = ({ tokens }: VitParts): number => tokens.reduce((sum, { count }) => sum + count, 0);

/** @param file the file's modules, where it has them */
export function positionsOf(
  shape: EmbeddingShape,
  parts: VitParts,
  o: Pick<BuildOptions, "shapes" | "spelling">,
  file?: FileModules,
): Positions {
  const tokens = tokenCount(parts);
  const native = Math.floor(shape.size / shape.patch) ** 2;
  const style = traitsOf(shape, o).positions?.(file) ?? TIMM_STYLE;
  const covered = style.ofClassOnly ? 1 : shape.noEmbedClass ? 0 : tokens;
  const length = o.shapes?.get("pos_embed")?.at(-2) ?? covered + native;
  return { length, tokens, patch: shape.patch, native, style };
}

/** [1, covered + patches, C] as the file has it. */
function positionParameter(
  b: Builder,
  channels: number,
  { length }: Positions,
  flat: FlatEmbedding | undefined,
): Node {
  if (flat === undefined) return b.param("pos_embed", [1, length, channels]);
  const table = b.reshape(b.param("pos_embed", [length, channels]), [1, length, channels]);
  if (flat === "module") b.tokens(SAME_FOR_ALL, () => b.scope("pos_table", "Embedding", () => table));
  return table;
}

/** [1, covered + patches, C] for the requested grid, resampled as the implementation does. It depends on parameters alone. */
function positionTable(
  b: Builder,
  channels: number,
  p: Positions,
  grid: Pair,
  flat: FlatEmbedding | undefined,
): { table: Node; covered: number } {
  const table = positionParameter(b, channels, p, flat);
  const { covered, source } = readPositions(p, grid);
  if (source[0] === grid[0] && source[1] === grid[1]) return { table, covered };
  const own = b.reshape(b.slice(table, 1, covered), [1, ...source, channels]);
  const resized = grid.reduce(
    (x, to, i) => (to === source[i] ? x : b.resample(x, 1 + i, p.style.resample(source[i]!, to))),
    own,
  );
  const patches = b.reshape(resized, [1, grid[0] * grid[1], channels]);
  const parts = covered > 0 ? [b.slice(table, 1, 0, covered), patches] : [patches];
  return { table: b.concat(parts, 1), covered };
}

/** [B, patches, C], and their rows and columns. */
export function patchEmbed(
  b: Builder,
  picture: Node,
  { patch, channels, unbiased }: Pick<EmbeddingShape, "patch" | "channels" | "unbiased">,
): { x: Node; grid: Pair } {
  let grid: Pair = [0, 0];
  const x = b.scope("patch_embed", "PatchEmbed", () => {
    const size = { out: channels, kernel: patch, stride: patch };
    const patches = conv2d(b, "proj", picture, { ...size, bias: !unbiased, fixed: true });
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
  const [height, width] = gridOf(o, patch);
  const { x, grid } = b.tokens({ height, width, prefix: 0 }, () => patchEmbed(b, picture, shape));
  const { flat } = traitsOf(shape, o);
  const before = parts.tokens.map(({ key, count }) => {
    const token = b.param(key, flat ? [channels] : [1, count, channels]);
    return b.perPicture(flat ? b.reshape(token, [1, count, channels]) : token);
  });
  const positions = positionsOf(shape, parts, o, b.file.modules);
  const { table, covered } = positionTable(b, channels, positions, grid, flat);
  if (before.length > 0) requireSetting(b, ["no_embed_class"], covered === 0);
  if (covered === 0) return b.concat([...before, b.add(x, table)], 1);
  if (covered === tokenCount(parts)) return b.add(b.concat([...before, x], 1), table);
  // Only the class token has a position; registers follow it.
  const [first, ...others] = before as [Node, ...Node[]];
  const placed = b.add(b.concat([first, x], 1), table);
  return b.concat([b.slice(placed, 1, 0, 1), ...others, b.slice(placed, 1, 1)], 1);
}
