/** @file SE-ResNet, SE-ResNeXt and SENet-154 (Hu et al. 2018), as timm has them; earlier implementations are in senet.ts. */

import type { ArchDef } from "./arch.js";
import type { ResNetShape } from "./resnet-modules.js";
import { basic, deep, relative, STEMS } from "./resnet-rows.js";
import { SE_RESNET, SENETS } from "./senet.js";

const seResNet = (shape: ResNetShape, side: number): ArchDef =>
  relative(SE_RESNET, { ...shape, squeezes: true }, side);

const D = { stem: STEMS.d, averages: true };
const T = { stem: STEMS.t, averages: true };
const SENET = { stem: STEMS.e, groups: 64, width: 4, halves: true, shortcutKernel: 3 } as const;

export const SE_RESNETS = {
  seresnet18: seResNet(basic(18), 288),
  seresnet34: seResNet(basic(34), 288),
  seresnet50: seResNet(deep(50), 288),
  seresnet50t: seResNet(deep(50, T), 288),
  seresnet101: seResNet(deep(101), 288),
  seresnet152: seResNet(deep(152), 288),
  seresnet152d: seResNet(deep(152, D), 320),
  seresnet200d: seResNet(deep(200, D), 288),
  seresnet269d: seResNet(deep(269, D), 288),
  seresnext26d_32x4d: seResNet(deep(26, { ...D, groups: 32, width: 4 }), 288),
  seresnext26t_32x4d: seResNet(deep(26, { ...T, groups: 32, width: 4 }), 288),
  seresnext50_32x4d: seResNet(deep(50, { groups: 32, width: 4 }), 288),
  seresnext101_32x4d: seResNet(deep(101, { groups: 32, width: 4 }), 224),
  seresnext101_32x8d: seResNet(deep(101, { groups: 32, width: 8 }), 288),
  seresnext101d_32x8d: seResNet(deep(101, { ...D, groups: 32, width: 8 }), 288),
  seresnext101_64x4d: seResNet(deep(101, { groups: 64, width: 4 }), 224),
  senet154: seResNet(deep(152, SENET), 224),
  ...SENETS,
};
