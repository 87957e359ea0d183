/** @file From a method to its map, as graph code: raw map, scaling and resizing, mean over layers. */

import { invariant } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import { bilinearMap } from "../graph/sparse-map.js";
import type { Node } from "../graph/types.js";
import type { LayerMethod } from "./method.js";

/** The axes of a map [N, h, w]. */
const PIXELS = [1, 2] as const;

/** pytorch-grad-cam's scale_cam_image: a flat map becomes 0 instead of 0 / 0. */
export const EPS = 1e-7;

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

/**
 * Minus the minimum, over the maximum of what is left plus 1e-7: pytorch-grad-cam's scale_cam_image.
 * @param maps [N, h, w], or [N, h, w, C], where each channel is a map
 */
export function minMax(b: Builder, maps: Node): Node {
  const fromZero = b.sub(maps, b.amin(maps, PIXELS));
  return b.div(fromZero, b.add(b.amax(fromZero, PIXELS), EPS));
}

/**
 * ReLU, min-max, half-pixel bilinear resize (cv2.resize). The first axis may hold anything that shares the map's size:
 * targets, methods, both.
 * @param raw [N, h, w]
 * @param size of the model's input, [H, W]
 * @returns [N, H, W] in 0..1; a flat map is all zeros
 */
export function finishMap(b: Builder, raw: Node, [H, W]: readonly [number, number]): Node {
  const scaled = minMax(b, b.relu(raw));
  const tall = b.resample(scaled, 1, bilinearMap(raw.shape[1]!, H));
  return b.resample(tall, 2, bilinearMap(raw.shape[2]!, W));
}

/**
 * The mean over layers, then ReLU and min-max again: pytorch-grad-cam's aggregate_multi_layers, which does this for a
 * single layer too.
 * @param maps of finishMap, [N, H, W] each, one a layer
 * @returns [N, H, W] in 0..1
 */
export function averageLayers(b: Builder, maps: readonly Node[]): Node {
  const [first, ...others] = maps;
  invariant(first, "no layer to average");
  const sum = others.reduce((total, map) => b.add(total, map), first);
  return minMax(b, b.relu(maps.length === 1 ? sum : b.mul(sum, 1 / maps.length)));
}
