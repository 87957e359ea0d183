/** @file Runs a method's graph in the f64 interpreter, the host's eigen solver between the two halves as in the product. */

import { mapOptionValues, type MapOptions } from "../../src/cam/map-options.js";
import { gram, principalDirections, projectOnto } from "../../src/cam/layer-maps/eigen.js";
import { rawMap } from "../../src/cam/layer-maps/raw-map.js";
import { averageLayers, scaleMap } from "../../src/cam/scaling/scale-maps.js";
import type { LayerMethod } from "../../src/cam/methods/method.js";
import { Builder } from "../../src/graph/builder.js";
import type { Shape } from "../../src/graph/shape.js";
import { evaluate, type NdF64 } from "../reference/index.js";

interface Values {
  readonly shape: Shape;
  readonly data: ArrayLike<number>;
}

export interface Layer {
  /** [1, h, w, C] */
  readonly activations: Values;
  /** [T, h, w, C] */
  readonly gradients: Values;
}

/** A method's map before ReLU, [T, h, w]. @param options what the method's `reads` names */
export function rawMapOf(
  method: LayerMethod,
  { activations, gradients }: Layer,
  { eigenSmooth = false, ...options }: MapOptions = {},
): NdF64 {
  const values = mapOptionValues(options);
  const b = new Builder(gradients.shape[0]);
  const A = b.input("A", activations.shape);
  const G = b.input("G", gradients.shape);
  const inputs = new Map([
    ["A", activations.data],
    ["G", gradients.data],
  ]);
  if (!method.eigen && !eigenSmooth) return evaluate([rawMap(b, method, A, G, values)], { inputs })[0]!;
  const terms = method.summands(b, A, G, values);
  const [grams] = evaluate([gram(b, terms, method.kernel)], { inputs });
  // Rounded as the GPU hands it over.
  const directions = principalDirections(Float32Array.from(grams!.data), terms.shape, method.kernel);
  const v = b.input("v", [terms.shape[0]!, directions.length / terms.shape[0]!]);
  return evaluate([projectOnto(b, terms, v, method.kernel)], { inputs: inputs.set("v", directions) })[0]!;
}

/** The final maps [T, H, W] of a method over layers. */
export function finalMapOf(
  method: LayerMethod,
  layers: readonly Layer[],
  size: readonly [number, number],
  eigenSmooth = false,
): NdF64 {
  const raws = layers.map((layer) => rawMapOf(method, layer, { eigenSmooth }));
  const b = new Builder(raws[0]!.shape[0]);
  const maps = raws.map((raw, i) => scaleMap(b, b.input(`raw${i}`, raw.shape), size));
  const inputs = new Map(raws.map((raw, i) => [`raw${i}`, raw.data]));
  return evaluate([averageLayers(b, maps)], { inputs })[0]!;
}
