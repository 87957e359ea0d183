/** @file The golden cases' activations and gradients as the graph has them: channels last, tokens as a grid. */

import { readdirSync } from "node:fs";
import { isLayerMethod, METHOD_NAMES, METHODS, type LayerMethodName } from "../../src/cam/methods/table.js";
import { channelsLast, type Golden } from "../reference/golden.js";
import type { Layer } from "./run-method.js";
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
function layerTensor(golden: Golden, name: string): Tensor {
  const tensor = golden.floats(name);
  const { reshape } = golden.case as unknown as TokenCase;
  if (!reshape) return channelsLast(tensor);
  const [[h, w], skip] = reshape;
  const channels = tensor.shape.at(-1)!;
  return { shape: [1, h, w, channels], data: tensor.data.subarray(skip * channels) };
}

export const goldenLayers = (golden: Golden): Layer[] =>
  golden.case.layers.map((_, i) => ({
    activations: layerTensor(golden, `activations.${i}`),
    gradients: layerTensor(golden, `gradients.${i}`),
  }));

export const inputSize = ({ size }: Golden["case"]): readonly [number, number] =>
  typeof size === "number" ? [size, size] : size;

export interface MapCase {
  readonly method: LayerMethodName;
  readonly eigenSmooth: boolean;
  /** The reference map's name. */
  readonly tensor: string;
}

/** Methods whose maps follow from activations and gradients alone. */
export const GRAPH_METHODS = METHOD_NAMES.filter(isLayerMethod).filter(
  (name) => METHODS[name].gradient ?? METHODS[name].classAgnostic,
);

/** Finer-CAM and ShapleyCAM read another gradient, or second derivatives, which the cases do not hold. */
const readsOthers = (name: LayerMethodName): boolean => {
  const { seed, curvature } = METHODS[name].gradient ?? {};
  return seed !== undefined || curvature !== undefined;
};

/** The reference maps of a case that follow from its activations and gradients. */
export const mapCases = (golden: Golden): MapCase[] =>
  GRAPH_METHODS.filter((name) => !readsOthers(name))
    .flatMap((method) => [
      { method, eigenSmooth: false, tensor: `cam.${method}` },
      { method, eigenSmooth: true, tensor: `cam.${method}.eigen_smooth` },
    ])
    .filter(({ tensor }) => golden.tensors.has(tensor));

/** NaN where a value is. */
export const largestDeviation = (got: ArrayLike<number>, expected: ArrayLike<number>): number =>
  Array.from(expected).reduce((most, x, i) => Math.max(most, Math.abs(x - got[i]!)), 0);
