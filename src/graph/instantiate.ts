/**
 * @file Copies the part of a graph that computes some values, at another batch and with some values replaced. A model's
 * template never runs; its instances do: the forward plan, the part after a layer, the reverse pass for several targets.
 */

import { Builder } from "./builder.js";
import type { Node, NodeOf, OpName } from "./types.js";

export interface InstantiateOptions {
  readonly batch: number;
  /** Replaces a node instead of copying it; its inputs are then not visited. */
  readonly substitute?: (node: Node, b: Builder) => Node | undefined;
  /**
   * Rewrites a node whose inputs are copied already; undefined copies it as it is.
   * @param inputs the copies
   */
  readonly rewrite?: (node: Node, inputs: readonly Node[], b: Builder) => Node | undefined;
}

export interface Instance {
  readonly graph: Builder;
  /** The copy of a node of the old graph that an output needed. */
  readonly copyOf: (node: Node) => Node;
  readonly has: (node: Node) => boolean;
}

/** The nodes that `outputs` need, in order; `stop` nodes are included, their inputs are not. */
export function reachable(outputs: readonly Node[], stop: (node: Node) => boolean = () => false): Node[] {
  const seen = new Set<Node>();
  const stack = [...outputs];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!stop(node)) stack.push(...node.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

export function instantiate(outputs: readonly Node[], options: InstantiateOptions): Instance {
  const graph = new Builder(options.batch);
  const copies = new Map<Node, Node>();
  const order = reachable(outputs, (node) => {
    const copy = options.substitute?.(node, graph);
    if (copy) copies.set(node, copy);
    return copy !== undefined;
  });
  for (const node of order) {
    if (copies.has(node)) continue;
    const inputs = node.inputs.map((x) => copies.get(x)!);
    const copy = graph.within(
      node.path,
      () => options.rewrite?.(node, inputs, graph) ?? copyNode(graph, node, inputs),
    );
    copies.set(node, copy);
  }
  return { graph, copyOf: (node) => copies.get(node)!, has: (node) => copies.has(node) };
}

function copyNode(b: Builder, node: Node, inputs: readonly Node[]): Node {
  switch (node.op) {
    case "input":
      return b.input(node.attrs.name, withBatch(node, b.batch));
    case "param":
      return b.paramByKey(node.attrs.key, node.shape);
    case "constant":
      return b.constant(node.attrs.data, node.shape);
    default:
      return b.make(node.op, inputs, (node as NodeOf<OpName>).attrs) as Node;
  }
}

/** Inputs have the batch in front. */
const withBatch = (node: NodeOf<"input">, batch: number): number[] => [batch, ...node.shape.slice(1)];
