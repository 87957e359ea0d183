/**
 * @file Eigen maps: M v, where M is the (positions x channels) matrix of a method's summands, centred per channel, and v
 * its first right singular vector. The GPU computes the Gram matrix of M's smaller side, the CPU its principal direction
 * (lanczos.ts), the GPU the map.
 */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { invariant } from "../../errors.js";
import type { Shape } from "../../graph/shape.js";
import type { LayerMethod } from "../methods/method.js";
import { topEigenvector } from "./lanczos.js";

/** Replaces the product of two positions' rows. */
export type Kernel = LayerMethod["kernel"];

/** The side of M that the Gram matrix of summands [T, h, w, C] belongs to, and its length. */
export function gramSide(
  [, h, w, C]: Shape,
  kernel?: Kernel,
): {
  readonly side: "positions" | "channels";
  readonly size: number;
} {
  return kernel || h! * w! <= C! ? { side: "positions", size: h! * w! } : { side: "channels", size: C! };
}

/** M [T, positions, channels]. The mean is subtracted before squaring, so that nothing cancels. */
function centred(b: Builder, summands: Node): Node {
  const [T, h, w, C] = summands.shape as [number, number, number, number];
  const matrix = b.reshape(summands, [T, h * w, C]);
  return b.sub(matrix, b.mean(matrix, [1]));
}

/**
 * @param summands [T, h, w, C]
 * @returns M M^T or M^T M: [T, k, k], k the size of gramSide
 */
export function gram(b: Builder, summands: Node, kernel?: Kernel): Node {
  const M = centred(b, summands);
  if (kernel) return sigmoidKernel(b, M);
  return gramSide(summands.shape).side === "positions"
    ? b.matmul(M, M, { transposeB: true })
    : b.matmul(M, M, { transposeA: true });
}

/** The matrix of sklearn.decomposition.KernelPCA with kernel="sigmoid": tanh(x . y / C + 1), centred in both directions. */
function sigmoidKernel(b: Builder, M: Node): Node {
  const products = b.matmul(M, M, { transposeB: true });
  const K = b.tanh(b.add(b.mul(products, 1 / M.shape[2]!), 1));
  const byColumn = b.sub(K, b.mean(K, [1]));
  return b.sub(byColumn, b.mean(byColumn, [2]));
}

/**
 * The directions for projectOnto, computed on the CPU.
 * @param grams the value of gram for summands of `shape`
 * @returns [T, k]: on the channels side v; on the positions side M v, the Gram matrix's eigenvector times the singular value
 */
export function principalDirections(grams: Float32Array, shape: Shape, kernel?: Kernel): Float32Array {
  const { side, size } = gramSide(shape, kernel);
  const targets = shape[0]!;
  invariant(grams.length === targets * size * size, "Gram matrices do not fit their summands");
  const directions = new Float32Array(targets * size);
  for (let t = 0; t < targets; t++) {
    const { value, vector } = topEigenvector(grams.subarray(t * size * size, (t + 1) * size * size), size);
    const scale = side === "positions" ? Math.sqrt(Math.max(0, value)) : 1;
    directions.set(
      vector.map((x) => x * scale),
      t * size,
    );
  }
  return directions;
}

/**
 * The raw eigen map. A singular vector's sign is arbitrary; here the map's entry of largest magnitude is positive.
 * @param summands those of gram; not computed on the positions side
 * @param directions [T, k]: principalDirections
 * @returns [T, h, w]
 */
export function projectOnto(b: Builder, summands: Node, directions: Node, kernel?: Kernel): Node {
  const [T, h, w, C] = summands.shape as [number, number, number, number];
  // topEigenvector has already chosen the sign.
  if (gramSide(summands.shape, kernel).side === "positions") return b.reshape(directions, [T, h, w]);
  const rows = b.reshape(directions, [T, 1, C]);
  const map = b.reshape(b.matmul(rows, centred(b, summands), { transposeB: true }), [T, h, w]);
  const lean = b.add(b.amax(map, [1, 2]), b.amin(map, [1, 2]));
  return b.select(b.neg(lean), b.neg(map), map);
}
