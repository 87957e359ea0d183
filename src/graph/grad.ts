/** @file Reverse-mode differentiation: appends the gradient of one value as more nodes of the same graph. */

import type { Builder } from "./builder.js";
import { OPS } from "./ops.js";
import type { Vjp } from "./ops/op-def.js";
import { sameShape, ShapeError, shapeText } from "./shape.js";
import type { Node, OpName } from "./types.js";
import { say } from "../language/say.js";

/** VJPs that replace the table's: `{ relu: guidedRelu }` is guided backprop. */
export type GradRules = { readonly [K in OpName]?: Vjp<K> };

/**
 * The gradients of sum(seed * of) with respect to each node of `wrt` (activations, parameters, inputs alike). Adds
 * nodes only on paths from `wrt` to `of`; a value on which `of` does not depend has gradient 0. The result can be
 * differentiated again.
 * @param seed the gradient of `of`, of its shape
 */
export function grad(b: Builder, of: Node, seed: Node, wrt: readonly Node[], rules: GradRules = {}): Node[] {
  if (!sameShape(seed.shape, of.shape)) {
    throw new ShapeError(say`grad: the seed is ${shapeText(seed.shape)}, the value ${shapeText(of.shape)}`);
  }
  const last = of.id;
  // Nodes that depend on one of `wrt`: only these carry gradients.
  const carries = new Uint8Array(last + 1);
  for (const node of wrt) if (node.id <= last) carries[node.id] = 1;
  for (const node of b.nodes.slice(0, last + 1)) {
    if (node.inputs.some((x) => carries[x.id])) carries[node.id] = 1;
  }
  const gradients = new Map<number, Node>([[last, seed]]);
  // A node of `wrt` may lie before another one, so the sweep goes down to the smallest.
  const first = Math.min(last, ...wrt.map((n) => n.id));
  for (let id = last; id > first; id--) {
    const g = gradients.get(id);
    const node = b.nodes[id]!;
    if (!g || !node.inputs.some((x) => carries[x.id])) continue;
    const inputGradients = b.within(node.path, () => vjpOf(b, node, g, rules));
    node.inputs.forEach((x, i) => {
      const d = inputGradients[i];
      if (!d || !carries[x.id]) return;
      const sum = gradients.get(x.id);
      gradients.set(x.id, sum ? b.within(x.path, () => b.add(sum, d)) : d);
    });
  }
  return wrt.map((node) => gradients.get(node.id) ?? b.broadcast(b.constant(0), node.shape));
}

function vjpOf<K extends OpName>(
  b: Builder,
  node: Node & { op: K },
  g: Node,
  rules: GradRules,
): (Node | null)[] {
  const rule = (rules[node.op] ?? OPS[node.op].vjp) as Vjp<OpName>;
  return rule(b, node, g);
}
