/** @file From a method to its raw map, as graph code. */

import { invariant } from "../../errors.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { mapOptionValues, type MapOptionValues } from "../map-options.js";
import type { LayerMethod } from "../methods/method.js";

/**
 * A method's map before ReLU: the sum of its summands over channels. Not for eigen methods (eigen.ts).
 * @param A the layer's output [1, h, w, C] @param X what the method reads besides it
 * @returns [T, h, w]; T is 1 for class-agnostic methods
 */
export function rawMap(
  b: Builder,
  method: LayerMethod,
  A: Node,
  X: Node,
  options: MapOptionValues = mapOptionValues({}),
): Node {
  invariant(!method.eigen, `${method.title} is not a sum over channels`);
  const [, h, w, C] = A.shape as [number, number, number, number];
  if (method.weights) {
    const weights = method.weights(b, A, X, options);
    const T = weights.shape[0]!;
    // [T, C] times [C, hw]: no value has the size [T, h, w, C].
    const map = b.matmul(b.reshape(weights, [T, C]), b.reshape(A, [h * w, C]), { transposeB: true });
    return b.reshape(map, [T, h, w]);
  }
  return sumOverChannels(b, method.summands(b, A, X, options));
}

/** From [T, h, w, C] to [T, h, w]. */
export const sumOverChannels = (b: Builder, summands: Node): Node =>
  b.reshape(b.sum(summands, [3]), summands.shape.slice(0, 3));
