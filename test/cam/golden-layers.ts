/** @file The golden cases' activations and gradients as the graph has them: channels last, tokens as a grid. */

import { readdirSync } from "node:fs";
import { channelsLast, type Golden } from "../reference/golden.js";
import type { Tensor } from "../reference/weights.js";

export const GOLDEN_NAMES = readdirSync(new URL("../data/golden/", import.meta.url))
  .filter((file) => file.endsWith(".safetensors"))
  .map((file) => file.replace(/\.safetensors$/, ""))
  .sort();

/** How tokens were laid out for pytorch-grad-cam: the grid, and how many class tokens come first. */
interface TokenCase {
  readonly reshape: readonly [grid: readonly [number, number], skip: number] | null;
}

/** [1, h, w, C] of `activations.i` or `gradients.i`. */
export function layerTensor(golden: Golden, name: string): Tensor {
  const tensor = golden.floats(name);
  const { reshape } = golden.case as unknown as TokenCase;
  if (!reshape) return channelsLast(tensor);
  const [[h, w], skip] = reshape;
  const channels = tensor.shape.at(-1)!;
  return { shape: [1, h, w, channels], data: tensor.data.subarray(skip * channels) };
}

export const inputSize = ({ size }: Golden["case"]): readonly [number, number] =>
  typeof size === "number" ? [size, size] : size;
