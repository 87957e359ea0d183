/** @file Matrix products: matmul and attention. */

import { broadcastShapes, ShapeError, shapeText, type Shape } from "../shape.js";
import type { Node } from "../types.js";
import { unbroadcast, type Builder, type OpDef } from "./op-def.js";
import { say } from "../../language/say.js";

function matrixSizes(shape: Shape, transpose: boolean): [rows: number, columns: number] {
  const rows = shape.at(-2);
  const columns = shape.at(-1);
  if (rows === undefined || columns === undefined) {
    throw new ShapeError(say`matmul needs matrices, got ${shapeText(shape)}`);
  }
  return transpose ? [columns, rows] : [rows, columns];
}

const flat = (b: Builder, x: Node): Node => b.reshape(x, [-1, x.shape.at(-1)!]);

const matmul: OpDef<"matmul"> = {
  infer([a, c], { transposeA, transposeB }) {
    const [m, k] = matrixSizes(a!, transposeA);
    const [k2, n] = matrixSizes(c!, transposeB);
    if (k !== k2) {
      throw new ShapeError(
        say`matmul of ${shapeText(a!)}${transposeA ? "^T" : ""} and ${shapeText(c!)}${transposeB ? "^T" : ""}: inner sizes ${k} and ${k2} differ`,
      );
    }
    return [...broadcastShapes(a!.slice(0, -2), c!.slice(0, -2)), m, n];
  },
  vjp(b, { inputs: [a, c], attrs: { transposeA: tA, transposeB: tB } }, g) {
    // y = A C with A = a or a^T: dA = g C^T, dC = A^T g, each transposed back where its operand came transposed.
    const da = tA
      ? b.matmul(c!, g, { transposeA: tB, transposeB: true })
      : b.matmul(g, c!, { transposeB: !tB });
    // A matrix shared by a batch: one product over all rows instead of a sum of products.
    const shared = c!.shape.length === 2 && !tA && a!.shape.length > 2;
    const [rows, gRows] = shared ? [flat(b, a!), flat(b, g)] : [a!, g];
    const dc = tB
      ? b.matmul(gRows, rows, { transposeA: true, transposeB: tA })
      : b.matmul(rows, gRows, { transposeA: !tA });
    return [unbroadcast(b, da, a!.shape), unbroadcast(b, dc, c!.shape)];
  },
};

const attention: OpDef<"attention"> = {
  infer([q, k, v, bias]) {
    const scores = [...broadcastShapes(q!.slice(0, -2), k!.slice(0, -2)), q!.at(-2)!, k!.at(-2)!];
    if (q!.at(-1) !== k!.at(-1) || k!.at(-2) !== v!.at(-2)) {
      throw new ShapeError(say`attention of q ${shapeText(q!)}, k ${shapeText(k!)}, v ${shapeText(v!)}`);
    }
    if (bias) broadcastShapes(scores, bias);
    return [...broadcastShapes(scores.slice(0, -2), v!.slice(0, -2)), q!.at(-2)!, v!.at(-1)!];
  },
  vjp(b, { inputs: [q, k, v, bias], attrs: { scale } }, g) {
    // The probabilities are computed again rather than kept.
    const p = b.attentionProbabilities(q!, k!, bias, scale);
    const dp = b.matmul(g, v!, { transposeB: true });
    const ds = b.mul(p, b.sub(dp, b.sum(b.mul(dp, p), [-1])));
    const dq = b.mul(b.matmul(ds, k!), scale);
    const dk = b.mul(b.matmul(ds, q!, { transposeA: true }), scale);
    const dv = b.matmul(p, g, { transposeA: true });
    const gradients = [dq, dk, dv, ds];
    return [q!, k!, v!, ...(bias ? [bias] : [])].map((x, i) => unbroadcast(b, gradients[i]!, x.shape));
  },
};

export const MATMUL = { matmul, attention };
