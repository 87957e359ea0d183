/** @file timm's resize_rel_pos_bias_table: relative position tables for another window. */

import type { Builder } from "../graph/builder.js";
import { piecewiseLinearMap } from "../graph/sparse-map.js";
import type { Node, Pair } from "../graph/types.js";

/**
 * The positions of the source's offsets in the target: 0, then steps that grow geometrically. Near offsets keep their values,
 * and the farthest one meets the target's farthest.
 */
function geometricPositions(source: number, target: number): number[] {
  const steps = Math.floor(source / 2);
  let [left, right] = [1.01, 1.5];
  let ratio = right;
  while (right - left > 1e-6) {
    ratio = (left + right) / 2;
    if ((1 - ratio ** steps) / (1 - ratio) > Math.floor(target / 2)) right = ratio;
    else left = ratio;
  }
  const distances: number[] = [];
  for (let i = 0, at = 1; i < steps; i++) {
    distances.push(at);
    at += ratio ** (i + 1);
  }
  return [...distances.map((d) => -d).reverse(), 0, ...distances];
}

/** [side * side, heads] -> [height * width, heads] by linear interpolation between geometric positions. */
export function resampleTable(b: Builder, table: Node, side: number, to: Pair): Node {
  const heads = table.shape[1]!;
  const square = b.reshape(table, [side, side, heads]);
  const resized = to.reduce((x, size, axis) => {
    const targets = Array.from({ length: size }, (_, i) => i - Math.floor(size / 2));
    return b.resample(x, axis, piecewiseLinearMap(geometricPositions(side, size), targets));
  }, square);
  return b.reshape(resized, [to[0] * to[1], heads]);
}
