/** @file The layers of a head that is a Sequential, from the names and shapes of its tensors: [B, features] to [B, classes]. */

import type { HeadLayer } from "../graph/file-head.js";
import { say } from "../language/say.js";

/** Shapes by parameter: weight, bias, running_mean ... */
type Parameters = ReadonlyMap<string, readonly number[]>;

/** The reason why the tensors are no such head, as a clause. */
interface NoHead {
  readonly problem: string;
}

const NUMBER = /^\d+$/;

/**
 * Reads the layers in the order of their numbers, or of the file if they have names. Without modules in the file, an activation
 * is assumed between two Linears if the numbering has a gap, and between all named ones.
 * @param layers parameters by the layer's name in the Sequential; a layer without parameters is one of the file's modules
 * @param features of the head's input
 */
export function readHeadLayers(
  layers: ReadonlyMap<string, Parameters>,
  features: number,
): readonly HeadLayer[] | NoHead {
  const isNumbered = [...layers.keys()].every((name) => NUMBER.test(name));
  const names = isNumbered ? [...layers.keys()].sort((a, b) => Number(a) - Number(b)) : [...layers.keys()];
  const read: HeadLayer[] = [];
  let width = features;
  /** True after a Linear that no activation has followed yet. */
  let isOpen = false;
  let last = -1;
  for (const name of names) {
    if (layers.get(name)!.size === 0) {
      read.push({ kind: "activation", name });
      [isOpen, last] = [false, Number(name)];
      continue;
    }
    const layer = layerOf(name, layers.get(name)!, width);
    if ("problem" in layer) return layer;
    const gap = isNumbered && Number(name) > last + 1 ? `${last + 1}` : undefined;
    const stands = isNumbered ? gap !== undefined : layer.kind === "Linear";
    if (isOpen && stands) {
      read.push({ kind: "activation", name: gap });
      isOpen = false;
    }
    read.push(layer);
    if (layer.kind === "Linear") {
      width = layer.out;
      isOpen = true;
    }
    last = Number(name);
  }
  const [first, ...later] = read.filter((layer) => layer.kind === "Linear");
  const isPlain = isNumbered && read.every(({ kind }) => kind === "Linear");
  if (isPlain && later.length > 0 && first!.out === features)
    return { problem: say`its Linears may stand side by side as well as one behind the other` };
  const end = read.findLastIndex(({ kind }) => kind !== "activation") + 1;
  return read[end - 1]?.kind === "Linear"
    ? read.slice(0, end)
    : { problem: say`it does not end with a Linear` };
}

function layerOf(
  name: string,
  parameters: Parameters,
  width: number,
): Exclude<HeadLayer, { kind: "activation" }> | NoHead {
  const { weight, bias, ...others } = Object.fromEntries(parameters);
  const rest = Object.keys(others).filter((key) => key !== "num_batches_tracked");
  const is = (shape: readonly number[] | undefined, ...expected: number[]): boolean =>
    shape !== undefined && shape.length === expected.length && shape.every((n, i) => n === expected[i]);
  if (
    weight?.length === 2 &&
    rest.length === 0 &&
    weight[1] === width &&
    (bias === undefined || is(bias, weight[0]!))
  )
    return { kind: "Linear", name, out: weight[0]!, bias: bias !== undefined };
  if (is(weight, width) && is(bias, width)) {
    if (rest.length === 0) return { kind: "LayerNorm", name };
    if (rest.length === 2 && is(others["running_mean"], width) && is(others["running_var"], width))
      return { kind: "BatchNorm1d", name };
  }
  const shapes = [...parameters].map(([key, shape]) => `${key} [${shape.join(", ")}]`).join(", ");
  return { problem: say`${name} (${shapes}) is not a Linear, BatchNorm1d or LayerNorm of ${width} features` };
}
