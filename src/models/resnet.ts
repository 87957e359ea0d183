/** @file ResNet, ResNeXt and Wide ResNet (He et al. 2016, Xie et al. 2017, Zagoruyko 2016), as torchvision has them (v1.5). */

import type { ArchDef } from "./arch.js";
import type { Family } from "./family.js";
import type { ResNetShape } from "./resnet-modules.js";
import { basic, deep, relative } from "./resnet-rows.js";
import { resNetSpellings } from "./resnet-spellings.js";

export const RESNET: Family = { name: "resnet", title: "ResNet, ResNeXt, Wide ResNet", blurPools: true };

const resnet = (shape: ResNetShape): ArchDef => relative(RESNET, shape, 224, resNetSpellings(shape));

export const RESNETS = {
  resnet18: resnet(basic(18)),
  resnet34: resnet(basic(34)),
  resnet50: resnet(deep(50)),
  resnet101: resnet(deep(101)),
  resnet152: resnet(deep(152)),
  resnext50_32x4d: resnet(deep(50, { groups: 32, width: 4 })),
  resnext101_32x8d: resnet(deep(101, { groups: 32, width: 8 })),
  wide_resnet50_2: resnet(deep(50, { width: 128 })),
  wide_resnet101_2: resnet(deep(101, { width: 128 })),
};
