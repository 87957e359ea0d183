/** @file Swin's windows as in timm: size in a stage, partition, shift mask and relative position bias. */

import { badArgument } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import { both } from "../graph/ops/convolution.js";
import { gatherMap, type SparseMap } from "../graph/sparse-map.js";
import type { Node, Pair } from "../graph/types.js";
import type { BuildOptions } from "./arch.js";
import { resampleTable } from "./relative-position.js";
import { say } from "../language/say.js";

/** How a stage's grid is cut into windows. */
export interface StageWindow {
  /** Height and width of a window. */
  readonly size: Pair;
  /** Shift of every second block. */
  readonly shift: Pair;
  /** Padded rows below and columns on the right, which fill the last windows. */
  readonly padding: Pair;
  /** Height and width with the padding. */
  readonly padded: Pair;
  /** The architecture's own window. */
  readonly native: number;
}

/**
 * How the window changes on a smaller grid. timm and the original shrink it along each axis
 * (SwinTransformerBlock._calc_window_shift), Hugging Face along both (SwinLayer.set_shift_and_window_size), in V2 by the rows
 * (Swinv2Layer._compute_window_shift). torchvision pads the grid instead (shifted_window_attention).
 */
export type WindowRule = "shrink" | "shrink-square" | "by-rows" | "keep";

/** The grid for which the file's stage was made, whatever the size of the picture. @param b in the stage's scope */
export const madeFor = (b: Builder): Pair | undefined =>
  pairIn(b.file.modules?.peek(`${b.path}.blocks.0`)?.settings.get("input_resolution"));

/** @param made the grid for which a "by-rows" module is made: by default the picture's sides, divided and rounded down */
export function stageWindow(grid: Pair, native: number, rule: WindowRule, made: Pair): StageWindow {
  const smallest = Math.min(native, ...grid);
  const ofRows = Math.min(native, made[0]);
  const size = {
    shrink: both((i) => Math.min(grid[i], native)),
    "shrink-square": [smallest, smallest] as const,
    "by-rows": [ofRows, ofRows] as const,
    keep: [native, native] as const,
  }[rule];
  const padding = both((i) => (size[i] - (grid[i] % size[i])) % size[i]);
  const padded = both((i) => grid[i] + padding[i]);
  // A window that covers the grid is not shifted.
  const covers = both((i) => (padded[i] <= size[i] ? 1 : 0));
  const neverShifts = rule === "shrink-square" && covers[0] + covers[1] > 0;
  const shiftsByRows = made[0] > ofRows ? Math.floor(native / 2) : 0;
  const shift =
    rule === "by-rows"
      ? both(() => shiftsByRows)
      : both((i) => (covers[i] || neverShifts ? 0 : Math.floor(native / 2)));
  return { size, shift, padding, padded, native };
}

/** Refuses a file whose block shifts its windows where ours does not, or the reverse. A single window is never shifted. */
export function requireShift(b: Builder, shifted: boolean, { native, shift }: StageWindow): void {
  const [block, attention] = ["", ".attn"].map((end) => b.file.modules?.peek(b.path + end)?.settings);
  const said = block?.get("shift_size") ?? attention?.get("shift_size");
  if (said === undefined) return;
  const sizes = [said].flat() as number[];
  const shifts = sizes.some((by) => by !== 0);
  const grid = [block?.get("input_resolution") ?? []].flat() as number[];
  const covered = grid.length > 0 && Math.min(...grid) <= native;
  // A module states its block's shift. A traced one states the shift at the size of the trace.
  const happens = shifted && shift.some((by) => by !== 0);
  if (shifts === shifted || shifts === happens || (!shifts && covered)) return;
  b.file.modules?.problems.push(
    say`its ${b.path} has a shift_size of ${sizes.join("x")}; in the architecture it ${shifted ? say`shifts` : say`does not shift`}`,
  );
}

/** [B, H, W, C] -> [B, windows, area, C] */
export function splitWindows(b: Builder, x: Node, [height, width]: Pair): Node {
  const [, h, w, channels] = x.shape as [number, number, number, number];
  const split = b.reshape(x, [b.batch, h / height, height, w / width, width, channels]);
  const windows = (h / height) * (w / width);
  return b.reshape(b.transpose(split, [0, 1, 3, 2, 4, 5]), [b.batch, windows, height * width, channels]);
}

/** [B, windows, area, C] -> [B, H, W, C] */
export function joinWindows(b: Builder, x: Node, [height, width]: Pair, [h, w]: Pair): Node {
  const channels = x.shape[3]!;
  const split = b.reshape(x, [b.batch, h / height, w / width, height, width, channels]);
  return b.reshape(b.transpose(split, [0, 1, 3, 2, 4, 5]), [b.batch, h, w, channels]);
}

/**
 * [windows, 1, area, area]: -100 between places that share a window only because of the shift, as in
 * SwinTransformerBlock.get_attn_mask.
 * @param times the number of times that the mask is added
 */
export function shiftMask(b: Builder, { size, shift, padded }: StageWindow, times: number): Node {
  const counts = both((i) => padded[i] / size[i]);
  const area = size[0] * size[1];
  const windows = counts[0] * counts[1];
  /** The strip of an axis, of three, that holds a place. */
  const strip = (axis: 0 | 1, at: number): number =>
    shift[axis] === 0 || at < padded[axis] - size[axis] ? 0 : at < padded[axis] - shift[axis] ? 1 : 2;
  const regions = Float32Array.from({ length: windows * area }, (_, i) => {
    const [w, p] = [Math.floor(i / area), i % area];
    const y = Math.floor(w / counts[1]) * size[0] + Math.floor(p / size[1]);
    const x = (w % counts[1]) * size[1] + (p % size[1]);
    return 3 * strip(0, y) + strip(1, x);
  });
  const from = b.constant(regions, [windows, 1, area, 1]);
  const isApart = b.sub(1, b.equal(from, b.reshape(from, [windows, 1, 1, area])));
  return b.mul(isApart, -100 * times);
}

/** The offset along an axis for each pair of places: [side * side]. */
const pairMap = (side: number): SparseMap =>
  gatherMap(
    2 * side - 1,
    Int32Array.from({ length: side * side }, (_, i) => Math.floor(i / side) - (i % side) + side - 1),
  );

/**
 * [heads, area, area] of the parameter relative_position_bias_table [(2h - 1)(2w - 1), heads]. It is resampled where
 * the checkpoint's table is for another window, and depends on parameters alone.
 */
export function relativePositionBias(b: Builder, heads: number, window: StageWindow, o: BuildOptions): Node {
  const name = "relative_position_bias_table";
  const wanted = both((i) => 2 * window.size[i] - 1);
  const rows = o.shapes?.get(`${b.path}.${name}`)?.[0] ?? (2 * window.native - 1) ** 2;
  const side = Math.sqrt(rows);
  let table = b.param(name, [rows, heads]);
  if (rows !== wanted[0] * wanted[1]) {
    if (!Number.isInteger(side)) {
      throw badArgument(
        say`${b.path}.${name} has ${rows} rows, which are no square window's to resample from: give the size of training by --size HxW`,
      );
    }
    table = resampleTable(b, table, side, wanted);
  }
  return pairsOf(b, table, window.size);
}

/**
 * A table's row for the relative position of each pair of places in a window (timm's get_relative_position_index):
 * (2h - 1)(2w - 1) rows of a value for each head -> [heads, area, area].
 */
export function pairsOf(b: Builder, table: Node, [height, width]: Pair): Node {
  const heads = table.shape.at(-1)!;
  const area = height * width;
  const offsets = b.reshape(table, [2 * height - 1, 2 * width - 1, heads]);
  const pairs = b.resample(b.resample(offsets, 0, pairMap(height)), 1, pairMap(width));
  const places = b.transpose(b.reshape(pairs, [height, height, width, width, heads]), [4, 0, 2, 1, 3]);
  return b.reshape(places, [heads, area, area]);
}

/**
 * Refuses a file whose attention has windows of another size or another unit of positions.
 * @param trained side of the windows in pretraining, the unit of positions; undefined: the window's own
 */
export function requireWindow(b: Builder, window: StageWindow, trained: number | undefined): void {
  const { native } = window;
  const modules = b.file.modules;
  const own = modules?.peek(b.path)?.settings;
  const block = modules?.peek(b.path.replace(/\.attn$/, ""))?.settings;
  const grid = pairIn(block?.get("input_resolution"));
  const shrunk = (axis: 0 | 1): number => Math.min(native, grid?.[axis] ?? native);
  const [found, measured] = [pairIn(own?.get("window_size")), pairIn(own?.get("pretrained_window_size"))];
  const smallest = Math.min(shrunk(0), shrunk(1));
  const accepted = [both(shrunk), [smallest, smallest], [shrunk(0), shrunk(0)]].map(String);
  if (found && !accepted.includes(String(found)))
    modules?.problems.push(
      say`its ${b.path} has windows of ${found.join("x")} patches; in the architecture they are ${native}x${native}`,
    );
  if (!found) requireTable(b, window);
  if (measured && measured.some((side) => side !== (trained ?? 0)))
    modules?.problems.push(
      say`its ${b.path} has a pretrained_window_size of ${measured.join("x")}; in the architecture it is ${trained ?? 0}`,
    );
}

/** A traced network keeps the windows of its trace, at any size: they show in its tables alone. */
function requireTable(b: Builder, { size }: StageWindow): void {
  if (b.file.modules === undefined) return;
  const shapeOf = (name: string): readonly number[] | undefined => b.file.shapes?.get(`${b.path}.${name}`);
  const [, height, width] = shapeOf("relative_coords_table") ?? [];
  const rows =
    height === undefined || width === undefined
      ? shapeOf("relative_position_bias_table")?.[0]
      : height * width;
  if (rows === undefined || rows === (2 * size[0] - 1) * (2 * size[1] - 1)) return;
  const side = (Math.sqrt(rows) + 1) / 2;
  const found = Number.isInteger(side) ? `${side}x${side}` : say`another number of`;
  b.file.modules.problems.push(
    say`its ${b.path} has windows of ${found} patches; at this size they are ${size.join("x")} in the architecture`,
  );
}

function pairIn(value: unknown): Pair | undefined {
  const sides = value === undefined || value === null ? [] : [value].flat();
  const [height, width = height] = sides as number[];
  return typeof height === "number" && typeof width === "number" ? [height, width] : undefined;
}
