/** @file Scales raw maps to 0..1 on the GPU: min-max, resizing, mean over layers. */

import { invariant } from "../../errors.js";
import type { Builder } from "../../graph/builder.js";
import { bilinearMap } from "../../graph/sparse-map.js";
import type { Node, Pair } from "../../graph/types.js";

/** The axes of a map [N, h, w]. */
const PIXELS = [1, 2] as const;

/** pytorch-grad-cam's scale_cam_image. A flat map becomes 0 instead of 0 / 0. */
export const EPS = 1e-7;

/**
 * (x - min) / (max - min + 1e-7): pytorch-grad-cam's scale_cam_image.
 * @param maps [N, h, w]; or [N, h, w, C], where each channel is a map
 */
export function minMax(b: Builder, maps: Node): Node {
  const fromZero = b.sub(maps, b.amin(maps, PIXELS));
  return b.div(fromZero, b.add(b.amax(fromZero, PIXELS), EPS));
}

/**
 * ReLU, min-max, half-pixel bilinear resize (cv2.resize). The first axis holds targets, methods or both.
 * @param raw [N, h, w]
 * @param size of the model's input, [H, W]
 * @returns [N, H, W] in 0..1; a flat map is all zeros
 */
export function scaleMap(b: Builder, raw: Node, size: Pair): Node {
  return resized(b, minMax(b, b.relu(raw)), size);
}

/** Bilinear, from [N, h, w] to [N, H, W]. */
export function resized(b: Builder, maps: Node, [H, W]: Pair, alignCorners = false): Node {
  const tall = b.resample(maps, 1, bilinearMap(maps.shape[1]!, H, alignCorners));
  return b.resample(tall, 2, bilinearMap(maps.shape[2]!, W, alignCorners));
}

/**
 * The mean over layers, then ReLU and min-max again, also for a single layer: pytorch-grad-cam's aggregate_multi_layers.
 * @param maps scaleMap of each layer, [N, H, W]
 * @returns [N, H, W] in 0..1
 */
export function averageLayers(b: Builder, maps: readonly Node[]): Node {
  const [first, ...others] = maps;
  invariant(first, "no layer to average");
  const sum = others.reduce((total, map) => b.add(total, map), first);
  return minMax(b, b.relu(maps.length === 1 ? sum : b.mul(sum, 1 / maps.length)));
}
