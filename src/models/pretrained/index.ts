/** @file Where each architecture's weights are published, under the projects' own names. */

import type { Arch } from "../architectures.js";
import { TIMM_NAMES } from "../timm-names.js";
import { AUTHORS } from "./authors.js";
import { OPEN_CLIP, TRANSFORMERS } from "./hugging-face.js";
import { TIMM_TAGS } from "./timm.js";
import { TORCHVISION } from "./torchvision.js";

export interface Pretrained {
  /** The publisher: "torchvision", or a repository of GitHub or Hugging Face. */
  readonly project: string;
  readonly file: string;
}

/** The published weights of one architecture; empty if none are published. */
export function pretrainedOf(arch: Arch): Pretrained[] {
  const tag = TIMM_TAGS[arch];
  const sources: readonly (readonly [project: string | undefined, file: string | undefined])[] = [
    ["torchvision", TORCHVISION[arch]],
    [tag && `timm/${TIMM_NAMES[arch] ?? arch}.${tag}`, "model.safetensors"],
    [TRANSFORMERS[arch], "model.safetensors"],
    [OPEN_CLIP[arch], "open_clip_pytorch_model.bin"],
    ...Object.entries(AUTHORS).map(([project, files]) => [project, files[arch]] as const),
  ];
  return sources.flatMap(([project, file]) => (project && file ? [{ project, file }] : []));
}
