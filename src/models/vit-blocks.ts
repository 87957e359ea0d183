/** @file A ViT's transformer blocks, with timm's module paths. */

import type { Builder } from "../graph/builder.js";
import type { TokenLayout } from "../graph/module-scopes.js";
import type { Node } from "../graph/types.js";
import { fileLayer } from "./file-layer.js";
import { identity, layerNorm, linear, type ActivationKind } from "./layers.js";
import {
  ATTENTION_VALUES,
  gluMlp,
  headsOf,
  joinedLinear,
  joinHeads,
  mlp,
  requireAttention,
  unusedDropout,
} from "./transformer.js";
import type { VitParts } from "./vit-parts.js";

export interface BlockOptions {
  readonly heads: number;
  readonly before: TokenLayout;
  /**
   * The output's layout. If the head reads the class token, the last block's patches reach the logits only through its
   * attention.
   */
  readonly after: TokenLayout;
  readonly eps: number;
  /** Query, key and value are separate Linears. */
  readonly apart: boolean;
  readonly parts: VitParts;
  /** Of the MLP. Default: GELU. */
  readonly act?: ActivationKind | undefined;
  /** Features inside the MLP. Default: four times its input's. */
  readonly hidden?: number | undefined;
}

function attention(b: Builder, x: Node, { heads, before, after, apart, eps, parts }: BlockOptions): Node {
  const channels = x.shape[2]!;
  const bias = parts.qkvBias;
  const norm = (name: string, y: Node): Node =>
    parts.qkNorm ? layerNorm(b, name, y, eps) : identity(b, name, y);
  return b.tokens(after, () =>
    b.scope("attn", "Attention", () => {
      requireAttention(b, heads, channels);
      const qkv = b.tokens(before, () =>
        apart
          ? joinedLinear(b, ["q", "k", "v"], x, channels, { bias })
          : linear(b, "qkv", x, 3 * channels, { bias }),
      );
      const part = (i: number): Node => headsOf(b, qkv, i, 3, heads);
      const q = b.tokens(ATTENTION_VALUES, () => norm("q_norm", part(0)));
      const k = b.tokens(ATTENTION_VALUES, () => norm("k_norm", part(1)));
      unusedDropout(b);
      const y = joinHeads(b, b.attention(q, k, part(2), undefined, (channels / heads) ** -0.5));
      return identity(b, "proj_drop", linear(b, "proj", identity(b, "norm", y), channels), "Dropout");
    }),
  );
}

/** SwiGLU has two thirds of an MLP's features, rounded to a multiple of 8, so that both have the same number of weights. */
function feedForward(
  b: Builder,
  x: Node,
  { parts: { mlp: kind }, act, hidden = 4 * x.shape[2]! }: BlockOptions,
): Node {
  if (kind === "gelu") return mlp(b, "mlp", x, hidden, act);
  return gluMlp(b, "mlp", x, 8 * Math.ceil(Math.floor((hidden * 2) / 3) / 8), kind === "glu apart");
}

/** timm's LayerScale: a factor for each channel. */
function layerScale(b: Builder, name: string, x: Node): Node {
  const file = fileLayer(b, name, "LayerScale");
  if (file?.isUsual === false) file.refuseKind();
  return b.scope(name, "LayerScale", () => b.mul(x, b.param("gamma", [x.shape[2]!])));
}

export function block(b: Builder, name: string, x: Node, o: BlockOptions): Node {
  const residual = (place: number, y: Node): Node => {
    const scaled = o.parts.scales ? layerScale(b, `ls${place}`, y) : identity(b, `ls${place}`, y);
    return identity(b, `drop_path${place}`, scaled);
  };
  return b.tokens(o.after, () =>
    b.scope(name, "Block", () => {
      const normed = b.tokens(o.before, () => layerNorm(b, "norm1", x, o.eps));
      const y = b.add(x, residual(1, attention(b, normed, o)));
      return b.add(y, residual(2, feedForward(b, layerNorm(b, "norm2", y, o.eps), o)));
    }),
  );
}
