/** @file Finds the Linear that follows global average pooling, where a model's logits come of one: the original CAM needs it. */

import { GradlensError } from "../../errors.js";
import type { Builder } from "../../graph/builder.js";
import type { Node, NodeOf } from "../../graph/types.js";
import type { Tap } from "../../models/taps.js";
import type { Template } from "../../models/registry.js";

export interface PooledHead {
  /** What is averaged over its positions: [B, H, W, C] or [B, N, C]. */
  readonly pooled: Node;
  /** [classes, C] */
  readonly weight: NodeOf<"param">;
}

/** Undefined where the logits are made otherwise. */
export function pooledHead(logits: Node): PooledHead | undefined {
  const product = logits.op === "add" ? logits.inputs.find((x) => x.op === "matmul") : logits;
  if (product?.op !== "matmul" || !product.attrs.transposeB || product.attrs.transposeA) return undefined;
  const [row, weight] = product.inputs as [Node, Node];
  const mean = row.op === "reshape" ? row.inputs[0]! : row;
  if (weight.op !== "param" || mean.op !== "mul") return undefined;
  const [sum, factor] = mean.inputs as [Node, Node];
  if (factor.op !== "constant" || typeof factor.attrs.data !== "number") return undefined;
  // A map of one position has nothing to sum.
  const pooled = sum.op === "reduceSum" ? sum.inputs[0]! : sum;
  const positions = pooled.shape.slice(1, -1);
  const count = positions.reduce((n, d) => n * d, 1);
  const isMean = positions.length > 0 && Math.abs(factor.attrs.data * count - 1) < 1e-6;
  return isMean && pooled.shape.at(-1) === weight.shape[1] ? { pooled, weight } : undefined;
}

/** The value itself where it is only arranged in another way: tokens as a map, say. Its channels stay the last axis. */
function arranged(node: Node): Node {
  const [x] = node.inputs;
  return node.op === "reshape" && x!.shape.at(-1) === node.shape.at(-1) ? arranged(x!) : node;
}

/** Whether the head pools the layer's output as it is, or after a ReLU. */
function pools(head: PooledHead, output: Node): "as it is" | "after ReLU" | undefined {
  const [pooled, own] = [arranged(head.pooled), arranged(output)];
  if (pooled === own) return "as it is";
  return pooled.op === "relu" && arranged(pooled.inputs[0]!) === own ? "after ReLU" : undefined;
}

/** Whether all that is made of the layer's output is pooled and given to one Linear. */
export function isPooled({ logits }: Template, tap: Tap): boolean {
  const head = pooledHead(logits);
  return head !== undefined && pools(head, tap.output) !== undefined;
}

/** @throws GradlensError "unsupported" where the model has no such head, or pools another layer than `tap` */
export function requirePooledHead({ logits, modules }: Template, tap: Tap, model: string): PooledHead {
  const head = pooledHead(logits);
  if (!head) {
    throw new GradlensError(
      "unsupported",
      `the original CAM needs a Linear right after global average pooling, which ${model} has not; take gradcam instead`,
    );
  }
  if (!pools(head, tap.output)) {
    const pooled = modules.find((m) => m.output && pools(head, m.output));
    throw new GradlensError(
      "unsupported",
      `the original CAM is of what the head pools${pooled ? `, the output of ${pooled.path}` : ""}, not of ${tap.path}; take ${pooled ? "that layer, or " : ""}gradcam instead`,
    );
  }
  return head;
}

/**
 * A label's weights and the map they are of.
 * @param A the layer's output as a map @param seed [T, classes]
 */
export function headInputs(
  b: Builder,
  head: PooledHead,
  output: Node,
  A: Node,
  seed: Node,
): { A: Node; given: Node } {
  const weight = b.paramByKey(head.weight.attrs.key, head.weight.shape);
  const rows = b.matmul(seed, weight);
  return {
    A: pools(head, output) === "after ReLU" ? b.relu(A) : A,
    given: b.reshape(rows, [seed.shape[0]!, 1, 1, weight.shape[1]!]),
  };
}
