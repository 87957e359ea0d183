/** @file The graph of BEiT, with timm's module paths. */

import type { Builder } from "../graph/builder.js";
import type { TokenLayout } from "../graph/module-scopes.js";
import type { Node, Pair } from "../graph/types.js";
import type { BuildOptions, ModelGraph } from "./arch.js";
import { classTokenBias, readsClassToken, rowsOf } from "./beit-positions.js";
import { requireSetting } from "./file-layer.js";
import { classifier } from "./head.js";
import { checkLinear, identity, layerNorm, linear } from "./layers.js";
import {
  ATTENTION_VALUES,
  headsOf,
  joinedLinear,
  joinHeads,
  mlp,
  requireAttention,
  unusedDropout,
} from "./transformer.js";
import { gridOf, patchEmbed } from "./vit-embedding.js";
import { patchMean, tokenAt, USED_UP, type VitShape } from "./vit-graph.js";

export type BeitShape = Pick<VitShape, "channels" | "depth" | "heads" | "patch" | "size">;

const EPS = 1e-6;
const HUGGING_FACE_EPS = 1e-12;

interface BlockOptions {
  readonly shape: BeitShape;
  readonly grid: Pair;
  readonly eps: number;
  readonly before: TokenLayout;
  readonly after: TokenLayout;
  readonly build: BuildOptions;
}

/**
 * [B, N, 3C]. In timm the biases stand beside a Linear of which only the weight is used. The keys' bias is a buffer of zeros,
 * which only TorchScript saves.
 */
function queryKeyValue(b: Builder, x: Node, spelling: string | undefined): Node {
  const channels = x.shape[2]!;
  if (spelling === "huggingface")
    return joinedLinear(b, ["q", "k", "v"], x, channels, { bias: [true, false, true] });
  const ofQueries = b.param("q_bias", [channels]);
  const ofKeys = b.fileHas("k_bias")
    ? b.param("k_bias", [channels])
    : b.constant(new Float32Array(channels), [channels]);
  const bias = b.concat([ofQueries, ofKeys, b.param("v_bias", [channels])], 0);
  checkLinear(b, "qkv");
  return b.container("qkv", "Linear", () =>
    b.add(b.matmul(x, b.param("weight", [3 * channels, channels]), { transposeB: true }), bias),
  );
}

function attention(b: Builder, x: Node, o: BlockOptions): Node {
  const { heads, channels, patch, size } = o.shape;
  const native = rowsOf(gridOf({ size: [size, size] }, patch));
  return b.tokens(o.after, () =>
    b.scope("attn", "Attention", () => {
      requireAttention(b, heads, channels);
      const bias = classTokenBias(b, { heads, grid: o.grid, native }, o.build);
      const qkv = b.tokens(o.before, () => queryKeyValue(b, x, o.build.spelling));
      const [q, k, v] = b.tokens(ATTENTION_VALUES, () =>
        [0, 1, 2].map((i) => headsOf(b, qkv, i, 3, heads)),
      ) as [Node, Node, Node];
      unusedDropout(b);
      const y = joinHeads(b, b.attention(q, k, v, bias, (channels / heads) ** -0.5));
      return identity(b, "proj_drop", linear(b, "proj", y, channels), "Dropout");
    }),
  );
}

function block(b: Builder, name: string, x: Node, o: BlockOptions): Node {
  const { channels } = o.shape;
  return b.tokens(o.after, () =>
    b.scope(name, "Block", () => {
      const residual = (place: number, y: Node): Node =>
        identity(b, `drop_path${place}`, b.mul(y, b.param(`gamma_${place}`, [channels])));
      const normed = b.tokens(o.before, () => layerNorm(b, "norm1", x, o.eps));
      const y = b.add(x, residual(1, attention(b, normed, o)));
      return b.add(y, residual(2, mlp(b, "mlp", layerNorm(b, "norm2", y, o.eps), 4 * channels)));
    }),
  );
}

function embed(b: Builder, picture: Node, shape: BeitShape, [height, width]: Pair): Node {
  const { x } = b.tokens({ height, width, prefix: 0 }, () => patchEmbed(b, picture, shape));
  const token = b.perPicture(b.param("cls_token", [1, 1, shape.channels]));
  return b.concat([token, x], 1);
}

export function buildBeit(b: Builder, shape: BeitShape, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const grid = gridOf(o, shape.patch);
  const eps = o.spelling === "huggingface" ? HUGGING_FACE_EPS : EPS;
  const ofToken = readsClassToken(o);
  requireSetting(b, ["global_pool"], ofToken ? "token" : "avg");
  const before: TokenLayout = { height: grid[0], width: grid[1], prefix: 1 };
  const end = ofToken ? USED_UP : before;
  const embedded = b.tokens(before, () => identity(b, "pos_drop", embed(b, picture, shape, grid), "Dropout"));
  const y = b.container("blocks", "ModuleList", () => {
    let x = embedded;
    for (let i = 0; i < shape.depth; i++) {
      const after = i === shape.depth - 1 ? end : before;
      x = block(b, `${i}`, x, { shape, grid, eps, before, after, build: o });
    }
    return x;
  });
  const tokens = b.tokens(end, () => (ofToken ? layerNorm(b, "norm", y, eps) : identity(b, "norm", y)));
  const features = ofToken
    ? identity(b, "fc_norm", tokenAt(b, tokens, 0))
    : layerNorm(b, "fc_norm", patchMean(b, tokens, 1), eps);
  const logits = classifier(b, "head", identity(b, "head_drop", features, "Dropout"), o.classes);
  return { picture, logits, poolsPatches: !ofToken };
}
