/** @file Why a map is zero everywhere, in words, from extremes of the values that made it. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { say } from "../../language/say.js";

/** The extremes for one target. */
export interface FlatFacts {
  /** The extremes of the raw map, before ReLU. */
  readonly highest: number;
  readonly lowest: number;
  /** The largest magnitude in the layer's output. */
  readonly activation: number;
  /** The largest magnitude in the gradient, where the method reads one. */
  readonly gradient: number | undefined;
}

/**
 * Graph code of the facts. readFacts reads its value.
 * @param raw [T, h, w]
 * @param A [1, h, w, C]
 * @param G [T, h, w, C]
 * @returns [T, 3], or [T, 4] with G
 */
export function flatFacts(b: Builder, raw: Node, A: Node, G?: Node): Node {
  const T = raw.shape[0]!;
  const all = [1, 2, 3];
  const column = (x: Node): Node => b.broadcast(b.reshape(x, [x.shape[0]!, 1]), [T, 1]);
  return b.concat(
    [
      b.amax(raw, [1, 2]),
      b.amin(raw, [1, 2]),
      b.amax(b.abs(A), all),
      ...(G ? [b.amax(b.abs(G), all)] : []),
    ].map(column),
    1,
  );
}

/** @param values flatFacts of `targets` targets */
export function readFacts(values: Float32Array, targets: number): FlatFacts[] {
  const columns = values.length / targets;
  return Array.from({ length: targets }, (_, t) => {
    const [highest, lowest, activation, gradient] = values.subarray(t * columns, (t + 1) * columns);
    return { highest: highest!, lowest: lowest!, activation: activation!, gradient };
  });
}

/** Whether a map is zero everywhere. */
export const isFlat = (map: Float32Array): boolean => map.every((x) => x === 0);

/** @param layer `positions` is height times width @param signIsEvidence a negative value lowers the logit */
export function flatReason(
  { highest, lowest, activation, gradient }: FlatFacts,
  { path, positions }: { readonly path: string; readonly positions: number },
  signIsEvidence: boolean,
): string {
  if (activation === 0) return say`the output of ${path} is zero everywhere; check mean, std and the weights`;
  if (gradient === 0) {
    return say`the gradient at ${path} is zero everywhere: the target does not depend on it (in a vision transformer, after the last attention only the class token counts); use an earlier layer`;
  }
  if (positions === 1)
    return say`${path} has a single position, so its map has no pattern; use an earlier layer or a larger size`;
  if (highest === 0 && lowest === 0)
    return say`the map is 0 before ReLU at every position of ${path}; use another method or an earlier layer`;
  if (highest <= 0) {
    const why = signIsEvidence
      ? say`all of it speaks against this target, and ReLU leaves nothing`
      : say`ReLU leaves nothing`;
    return say`the map is negative or zero at every position of ${path}: ${why}; keep negative values (--no-relu, relu: false) to see it`;
  }
  if (highest === lowest)
    return say`the map has the same value at every position of ${path}; use an earlier layer or a larger size`;
  return say`the map's values at ${path} are too small to distinguish (${highest.toExponential(1)} at most); use another target or another method`;
}
