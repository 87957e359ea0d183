/**
 * @file Two small networks whose gradients PyTorch computed in float64 (tools/make_gradient_reference.py): a DenseNet of a
 * handful of channels, and a network without kinks for second derivatives. Interpreter and GPU tests share them.
 */

import { Builder } from "../../src/graph/builder.js";
import { grad } from "../../src/graph/grad.js";
import type { Node } from "../../src/graph/types.js";
import type { ModelGraph } from "../../src/models/arch.js";
import { densenet } from "../../src/models/densenet.js";
import { conv2d, layerNorm, linear } from "../../src/models/layers.js";
import { channelsLast, readTensors } from "./golden.js";
import { makeWeight, type Tensor } from "./weights.js";

export type GradientCaseName = "densenet" | "smooth";

export interface GradientCase {
  /** At the symbolic batch. */
  readonly graph: Builder;
  /** Input "picture". */
  readonly picture: Node;
  readonly logits: Node;
  /** Input "seed": the gradient of the logits. */
  readonly seed: Node;
  /** What was differentiated for: "input" and the parameters' keys, in PyTorch's order. */
  readonly wrt: ReadonlyMap<string, Node>;
  /** For one picture. */
  readonly inputs: ReadonlyMap<"picture" | "seed" | "direction", Float64Array>;
  readonly params: ReadonlyMap<string, Float32Array>;
  /** PyTorch's values: "logits", "grad.input", "grad.KEY", "hvp.input"...; pictures channels last, parameters as they are. */
  readonly expected: ReadonlyMap<string, Float64Array>;
}

interface Made {
  readonly seed: number;
  readonly gain: number;
  readonly target: number;
}

/** class Smooth of tools/make_gradient_reference.py */
function smooth(b: Builder): ModelGraph {
  const picture = b.input("picture", [b.batch, 8, 10, 3]);
  const convolved = b.gelu(conv2d(b, "conv", picture, { out: 6, kernel: 3, stride: 2, padding: 1 }));
  const tokens = b.reshape(convolved, [-1, 20, 6]);
  const qkv = linear(b, "qkv", layerNorm(b, "norm", tokens, 1e-5), 18);
  const heads = b.transpose(b.reshape(qkv, [-1, 20, 3, 2, 3]), [2, 0, 3, 1, 4]);
  const [q, k, v] = [0, 1, 2].map((i) => b.reshape(b.slice(heads, 0, i, i + 1), [-1, 2, 20, 3]));
  const mixed = b.transpose(b.attention(q!, k!, v!, undefined, 0.7), [0, 2, 1, 3]);
  const sum = b.add(tokens, b.reshape(mixed, [-1, 20, 6]));
  const pooled = b.reshape(b.mean(b.tanh(sum), [1]), [-1, 6]);
  return { picture, logits: linear(b, "head", pooled, 4) };
}

const NETWORKS: Readonly<Record<GradientCaseName, (b: Builder) => ModelGraph>> = {
  densenet: (b) => densenet(4, [2, 2], 8).build(b, { size: [32, 32], channels: 3, classes: 3 }),
  smooth,
};

const PICTURES = new Set(["input", "direction", "grad.input", "hvp.input"]);

export function loadGradientCase(name: GradientCaseName): GradientCase {
  const { metadata, tensors } = readTensors(new URL("../data/gradients.safetensors", import.meta.url));
  const made = (JSON.parse(metadata.cases!) as Record<GradientCaseName, Made>)[name];
  const expected = new Map<string, Float64Array>();
  for (const [key, tensor] of tensors) {
    if (!key.startsWith(`${name}.`)) continue;
    const rest = key.slice(name.length + 1);
    const { data } = PICTURES.has(rest) ? channelsLast(tensor as Tensor<Float64Array>) : tensor;
    expected.set(rest, data as Float64Array);
  }
  const graph = new Builder();
  const { picture, logits } = NETWORKS[name](graph);
  const seed = graph.input("seed", logits.shape);
  const wrt = new Map<string, Node>([["input", picture]]);
  for (const key of expected.keys()) {
    const param = graph.params.get(key.replace(/^grad\./, ""));
    if (param) wrt.set(param.attrs.key, param);
  }
  return {
    graph,
    picture,
    logits,
    seed,
    wrt,
    inputs: new Map([
      ["picture", expected.get("input")!],
      ["seed", Float64Array.from(expected.get("logits")!, (_, i) => (i === made.target ? 1 : 0))],
      ...(expected.has("direction") ? [["direction", expected.get("direction")!] as const] : []),
    ]),
    params: new Map(
      [...graph.params].map(([key, { shape }]) => [key, makeWeight(key, shape, made.seed, made.gain)]),
    ),
    expected,
  };
}

/** The gradients of the target's logit for everything in `wrt`, in its order. */
export const gradientsOf = ({ graph, logits, seed, wrt }: GradientCase): Node[] =>
  grad(graph, logits, seed, [...wrt.values()]);

/** The gradients of (gradient for the picture . direction), likewise; "direction" is an input. */
export function hessianProductsOf({ graph, picture, logits, seed, wrt }: GradientCase): Node[] {
  const [gradient] = grad(graph, logits, seed, [picture]);
  return grad(graph, gradient!, graph.input("direction", picture.shape), [...wrt.values()]);
}
