/** @file Parts that transformers share: heads, the MLP, the average of two heads. */

import type { Builder } from "../graph/builder.js";
import type { TokenLayout } from "../graph/module-scopes.js";
import type { Shape } from "../graph/shape.js";
import type { Node } from "../graph/types.js";
import { requireSetting } from "./file-layer.js";
import { activation, checkLinear, identity, linear, type ActivationKind } from "./layers.js";
import { phrase } from "../language/say.js";

/** For modules whose values have another layout than the picture. */
export const ATTENTION_VALUES: TokenLayout = {
  noMap: phrase`its values belong to heads or windows, not to places`,
};

/** Part `index` of `count` equal parts of the last axis [..., n, count * C], in heads: [..., heads, n, C / heads]. */
export function headsOf(b: Builder, x: Node, index: number, count: number, heads: number): Node {
  const channels = x.shape.at(-1)! / count;
  const part = b.slice(x, -1, index * channels, (index + 1) * channels);
  const split = b.reshape(part, [...x.shape.slice(0, -1), heads, channels / heads]);
  return b.transpose(split, swapped(split.shape.length));
}

/** [..., heads, n, d] -> [..., n, heads * d] */
export function joinHeads(b: Builder, x: Node): Node {
  const back = b.transpose(x, swapped(x.shape.length));
  return b.reshape(back, [...back.shape.slice(0, -2), back.shape.at(-2)! * back.shape.at(-1)!]);
}

/** Axes with those before the last swapped. */
function swapped(rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, i) => i);
  return [...axes.slice(0, -3), rank - 2, rank - 3, rank - 1];
}

/** Refuses a file whose attention here has another number of heads, or another scale: its tensors would have the same shapes. */
export function requireAttention(b: Builder, heads: number, channels: number): void {
  requireHeads(b, heads);
  requireSetting(b, ["scale", "scaling"], (channels / heads) ** -0.5);
  requireSetting(b, ["add_zero_attn", "is_causal"], false);
}

export const requireHeads = (b: Builder, heads: number): void =>
  requireSetting(b, ["num_heads", "num_attention_heads"], heads);

/** timm's Mlp: Linear, activation, Linear. */
export const mlp = (b: Builder, name: string, x: Node, hidden: number, act: ActivationKind = "GELU"): Node =>
  b.scope(name, "Mlp", () => {
    const inner = identity(b, "drop1", activation(b, "act", linear(b, "fc1", x, hidden), act), "Dropout");
    return identity(b, "drop2", linear(b, "fc2", identity(b, "norm", inner), x.shape.at(-1)!), "Dropout");
  });

/**
 * timm's GluMlp, as SwiGLU: a gate behind SiLU times a value, then a Linear. Gate and value are the halves of one Linear, or two.
 * @param hidden features of the gate
 */
export const gluMlp = (b: Builder, name: string, x: Node, hidden: number, apart: boolean): Node =>
  b.scope(name, "GluMlp", () => {
    const both = apart ? joinedLinear(b, ["gate", "up"], x, hidden) : linear(b, "fc1", x, 2 * hidden);
    const gate = activation(b, "act", b.slice(both, -1, 0, hidden), "SiLU");
    const inner = identity(b, "drop1", b.mul(gate, b.slice(both, -1, hidden)), "Dropout");
    return identity(b, "drop2", linear(b, "fc2", identity(b, "norm", inner), x.shape.at(-1)!), "Dropout");
  });

/** [B, H, W, C] -> [B, H * W, C] */
export const toTokens = (b: Builder, x: Node): Node =>
  b.reshape(x, [b.batch, x.shape[1]! * x.shape[2]!, x.shape[3]!]);

/** A dropout on attention probabilities, which PyTorch's fused attention never calls. */
export const unusedDropout = (b: Builder): void => {
  b.container("attn_drop", "Dropout", () => undefined);
};

/**
 * Several Linears of one input as one product, each with its own module (Hugging Face separates query, key and value). The
 * joined weight is made of parameters alone.
 * @param o true if all have a bias, or which of them have one
 * @returns [..., names.length * out]
 */
export function joinedLinear(
  b: Builder,
  names: readonly string[],
  x: Node,
  out: number,
  o: { bias?: boolean | readonly boolean[] } = {},
): Node {
  const channels = x.shape.at(-1)!;
  const path = b.path;
  const parameter = (name: string, parameter: string, shape: Shape): Node =>
    b.within(`${path}.${name}`, () => b.param(parameter, shape));
  const weights = names.map((name) => parameter(name, "weight", [out, channels]));
  const product = b.matmul(x, b.concat(weights, 0), { transposeB: true });
  const has = [o.bias ?? true].flat();
  const biases = names.map((name, i) =>
    has[i % has.length] ? parameter(name, "bias", [out]) : b.constant(new Float32Array(out), [out]),
  );
  const y = has.includes(true) ? b.add(product, b.concat(biases, 0)) : product;
  for (const name of names) checkLinear(b, name);
  names.forEach((name, i) => b.scope(name, "Linear", () => b.slice(y, -1, i * out, (i + 1) * out)));
  return y;
}
