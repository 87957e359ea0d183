/**
 * @file Splits a graph at some values. The parts meet at these and at every other value that the part after reads: a
 * residual that bypasses a norm, a concat's other half. A value that crosses unchanged stays batch 1 and broadcasts.
 */

import type { Builder } from "./builder.js";
import { instantiate, reachable, type Instance, type InstantiateOptions } from "./instantiate.js";
import type { Node } from "./types.js";

export interface Split {
  readonly outputs: readonly Node[];
  /** The inputs of the part after, in the graph's order: taps that it needs, and other values that cross. */
  readonly meeting: readonly Node[];
}

/**
 * The part of a graph after `taps` that `outputs` need. An output that depends on no tap crosses as it is. Both parts
 * have the values made of parameters alone.
 */
export function split(outputs: readonly Node[], taps: readonly Node[]): Split {
  const tapSet = new Set(taps);
  const order = reachable(outputs, (node) => tapSet.has(node));
  const after = new Set<Node>();
  const meeting = new Set<Node>();
  /** Values that depend on no input, class tokens repeated per picture too: each part computes them. */
  const own = new Set<Node>();
  const cross = (node: Node): void => {
    if (!after.has(node) && !own.has(node)) meeting.add(node);
  };
  for (const node of order) {
    if (tapSet.has(node)) meeting.add(node);
    else if (node.op !== "input" && node.inputs.every((x) => own.has(x))) own.add(node);
    else if (node.inputs.some((x) => after.has(x) || tapSet.has(x))) {
      node.inputs.forEach(cross);
      after.add(node);
    }
  }
  outputs.forEach(cross);
  return { outputs, meeting: [...meeting].sort((a, b) => a.id - b.id) };
}

interface AfterOptions extends Pick<InstantiateOptions, "batch" | "rewrite"> {
  /** A value at which the parts meet, of batch 1 or of the new graph's. */
  readonly valueOf: (node: Node, b: Builder) => Node;
}

/** The part after, as a graph of its own. */
export function instantiateAfter({ outputs, meeting }: Split, options: AfterOptions): Instance {
  const meets = new Set(meeting);
  return instantiate(outputs, {
    batch: options.batch,
    substitute: (node, b) => (meets.has(node) ? options.valueOf(node, b) : undefined),
    rewrite: (node, inputs, b) => options.rewrite?.(node, inputs, b) ?? mixBatches(node, inputs, b),
  });
}

/** Ops that do not broadcast values of batch 1 to the graph's batch. */
function mixBatches(node: Node, inputs: readonly Node[], b: Builder): Node | undefined {
  const [x] = inputs;
  if (node.op === "broadcast" && node.attrs.toBatch && x!.shape[0] === 1) {
    return b.broadcast(x!, [1, ...node.shape.slice(1)]);
  }
  const { axis } = node.op === "concat" ? node.attrs : { axis: 0 };
  if (axis === 0) return undefined;
  const batch = Math.max(...inputs.map((part) => part.shape[0]!));
  if (inputs.every((part) => part.shape[0] === batch)) return undefined;
  return b.concat(
    inputs.map((part) => b.broadcast(part, [batch, ...part.shape.slice(1)])),
    axis,
  );
}
