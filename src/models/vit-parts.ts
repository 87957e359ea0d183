/** @file Infers timm's options of a ViT from its tensors. */

import type { Shape } from "../graph/shape.js";
import { phrase } from "../language/say.js";

/** Linear, GELU, Linear; or SwiGLU, whose gate and value are one Linear, or two. */
type MlpKind = "gelu" | "glu" | "glu apart";

/** The options in which ViTs of one size differ. */
export interface VitParts {
  /** Tokens before the patches, by their parameter's key, in order. */
  readonly tokens: readonly { readonly key: string; readonly count: number }[];
  /** What the head reads: the class token, or the mean of the patches. */
  readonly pool: "token" | "avg";
  /** The last norm follows the pooling (`fc_norm`) instead of preceding it (`norm`). */
  readonly normsPooled: boolean;
  /** LayerScale, `ls1` and `ls2`. */
  readonly scales: boolean;
  /** Norms of queries and keys. */
  readonly qkNorm: boolean;
  readonly qkvBias: boolean;
  readonly mlp: MlpKind;
  /** Features of a Linear and tanh before the head, `representation_size`. */
  readonly preLogits: number | undefined;
}

type Shapes = ReadonlyMap<string, Shape>;

/** Parts that an architecture always or never has. */
export interface FixedParts {
  readonly distilled?: boolean;
  readonly registers?: boolean;
  readonly classToken?: boolean;
  readonly scales?: boolean;
  /** SwiGLU in place of an MLP. */
  readonly gated?: boolean;
}

/** Register tokens of the published networks that have them. */
const REGISTERS = 4;

/** @param shapes of the checkpoint, by our keys; absent for the published architecture */
export function partsOf(shapes: Shapes | undefined, fixed: FixedParts): VitParts {
  const { distilled = false, gated = false } = fixed;
  const anyKey = (pattern: RegExp): boolean => [...(shapes?.keys() ?? [])].some((key) => pattern.test(key));
  const isPlain = shapes === undefined || distilled;
  const ownRegisters = fixed.registers ? REGISTERS : 0;
  const foundRegisters = fixed.registers === false ? 0 : shapes?.get("reg_token")?.[1];
  const registers = distilled ? 0 : (foundRegisters ?? ownRegisters);
  const normsPooled = !isPlain && shapes.has("fc_norm.weight") && !shapes.has("norm.weight");
  const hasClass = fixed.classToken ?? (isPlain || shapes.has("cls_token"));
  return {
    tokens: [
      ...(hasClass ? [{ key: "cls_token", count: 1 }] : []),
      ...(distilled ? [{ key: "dist_token", count: 1 }] : []),
      ...(registers > 0 ? [{ key: "reg_token", count: registers }] : []),
    ],
    pool: hasClass && !normsPooled ? "token" : "avg",
    normsPooled,
    scales: fixed.scales ?? anyKey(/^blocks\.\d+\.ls\d\.gamma$/),
    qkNorm: anyKey(/^blocks\.\d+\.attn\.[qk]_norm\.weight$/),
    qkvBias:
      !anyKey(/^blocks\.\d+\.attn\.(?:qkv|q)\.weight$/) || anyKey(/^blocks\.\d+\.attn\.(?:qkv|[qkv])\.bias$/),
    mlp: !gated ? "gelu" : shapes?.has("blocks.0.mlp.gate.weight") ? "glu apart" : "glu",
    preLogits: shapes?.get("pre_logits.fc.weight")?.[0],
  };
}

/** timm allows three kinds of pooling with `fc_norm` and without a class token. The mean is its default. */
export const POOLED_BECAUSE = {
  fcNorm: phrase`fc_norm in place of norm says that the patches are pooled; the file does not say how, and their mean is usual`,
  noClass: phrase`the file has no cls_token, so the patches are pooled; the file does not say how, and their mean is usual`,
} as const;
