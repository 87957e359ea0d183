/**
 * @file Decides which values are written to memory. Pointwise nodes whose only users are one another form a cluster; only
 * its root is written. A product whose only users are in a cluster is the cluster's core: the cluster rides on the core's
 * store.
 */

import { isPointwise } from "../graph/pointwise.js";
import { sameShape, sizeOf } from "../graph/shape.js";
import type { Node, NodeOf } from "../graph/types.js";

/** Storage buffers that a cluster reads besides its core: the default limit of 8, less a product's three. */
const MAX_INPUTS = 5;

/** Wider depthwise kernels need too many registers. */
const MAX_WIDTH = 7;

export interface Cluster {
  readonly root: Node;
  /** Pointwise nodes, the root among them. */
  readonly members: Set<Node>;
  /** Values read from memory. */
  readonly inputs: Set<Node>;
  core?: Node;
}

/** A number constant, which is part of the code. */
export const isLiteral = (node: Node): boolean =>
  node.op === "constant" && typeof node.attrs.data === "number";

/**
 * @param order the nodes that the plan needs, inputs before users
 * @param pinned values that must be written: outputs and taps
 * @param isLeaf values that exist before the plan runs (weights)
 * @returns the cluster of each pointwise node and of each core
 */
export function planFusion(
  order: readonly Node[],
  pinned: ReadonlySet<Node>,
  isLeaf: (node: Node) => boolean,
): Map<Node, Cluster> {
  const users = new Map<Node, Node[]>();
  for (const node of order) {
    if (isLeaf(node)) continue;
    for (const x of node.inputs) {
      const list = users.get(x);
      if (list) list.push(node);
      else users.set(x, [node]);
    }
  }
  const clusterOf = new Map<Node, Cluster>();
  /** The cluster of all users of a node, if it is one. */
  const homeOf = (node: Node): Cluster | undefined => {
    if (pinned.has(node)) return undefined;
    const homes = new Set(
      (users.get(node) ?? []).map((u) => (isPointwise(u.op) ? clusterOf.get(u) : undefined)),
    );
    const [home] = homes;
    return homes.size === 1 && home && sameShape(home.root.shape, node.shape) ? home : undefined;
  };
  const join = (cluster: Cluster, node: Node): void => {
    cluster.members.add(node);
    cluster.inputs.delete(node);
    for (const x of node.inputs) if (!isLiteral(x) && !cluster.members.has(x)) cluster.inputs.add(x);
    clusterOf.set(node, cluster);
  };
  for (const node of [...order].reverse()) {
    if (isLeaf(node)) continue;
    const home = homeOf(node);
    if (isPointwise(node.op)) {
      const grown = home && new Set([...home.inputs, ...node.inputs.filter((x) => !isLiteral(x))]);
      grown?.delete(node);
      const core = home?.core;
      const fits = grown && grown.size <= MAX_INPUTS && (!core || fitsCore(grown, core));
      if (home && fits) join(home, node);
      else join({ root: node, members: new Set(), inputs: new Set() }, node);
    } else if (home && !home.core && canBeCore(node) && fitsCore(home.inputs, node)) {
      home.core = node;
      home.inputs.delete(node);
      clusterOf.set(node, home);
    }
  }
  return clusterOf;
}

const canBeCore = (node: Node): boolean =>
  (node.op === "conv2d" && (node.attrs.groups === 1 || isDepthwise(node))) ||
  (node.op === "matmul" && sizeOf(node.inputs[1]!.shape.slice(0, -2)) === 1);

/** Whether depthwise.wgsl can run it. */
export function isDepthwise({ inputs, attrs }: NodeOf<"conv2d">): boolean {
  const [out, groupIn, , width] = inputs[1]!.shape as [number, number, number, number];
  return (
    groupIn === 1 &&
    out === attrs.groups &&
    out % 4 === 0 &&
    width <= MAX_WIDTH &&
    attrs.stride[1] <= 2 &&
    [...attrs.dilation, ...attrs.inputDilation].every((d) => d === 1)
  );
}

/** A core's store has a row and a column: other operands vary over columns, over rows and columns, or repeat by picture. */
function fitsCore(inputs: ReadonlySet<Node>, core: Node): boolean {
  const shape = core.shape;
  return [...inputs].every((x) => {
    if (x === core || sameShape(x.shape, shape)) return true;
    if (x.shape.at(-1) !== shape.at(-1)) return false;
    const rows = sizeOf(x.shape.slice(0, -1));
    return rows === 1 || (x.shape.length === shape.length && rows === sizeOf(shape.slice(1, -1)));
  });
}
