/** @file timm networks that gradlens does not support, although keys and shapes match a supported one (tools/collisions.ts). */

import type { Shape } from "../graph/shape.js";
import { phrase } from "../language/say.js";

interface Lookalike {
  readonly archs: RegExp;
  /** Keys that the file lacks. */
  readonly without: readonly string[];
  readonly name: string;
  readonly differs: string;
}

const LOOKALIKES: readonly Lookalike[] = [
  {
    archs: /^vit_base_patch16_/,
    without: ["cls_token", "fc_norm.weight"],
    name: "vit_base_patch16_gap_224",
    differs: phrase`16 heads`,
  },
  {
    archs: /^vit_(?:base|large)_patch(?:16|32)_/,
    without: ["cls_token", "fc_norm.weight"],
    name: "vit_*_siglip_gap_*",
    differs: phrase`GELU's approximation by tanh in some`,
  },
  {
    archs: /^deit3_(?:small|base|large)_patch16_/,
    without: [],
    name: "vit_*_patch16_rope_ape_224",
    differs: phrase`rotary positions`,
  },
  {
    archs: /^(?:resnet(?:34|50|101)d|seresnext101d_32x8d)$/,
    without: [],
    name: "resnetaa*d",
    differs: phrase`anti-aliasing`,
  },
];

/** @param shapes of the file's tensors by its own keys */
export function lookalikesOf(arch: string, shapes: ReadonlyMap<string, Shape>): readonly Lookalike[] {
  const has = (wanted: string): boolean =>
    [...shapes.keys()].some((key) => key === wanted || key.endsWith(`.${wanted}`));
  return LOOKALIKES.filter(({ archs, without }) => archs.test(arch) && !without.some(has));
}
