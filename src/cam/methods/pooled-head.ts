/** @file Finds the Linear right after global average pooling that computes a model's logits. The original CAM needs it. */

import { unsupported } from "../../errors.js";
import type { Node, NodeOf } from "../../graph/types.js";
import type { Tap } from "../../models/taps.js";
import type { Template } from "../../models/template.js";
import type { NamedModel } from "../model.js";
import type { LayerNodes } from "./method.js";
import { say } from "../../language/say.js";

export interface PooledHead {
  /** The value that is averaged over its positions: [B, H, W, C] or [B, N, C]. */
  readonly pooled: Node;
  /** [classes, C] */
  readonly weight: NodeOf<"param">;
}

/** Undefined where the logits are computed in another way. */
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

/** The value before reshapes that keep the channels as the last axis, as of tokens to a map. */
function beforeReshapes(node: Node): Node {
  const [x] = node.inputs;
  return node.op === "reshape" && x!.shape.at(-1) === node.shape.at(-1) ? beforeReshapes(x!) : node;
}

/** Whether the head pools the layer's output as it is, or after a ReLU. */
function pools(head: PooledHead, output: Node): "as it is" | "after ReLU" | undefined {
  const [pooled, own] = [beforeReshapes(head.pooled), beforeReshapes(output)];
  if (pooled === own) return "as it is";
  return pooled.op === "relu" && beforeReshapes(pooled.inputs[0]!) === own ? "after ReLU" : undefined;
}

/** Whether a single Linear after pooling is all that reads the layer's output. */
export function isPooled({ logits }: Template, tap: Tap): boolean {
  const head = pooledHead(logits);
  return head !== undefined && pools(head, tap.output) !== undefined;
}

/** @throws GradlensError "unsupported" where the model lacks such a head, or pools another layer than `tap` */
export function requirePooledHead({ template: { logits, modules }, name }: NamedModel, tap: Tap): void {
  const head = pooledHead(logits);
  if (!head) {
    throw unsupported(
      say`the original CAM needs a Linear right after global average pooling, which ${name} lacks; use gradcam instead`,
    );
  }
  if (!pools(head, tap.output)) {
    const pooled = modules.find((m) => m.output && pools(head, m.output));
    throw unsupported(
      say`the original CAM explains the layer that the head pools${pooled ? `, ${pooled.path}` : ""}, not ${tap.path}; use ${pooled ? say`that layer, or ` : ""}gradcam instead`,
    );
  }
}

/** What the head pools of a layer, and the weights of each target's logit [T, 1, 1, C]. */
export function headInputs({ b, A, tap, template: { logits }, targets }: LayerNodes): { A: Node; X: Node } {
  const head = pooledHead(logits)!;
  const { key } = head.weight.attrs;
  const [classes, channels] = head.weight.shape as [number, number];
  const rows = b.matmul(b.input("seed", [targets, classes]), b.paramByKey(key, head.weight.shape));
  return {
    A: pools(head, tap.output) === "after ReLU" ? b.relu(A) : A,
    X: b.reshape(rows, [targets, 1, 1, channels]),
  };
}
