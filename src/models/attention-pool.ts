/** @file Attention pooling by a learned query: timm's AttentionPoolLatent, Hugging Face's SiglipMultiheadAttentionPoolingHead. */

import type { Builder } from "../graph/builder.js";
import type { TokenLayout } from "../graph/module-scopes.js";
import type { Node } from "../graph/types.js";
import { identity, layerNorm, linear, type ActivationKind } from "./layers.js";
import { headsOf, joinHeads, mlp, requireAttention } from "./transformer.js";
import { phrase } from "../language/say.js";

interface AttentionPoolOptions {
  readonly heads: number;
  readonly eps: number;
  /** Features inside the MLP. Default: four times its input's. */
  readonly hidden?: number;
  /** Of the MLP. */
  readonly act: ActivationKind;
  /** Query, key and value have one weight, as in torch.nn.MultiheadAttention. */
  readonly joined: boolean;
}

const POOLED: TokenLayout = { noMap: phrase`its values are pooled over all places` };

/** @param x tokens [B, N, C] @returns [B, C] */
export function attentionPool(b: Builder, x: Node, o: AttentionPoolOptions): Node {
  const channels = x.shape[2]!;
  return b.tokens(POOLED, () =>
    b.scope("attn_pool", "AttentionPoolLatent", () => {
      const latent = b.perPicture(b.param("latent", [1, 1, channels]));
      const y = o.joined
        ? b.scope("attention", "MultiheadAttention", () => joinedAttention(b, latent, x, o.heads))
        : attention(b, latent, x, o.heads);
      const kept = o.joined ? y : identity(b, "proj_drop", y, "Dropout");
      const hidden = o.hidden ?? 4 * channels;
      const z = b.add(kept, mlp(b, "mlp", layerNorm(b, "norm", kept, o.eps), hidden, o.act));
      return b.reshape(z, [b.batch, channels]);
    }),
  );
}

/** A query [B, 1, C] and [B, N, 2C] as [B, 1, C], before the last Linear. */
function attend(b: Builder, q: Node, kv: Node, heads: number): Node {
  const channels = q.shape[2]!;
  const query = identity(b, "q_norm", headsOf(b, q, 0, 1, heads));
  const key = identity(b, "k_norm", headsOf(b, kv, 0, 2, heads));
  const value = headsOf(b, kv, 1, 2, heads);
  return joinHeads(b, b.attention(query, key, value, undefined, (channels / heads) ** -0.5));
}

function attention(b: Builder, latent: Node, x: Node, heads: number): Node {
  const channels = x.shape[2]!;
  requireAttention(b, heads, channels);
  const q = linear(b, "q", latent, channels);
  const kv = linear(b, "kv", x, 2 * channels);
  return linear(b, "proj", attend(b, q, kv, heads), channels);
}

function joinedAttention(b: Builder, latent: Node, x: Node, heads: number): Node {
  const channels = x.shape[2]!;
  requireAttention(b, heads, channels);
  const [weight, bias] = b.container("qkv", "Linear", (): [Node, Node] => [
    b.param("weight", [3 * channels, channels]),
    b.param("bias", [3 * channels]),
  ]);
  const part = (from: number, to: number, y: Node): Node =>
    b.add(
      b.matmul(y, b.slice(weight, 0, from * channels, to * channels), { transposeB: true }),
      b.slice(bias, 0, from * channels, to * channels),
    );
  return linear(b, "proj", attend(b, part(0, 1, latent), part(1, 3, x), heads), channels);
}
