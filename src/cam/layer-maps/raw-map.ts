/** @file From a method to its raw map, as graph code. */

import { invariant } from "../../errors.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import type { LayerMethod } from "../methods/method.js";

/**
 * A method's summands before the sum over channels.
 * @param A the layer's output [1, h, w, C]
 * @param given what the method needs beside it: the gradient for each target [T, h, w, C], or measured weights [T, 1, 1, C]
 * @returns [T, h, w, C]; T is 1 where the method needs activations only
 */
export function summands(b: Builder, method: LayerMethod, A: Node, given?: Node): Node {
  if (method.needs === "activations") return method.summands(b, A);
  return method.summands(b, A, neededBy(method, given));
}

/**
 * A method's map before ReLU: the sum of its summands over channels. Not for eigen methods (eigen.ts).
 * @returns [T, h, w]; T is 1 where the method needs activations only
 */
export function rawMap(b: Builder, method: LayerMethod, A: Node, given?: Node): Node {
  invariant(!method.eigen, `${method.title} is not a sum over channels`);
  const [, h, w, C] = A.shape as [number, number, number, number];
  if (method.weights) {
    const weights =
      method.needs === "activations" ? method.weights(b, A) : method.weights(b, A, neededBy(method, given));
    const T = weights.shape[0]!;
    // [T, C] times [C, hw]: nothing of the size [T, h, w, C] is made.
    const map = b.matmul(b.reshape(weights, [T, C]), b.reshape(A, [h * w, C]), { transposeB: true });
    return b.reshape(map, [T, h, w]);
  }
  const terms = summands(b, method, A, given);
  return b.reshape(b.sum(terms, [3]), [terms.shape[0]!, h, w]);
}

function neededBy(method: LayerMethod, given: Node | undefined): Node {
  invariant(given, `${method.title} needs ${method.needs}`);
  return given;
}
