/** @file ResNet, ResNeXt and Wide ResNet (He et al. 2016, Xie et al. 2017, Zagoruyko 2016), as torchvision has them (v1.5). */

import type { ArchDef } from "./arch.js";
import type { ResNetShape } from "./resnet-modules.js";
import { BASIC_DEPTHS, DEPTHS, relative } from "./resnet-rows.js";
import { resNetSpellings } from "./resnet-spellings.js";

const resnet = (shape: ResNetShape): ArchDef => relative("resnet", shape, 224, resNetSpellings(shape));

const basic = (depth: keyof typeof BASIC_DEPTHS): ArchDef =>
  resnet({ block: "BasicBlock", blocks: BASIC_DEPTHS[depth] });

const deep = (depth: keyof typeof DEPTHS, changes: Pick<ResNetShape, "groups" | "width"> = {}): ArchDef =>
  resnet({ block: "Bottleneck", blocks: DEPTHS[depth], ...changes });

export const RESNETS = {
  resnet18: basic(18),
  resnet34: basic(34),
  resnet50: deep(50),
  resnet101: deep(101),
  resnet152: deep(152),
  resnext50_32x4d: deep(50, { groups: 32, width: 4 }),
  resnext101_32x8d: deep(101, { groups: 32, width: 8 }),
  wide_resnet50_2: deep(50, { width: 128 }),
  wide_resnet101_2: deep(101, { width: 128 }),
};
