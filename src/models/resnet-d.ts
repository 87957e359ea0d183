/** @file ResNet-C, -D, -S and -T (He et al. 2019), as timm has them. */

import type { ArchDef } from "./arch.js";
import type { ResNetShape } from "./resnet-modules.js";
import { BASIC_DEPTHS, DEPTHS, relative, STEMS } from "./resnet-rows.js";

type Depth = keyof typeof DEPTHS;
type BasicDepth = keyof typeof BASIC_DEPTHS;

const resnetD = (shape: ResNetShape, side: number): ArchDef => relative("resnet-d", shape, side);

/** With the shortcuts' pooling. */
const basic = (depth: BasicDepth, stem: "d" | "t", side: number): ArchDef =>
  resnetD({ block: "BasicBlock", blocks: BASIC_DEPTHS[depth], stem: STEMS[stem], averages: true }, side);
const deep = (depth: Depth, stem: "d" | "t", side: number): ArchDef =>
  resnetD({ block: "Bottleneck", blocks: DEPTHS[depth], stem: STEMS[stem], averages: true }, side);

/** With the three convolutions alone. */
const stemOnly = (depth: Depth, stem: "d" | "e"): ArchDef =>
  resnetD({ block: "Bottleneck", blocks: DEPTHS[depth], stem: STEMS[stem] }, 224);

const NEXT = { block: "Bottleneck", groups: 32, width: 4, averages: true } as const;

export const RESNET_DS = {
  resnet18d: basic(18, "d", 288),
  resnet26d: deep(26, "d", 288),
  resnet34d: basic(34, "d", 288),
  resnet50d: deep(50, "d", 288),
  resnet101d: deep(101, "d", 320),
  resnet152d: deep(152, "d", 320),
  resnet200d: deep(200, "d", 320),
  resnext50d_32x4d: resnetD({ ...NEXT, blocks: DEPTHS[50], stem: STEMS.d }, 288),
  resnet10t: basic(10, "t", 224),
  resnet14t: deep(14, "t", 224),
  resnet26t: deep(26, "t", 320),
  resnet50t: deep(50, "t", 288),
  resnet50c: stemOnly(50, "d"),
  resnet101c: stemOnly(101, "d"),
  resnet152c: stemOnly(152, "d"),
  resnet50s: stemOnly(50, "e"),
  resnet101s: stemOnly(101, "e"),
  resnet152s: stemOnly(152, "e"),
};
