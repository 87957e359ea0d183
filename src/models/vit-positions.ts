/** @file The grid of patches of a ViT's position embedding. It gives the picture's size, or is resampled. */

import { badArgument, badWeights } from "../errors.js";
import type { Pair } from "../graph/types.js";
import type { SparseMap } from "../graph/sparse-map.js";
import type { FileSize, TableReading } from "./arch.js";
import { say } from "../language/say.js";

/** How an implementation resamples positions for a picture of another size. */
export interface PositionStyle {
  /** From the source's rows or columns to the target's. */
  readonly resample: (source: number, target: number) => SparseMap;
  /** The words for messages, where the file does not say how. */
  readonly how?: string;
  /** Only the class token has a position, and the grid is always square. Absent: all tokens have one, or none has. */
  readonly ofClassOnly?: true;
}

/** A position embedding [1, length, C] and what it belongs to. */
export interface Positions {
  readonly length: number;
  /** Class, distillation and register tokens of the network. */
  readonly tokens: number;
  /** Pixels along a patch's side. */
  readonly patch: number;
  /** Number of patches at the architecture's own size. */
  readonly native: number;
  readonly style: PositionStyle;
}

interface PositionReading {
  /** Tokens that have a position: all, or none where timm's `no_embed_class` was set. */
  readonly covered: number;
  /** Rows and columns of the embedding's grid. */
  readonly source: Pair;
  /** What the number of positions does not show. */
  readonly assumed?: TableReading;
}

const isSquare = (n: number): boolean => n > 0 && Number.isInteger(Math.sqrt(n));
const squareOf = (n: number): Pair => [Math.sqrt(n), Math.sqrt(n)];
const text = ([height, width]: Pair): string => `${height}x${width}`;
const pixels = ([height, width]: Pair, patch: number): string => text([height * patch, width * patch]);
const tokensText = (n: number): string => (n === 1 ? say`1 more token` : say`${n} more tokens`);

/** How many tokens may have a position: all of them, or none. */
const coverings = ({ tokens, style }: Positions): number[] =>
  style.ofClassOnly ? [1] : tokens > 0 ? [tokens, 0] : [0];

/** The square grids that fit the embedding. Grids with positions for all tokens come first. */
const squares = (p: Positions): PositionReading[] =>
  coverings(p)
    .filter((covered) => isSquare(p.length - covered))
    .map((covered) => ({ covered, source: squareOf(p.length - covered) }));

/**
 * How the embedding is read for a grid. It is used as it is where it has as many positions as the grid has patches. Otherwise
 * a square is resampled.
 * @throws GradlensError "bad-argument" where neither is possible
 */
export function readPositions(p: Positions, grid: Pair): PositionReading {
  const exact = p.style.ofClassOnly
    ? undefined
    : coverings(p).find((covered) => p.length - covered === grid[0] * grid[1]);
  const [square, otherSquare] = squares(p);
  // The same number of positions as in an official checkpoint has the same meaning.
  const isOfficial = square !== undefined && square.covered > 0 && p.length - square.covered === p.native;
  if (exact !== undefined && !(isOfficial && exact === 0)) return asItIs(p, { covered: exact, source: grid });
  if (square?.source.every((side, i) => side === grid[i])) return square;
  if (square && !otherSquare) return resampled(p, square, grid, exact !== undefined);
  throw badArgument(say`${openGrid(p)}, nor the ${text(grid)} of the size asked for: ${advice(p)}`);
}

function asItIs(p: Positions, reading: PositionReading): PositionReading {
  const { covered, source } = reading;
  const others = squares(p).filter((one) => one.covered !== covered || one.source[0] !== source[0]);
  if (others.length === 0) return reading;
  const other = others
    .map((one) => say`${text(one.source)} (${pixels(one.source, p.patch)} pixels)`)
    .join(say` or `);
  const because = say`pos_embed has ${counted(p, covered)}, as many patches as the size asked for; a model trained at ${other} has as many positions`;
  return { ...reading, assumed: { value: text(source), because } };
}

function resampled(p: Positions, reading: PositionReading, grid: Pair, fits: boolean): PositionReading {
  const other = fits ? say`; a model with no_embed_class trained at ${text(grid)} has as many positions` : "";
  const how = p.style.how === undefined ? "" : ` ${p.style.how}`;
  const because = say`pos_embed has ${counted(p, reading.covered)}, taken as a square and resampled to ${text(grid)}${how}${other}`;
  return { ...reading, assumed: { value: text(reading.source), because } };
}

/** The picture's size that the embedding was made for. */
export function sizeOfPositions(p: Positions): FileSize {
  const [square, other] = squares(p);
  if (square && !other) {
    const [rows, columns] = square.source;
    const because = say`the file's pos_embed has ${rows * columns} patches, ${rows}x${columns} of ${p.patch}x${p.patch} pixels`;
    return { size: [rows * p.patch, columns * p.patch], because };
  }
  const [[rows, columns] = [1, Math.max(1, p.length - p.tokens)]] = grids(p);
  return { size: [rows * p.patch, columns * p.patch], open: `${openGrid(p)}: ${advice(p)}` };
}

const counted = ({ length }: Positions, covered: number): string =>
  covered > 0 ? say`${length - covered} patches and ${tokensText(covered)}` : say`${length} patches`;

/**
 * Why no grid follows from the embedding alone.
 * @throws GradlensError "bad-weights" for an embedding that lacks its class token
 */
function openGrid(p: Positions): string {
  if (p.tokens === 0 && isSquare(p.length - 1)) {
    throw badWeights(
      say`pos_embed has ${p.length} positions, for ${text(squareOf(p.length - 1))} patches and a class token, but the file has no cls_token: give the file that holds all of the model`,
    );
  }
  const [square, other] = squares(p);
  if (square && other) {
    const either = say`${text(square.source)} patches and ${tokensText(p.tokens)}, or for ${text(other.source)}`;
    return say`pos_embed has ${p.length} positions, for ${either} with no_embed_class`;
  }
  const patches = p.length - p.tokens;
  return say`pos_embed has ${counted(p, p.tokens)}; ${patches} patches of ${p.patch}x${p.patch} pixels make no square`;
}

/** The sides of a picture seldom differ by more. */
const LONGEST = 8;
const SHOWN = 8;

/** The grids that fit the embedding: those with positions for all tokens first, then those nearest to a square. */
function grids(p: Positions): Pair[] {
  const ratio = ([height, width]: Pair): number => Math.max(height / width, width / height);
  const gridsOf = (patches: number): Pair[] =>
    Array.from({ length: Math.max(0, patches) }, (_, i): Pair => [i + 1, patches / (i + 1)])
      .filter((grid) => Number.isInteger(grid[1]) && ratio(grid) <= LONGEST)
      .sort((a, b) => ratio(a) - ratio(b));
  return coverings(p)
    .flatMap((covered) => gridsOf(p.length - covered))
    .slice(0, SHOWN);
}

function advice(p: Positions): string {
  const likely = grids(p).map((grid) => pixels(grid, p.patch));
  const which = likely.length > 0 ? say`, likely ${likely.join(", ")}` : "";
  return say`give the size of training by --size HxW${which}`;
}
