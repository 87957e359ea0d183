/** @file ResNet-C, -D, -S and -T (He et al. 2019), as timm has them. */

import type { ArchDef } from "./arch.js";
import type { Family } from "./family.js";
import type { ResNetShape } from "./resnet-modules.js";
import { basic, deep, relative, STEMS } from "./resnet-rows.js";

const RESNET_D: Family = { name: "resnet-d", title: "ResNet-C, -D, -S, -T", blurPools: true };

type Stem = keyof typeof STEMS;

/** With the shortcuts' pooling. */
const pooled = (shape: ResNetShape, stem: Stem, side: number): ArchDef =>
  relative(RESNET_D, { ...shape, stem: STEMS[stem], averages: true }, side);

/** With the three convolutions alone. */
const stemOnly = (shape: ResNetShape, stem: Stem): ArchDef =>
  relative(RESNET_D, { ...shape, stem: STEMS[stem] }, 224);

export const RESNET_DS = {
  resnet18d: pooled(basic(18), "d", 288),
  resnet26d: pooled(deep(26), "d", 288),
  resnet34d: pooled(basic(34), "d", 288),
  resnet50d: pooled(deep(50), "d", 288),
  resnet101d: pooled(deep(101), "d", 320),
  resnet152d: pooled(deep(152), "d", 320),
  resnet200d: pooled(deep(200), "d", 320),
  resnext50d_32x4d: pooled(deep(50, { groups: 32, width: 4 }), "d", 288),
  resnet10t: pooled(basic(10), "t", 224),
  resnet14t: pooled(deep(14), "t", 224),
  resnet26t: pooled(deep(26), "t", 320),
  resnet50t: pooled(deep(50), "t", 288),
  resnet50c: stemOnly(deep(50), "d"),
  resnet101c: stemOnly(deep(101), "d"),
  resnet152c: stemOnly(deep(152), "d"),
  resnet50s: stemOnly(deep(50), "e"),
  resnet101s: stemOnly(deep(101), "e"),
  resnet152s: stemOnly(deep(152), "e"),
};
