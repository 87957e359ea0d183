/** @file The attention of every layer of a vision transformer whose layers all attend to the same tokens. */

import { unsupported } from "../../errors.js";
import type { Builder } from "../../graph/builder.js";
import type { TokenLayout } from "../../graph/module-scopes.js";
import type { Node, NodeOf } from "../../graph/types.js";
import type { Template } from "../../models/template.js";
import type { NamedModel } from "../model.js";
import { say } from "../../language/say.js";

export interface AttentionLayer {
  /** [B, heads, N, d]: probabilities times values. */
  readonly node: NodeOf<"attention">;
  /** The block's output, [B, N, C]. */
  readonly output: Node;
}

export interface Attentions {
  /** From the first layer to the last. */
  readonly layers: readonly AttentionLayer[];
  /** The order of the N tokens: class and distillation tokens, then the patches. */
  readonly layout: Exclude<TokenLayout, { noMap: string }>;
}

/** Undefined where the model lacks a class token, or attention from every token to every token. */
export function attentionsOf({ graph: { nodes, modules }, poolsPatches }: Template): Attentions | undefined {
  if (poolsPatches) return undefined;
  const layout = modules.map((m) => m.layout).find((l) => l && !("noMap" in l) && l.prefix > 0);
  if (!layout || "noMap" in layout) return undefined;
  const tokens = layout.prefix + layout.height * layout.width;
  const blocks = modules.filter((m) => m.kind === "Block");
  const layers: AttentionLayer[] = [];
  for (const node of nodes) {
    if (node.op !== "attention") continue;
    const [q, k] = node.inputs as [Node, Node];
    const output = blocks.find((m) => node.path.startsWith(`${m.path}.`))?.output;
    if (!output || q.shape.length !== 4 || q.shape[2] !== tokens || k.shape[2] !== tokens) return undefined;
    layers.push({ node, output });
  }
  return { layers, layout };
}

/**
 * @param title the method's
 * @throws GradlensError "unsupported" where the model lacks such attention
 */
export function checkAttentions({ template, name }: NamedModel, title: string): void {
  if (attentionsOf(template)) return;
  if (template.poolsPatches) {
    throw unsupported(
      say`${title} needs a class token that the head reads; ${name}'s head reads the patches, pooled; use gradcam instead`,
    );
  }
  const why = template.graph.nodes.some((node) => node.op === "attention")
    ? say`needs a class token and attention over all tokens in every layer; ${name} attends within windows, or to fewer keys than tokens`
    : say`reads the attention of a transformer, which ${name} lacks`;
  throw unsupported(say`${title} ${why}; use gradcam instead`);
}

/** The patches of values [B, ..., N], as a map [B, height, width]. */
export function patchMap(b: Builder, values: Node, { prefix, height, width }: Attentions["layout"]): Node {
  return b.reshape(b.slice(values, -1, prefix), [values.shape[0]!, height, width]);
}

/** The attention of each layer, [B, heads, N, N]; a row is a query. */
export const probabilities = (b: Builder, layers: Attentions["layers"]): Node[] =>
  layers.map(({ node: { inputs, attrs } }) =>
    b.attentionProbabilities(inputs[0]!, inputs[1]!, inputs[3], attrs.scale),
  );
