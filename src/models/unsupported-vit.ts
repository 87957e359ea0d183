/** @file Refuses ViTs with unsupported parts, by the part's name. */

import { unsupported } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import { phrase, say, translated } from "../language/say.js";

interface Part {
  readonly key: RegExp;
  readonly what: string;
  /** Without this key the part is another network's, which is read. */
  readonly beside?: string;
}

const PARTS: readonly Part[] = [
  { key: /^patch_embed\.norm\./, what: phrase`a norm in its patch embedding` },
  { key: /^blocks\.\d+\.mlp\.(?:w[12]|fc1_[gx])\./, what: phrase`SwiGLU in its blocks` },
  { key: /^blocks\.\d+\.mlp\.norm\./, what: phrase`a norm inside its MLPs` },
  { key: /^blocks\.\d+\.attn\.norm\./, what: phrase`a norm of its attention's output` },
  { key: /^blocks\.\d+\.attn\.gate\./, what: phrase`a gate on its attention's output` },
  {
    key: /^blocks\.\d+\.attn\.relative_position_bias_table$/,
    what: phrase`relative positions beside its pos_embed`,
    beside: "pos_embed",
  },
  { key: /^rel_pos_bias\./, what: phrase`relative positions that its blocks share, as BEiT in pretraining` },
  { key: /(?:^|\.)(?:shared_)?rel_pos(?:_[hw]$|\.)/, what: phrase`relative positions, as SAM` },
  { key: /^(?:rope|rope_embed|pos_embed_rope)\./, what: phrase`rotary position embeddings` },
];

const STEM = "patch_embed.proj.weight";

/** @throws GradlensError "unsupported" for a checkpoint's keys */
export function checkVitParts(file: string, shapes: ReadonlyMap<string, Shape>): void {
  for (const stem of shapes.keys()) {
    if (stem !== STEM && !stem.endsWith(`.${STEM}`)) continue;
    const prefix = stem.slice(0, -STEM.length);
    // Swin and PVTv2 have such a stem too.
    if (!shapes.has(`${prefix}blocks.0.norm1.weight`)) continue;
    const hasBeside = ({ beside }: Part): boolean => beside === undefined || shapes.has(prefix + beside);
    for (const from of shapes.keys()) {
      const key = from.startsWith(prefix) ? from.slice(prefix.length) : "";
      const part = PARTS.find((one) => one.key.test(key) && hasBeside(one));
      if (part === undefined) continue;
      throw unsupported(
        say`${file} is a ViT with ${translated(part.what)} (${from}), which gradlens does not compute; train or find a ViT without it`,
      );
    }
  }
}
