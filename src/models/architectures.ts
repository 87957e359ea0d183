/** @file The table of architectures. */

import type { ArchDef } from "./arch.js";
import { CONVNEXTS } from "./convnext.js";
import { ALEXNETS } from "./alexnet.js";
import { BEITS } from "./beit.js";
import { CLIPS } from "./clip.js";
import { DEIT3S } from "./deit3.js";
import { DENSENETS } from "./densenet.js";
import { DINOV2S } from "./dinov2.js";
import { EFFICIENTNETS } from "./efficientnet.js";
import { GOOGLENETS } from "./googlenet.js";
import { INCEPTIONS } from "./inception.js";
import { MNASNETS } from "./mnasnet.js";
import { MOBILENETS } from "./mobilenet.js";
import { PVTS } from "./pvt-v2.js";
import { REGNETS } from "./regnet.js";
import { RESNESTS } from "./resnest.js";
import { RESNET_DS } from "./resnet-d.js";
import { RESNETS } from "./resnet.js";
import { SE_RESNETS } from "./se-resnet.js";
import { SIGLIPS } from "./siglip.js";
import { SHUFFLENETS } from "./shufflenet.js";
import { SQUEEZENETS } from "./squeezenet.js";
import { SWIN_V2S } from "./swin-v2.js";
import { SWINS } from "./swin.js";
import { VGGS } from "./vgg.js";
import { VITS } from "./vit.js";
import { XCEPTIONS } from "./xception.js";

export const ARCHITECTURES = {
  ...DENSENETS,
  ...RESNETS,
  ...RESNET_DS,
  ...SE_RESNETS,
  ...RESNESTS,
  ...REGNETS,
  ...VGGS,
  ...ALEXNETS,
  ...SQUEEZENETS,
  ...SHUFFLENETS,
  ...INCEPTIONS,
  ...GOOGLENETS,
  ...XCEPTIONS,
  ...MNASNETS,
  ...EFFICIENTNETS,
  ...MOBILENETS,
  ...CONVNEXTS,
  ...DINOV2S,
  ...BEITS,
  ...CLIPS,
  ...SIGLIPS,
  // timm's ViTs may have layer scales too: DeiT III comes first.
  ...DEIT3S,
  ...VITS,
  ...SWINS,
  ...SWIN_V2S,
  ...PVTS,
} satisfies Record<string, ArchDef>;

export type Arch = keyof typeof ARCHITECTURES;

/** Of each architecture that a project publishes: a file, a repository or a tag. */
export type ByArch = { readonly [A in Arch]?: string };

/** Of all architectures of a family, where the project names them by one rule. */
export const ofFamily = (family: Readonly<Record<string, ArchDef>>, rule: (arch: string) => string): ByArch =>
  Object.fromEntries(Object.keys(family).map((arch) => [arch, rule(arch)]));

export const ARCH_NAMES = Object.keys(ARCHITECTURES) as readonly Arch[];
