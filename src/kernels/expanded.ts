/**
 * @file Finds values that are far larger than the parameters they are made of, such as an attention's position biases for
 * large pictures. The weight store would keep those of every block. In a plan the blocks share the memory of one.
 */

import { reachable } from "../graph/instantiate.js";
import { sizeOf } from "../graph/shape.js";
import type { Node } from "../graph/types.js";

/** Elements; smaller values cost little memory and are read from the weight store. */
const LARGE = 2 * 2 ** 20;
/** Packed weights and folded norms are about as large as their parameters. */
const TIMES = 8;

/** @param node made of parameters and constants alone */
export function isExpanded(node: Node): boolean {
  const size = sizeOf(node.shape);
  if (size < LARGE) return false;
  const sources = reachable([node]).filter(({ inputs }) => inputs.length === 0);
  return size >= TIMES * sources.reduce((sum, source) => sum + sizeOf(source.shape), 0);
}
