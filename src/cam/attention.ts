/** @file The attention of every layer of a vision transformer, where all layers look at the same tokens. */

import { GradlensError } from "../errors.js";
import type { Builder, TokenLayout } from "../graph/builder.js";
import type { Node, NodeOf } from "../graph/types.js";
import type { Template } from "../models/registry.js";

export interface AttentionLayer {
  /** [B, heads, N, d]: probabilities times values. */
  readonly node: NodeOf<"attention">;
  /** What the block puts out, [B, N, C]. */
  readonly output: Node;
}

export interface Attentions {
  /** From the first layer to the last. */
  readonly layers: readonly AttentionLayer[];
  /** Of the N tokens: class and distillation tokens, then the patches. */
  readonly layout: Exclude<TokenLayout, { noMap: string }>;
  /** [B, classes] */
  readonly logits: Node;
}

/**
 * @param title the method's, for the message
 * @throws GradlensError "unsupported" where there is no attention, or layers look at different tokens
 */
export function requireAttentions({ graph, logits }: Template, title: string, model: string): Attentions {
  const nodes = graph.nodes.filter((node) => node.op === "attention");
  const refuse = (why: string): never => {
    throw new GradlensError("unsupported", `${title} ${why}; take gradcam instead`);
  };
  if (nodes.length === 0) return refuse(`is made of a transformer's attention, which ${model} has not`);
  const layout = graph.modules.map((m) => m.layout).find((l) => l && !("noMap" in l) && l.prefix > 0);
  const tokens = layout && !("noMap" in layout) ? layout.prefix + layout.height * layout.width : 0;
  const blocks = graph.modules.filter((m) => m.kind === "Block");
  const layers = nodes.flatMap((node): AttentionLayer[] => {
    const [q, k] = node.inputs as [Node, Node];
    const output = blocks.find((m) => node.path.startsWith(`${m.path}.`))?.output;
    const isWhole = q.shape.length === 4 && q.shape[2] === tokens && k.shape[2] === tokens;
    return output && isWhole ? [{ node, output }] : [];
  });
  if (!layout || "noMap" in layout || layers.length < nodes.length) {
    return refuse(
      `needs a class token and attention over all tokens in every layer; ${model} attends within windows or to fewer keys than tokens, so that its layers do not follow one another`,
    );
  }
  return { layers, layout, logits };
}

/** The patches' part of values [B, ..., N], as a map [B, height, width]. */
export function patchMap(b: Builder, values: Node, { prefix, height, width }: Attentions["layout"]): Node {
  return b.reshape(b.slice(values, -1, prefix), [values.shape[0]!, height, width]);
}
