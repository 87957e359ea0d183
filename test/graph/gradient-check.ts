/** @file Gradients, their gradients and what the tests feed them, for one case of vjp-cases.ts. */

import { Builder } from "../../src/graph/builder.js";
import { instantiate, type InstantiateOptions } from "../../src/graph/instantiate.js";
import { grad } from "../../src/graph/grad.js";
import { sizeOf, type Shape } from "../../src/graph/shape.js";
import type { Node } from "../../src/graph/types.js";
import { evaluate, type NdF64 } from "../reference/index.js";
import { seeded } from "../reference/random.js";
import { B, type VjpCase } from "./vjp-cases.js";

/** A case with its first and second derivatives, at the symbolic batch. */
export interface Template {
  readonly builder: Builder;
  readonly leaves: readonly Node[];
  readonly value: Node;
  /** Gradient of the value: an input. */
  readonly seed: Node;
  /** Gradients of `leaves`. */
  readonly first: readonly Node[];
  /** Inputs that the first gradients are multiplied with. */
  readonly directions: readonly Node[];
  /** Gradients of sum over leaves of directions * first, for the leaves and then the seed: a Hessian-vector product. */
  readonly second: readonly Node[];
}

export const isBatched = (node: Node): boolean => node.shape[0] === B;

function leaf(b: Builder, name: string, shape: Shape): Node {
  return shape[0] === B ? b.input(name, shape) : b.paramByKey(name, shape);
}

/** @param wrt which leaves the derivatives are taken for; default all */
export function buildTemplate(c: VjpCase, wrt: (leaf: Node) => boolean = () => true): Template {
  const builder = new Builder();
  const leaves = c.shapes.map((shape, i) => leaf(builder, `x${i}`, shape));
  const value = c.build(builder, ...leaves);
  const seed = leaf(builder, "seed", value.shape);
  const chosen = leaves.filter(wrt);
  const first = grad(builder, value, seed, chosen);
  const directions = chosen.map((x, i) => leaf(builder, `direction${i}`, x.shape));
  const terms = first.map((g, i) => grad(builder, g, directions[i]!, [...chosen, seed]));
  const second = [...chosen, seed].map((_, i) => terms.map((t) => t[i]!).reduce((x, y) => builder.add(x, y)));
  return { builder, leaves: chosen, value, seed, first, directions, second };
}

export type LeafValues = Map<string, Float64Array>;

/** Name of a leaf in `LeafValues`. */
export const nameOf = (node: Node): string => {
  if (node.op === "input") return node.attrs.name;
  if (node.op === "param") return node.attrs.key;
  throw new Error(`${node.op} is no leaf`);
};

/** Values for every leaf, no two alike and none near the middle of the range: central differences must not cross a kink. */
export function leafValues(
  leaves: Iterable<Node>,
  range: readonly [number, number] = [-1, 1],
  seed = 1,
): LeafValues {
  const all = [...leaves];
  const total = all.reduce((sum, node) => sum + sizeOf(node.shape), 0);
  const count = total + (total % 2);
  const random = seeded(seed);
  const places = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
  let next = 0;
  const value = (): number => range[0] + ((range[1] - range[0]) * (places[next++]! + 0.5)) / count;
  return new Map(all.map((node) => [nameOf(node), Float64Array.from({ length: sizeOf(node.shape) }, value)]));
}

export const evaluateWith = (outputs: readonly Node[], values: LeafValues): NdF64[] =>
  evaluate(outputs, { inputs: values, params: values });

/** The template's nodes in a graph that can run. */
export function withLeaves(
  outputs: readonly Node[],
  options: InstantiateOptions,
): { outputs: Node[]; leaves: Node[] } {
  const { graph, copyOf } = instantiate(outputs, options);
  return { outputs: outputs.map(copyOf), leaves: [...graph.inputs.values(), ...graph.params.values()] };
}

/**
 * d/d`values[name]` of sum over outputs of weights * output, element by element, by the five-point central difference
 * (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h, whose error is of order h^4.
 */
export function centralDifference(
  outputs: readonly Node[],
  weights: readonly ArrayLike<number>[],
  values: LeafValues,
  name: string,
): Float64Array {
  const h = 4e-4;
  const x = values.get(name)!;
  return x.map((original, i) => {
    const at = (offset: number): number => {
      x[i] = original + offset;
      const sum = evaluateWith(outputs, values).reduce(
        (total, y, k) => total + y.data.reduce((s, v, j) => s + v * weights[k]![j]!, 0),
        0,
      );
      x[i] = original;
      return sum;
    };
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  });
}
