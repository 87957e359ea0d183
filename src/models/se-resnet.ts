/** @file SE-ResNet, SE-ResNeXt and SENet-154 (Hu et al. 2018), as timm has them; earlier implementations are in senet.ts. */

import type { ArchDef } from "./arch.js";
import type { ResNetShape } from "./resnet-modules.js";
import { BASIC_DEPTHS, DEPTHS, relative, STEMS } from "./resnet-rows.js";
import { SENETS } from "./senet.js";

type Changes = Omit<ResNetShape, "block" | "blocks" | "squeezes">;

const basic = (depth: keyof typeof BASIC_DEPTHS, side: number): ArchDef =>
  relative("se-resnet", { block: "BasicBlock", blocks: BASIC_DEPTHS[depth], squeezes: true }, side);
const deep = (depth: keyof typeof DEPTHS, side: number, changes: Changes = {}): ArchDef =>
  relative("se-resnet", { block: "Bottleneck", blocks: DEPTHS[depth], squeezes: true, ...changes }, side);

const D: Changes = { stem: STEMS.d, averages: true };
const T: Changes = { stem: STEMS.t, averages: true };

export const SE_RESNETS = {
  seresnet18: basic(18, 288),
  seresnet34: basic(34, 288),
  seresnet50: deep(50, 288),
  seresnet50t: deep(50, 288, T),
  seresnet101: deep(101, 288),
  seresnet152: deep(152, 288),
  seresnet152d: deep(152, 320, D),
  seresnet200d: deep(200, 288, D),
  seresnet269d: deep(269, 288, D),
  seresnext26d_32x4d: deep(26, 288, { ...D, groups: 32, width: 4 }),
  seresnext26t_32x4d: deep(26, 288, { ...T, groups: 32, width: 4 }),
  seresnext50_32x4d: deep(50, 288, { groups: 32, width: 4 }),
  seresnext101_32x4d: deep(101, 224, { groups: 32, width: 4 }),
  seresnext101_32x8d: deep(101, 288, { groups: 32, width: 8 }),
  seresnext101d_32x8d: deep(101, 288, { ...D, groups: 32, width: 8 }),
  seresnext101_64x4d: deep(101, 224, { groups: 64, width: 4 }),
  senet154: deep(152, 224, { stem: STEMS.e, groups: 64, width: 4, halves: true, shortcutKernel: 3 }),
  ...SENETS,
};
