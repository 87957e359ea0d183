/** @file ResNet's names in networks that users took apart. torchvision's and timm's own names are built (resnet.ts). */

import type { Spelling } from "./arch.js";
import { XRAY_LABELS, XRAY_STATISTICS } from "./label-sets.js";
import type { Names } from "./spelling.js";

/** `Sequential(*resnet.children())`, whole or without its last modules. */
const CHILDREN: Names = [
  ["0", "conv1"],
  ["1", "bn1"],
  ["2", "relu"],
  ["3", "maxpool"],
  ["4", "layer1"],
  ["5", "layer2"],
  ["6", "layer3"],
  ["7", "layer4"],
  ["8", "avgpool"],
];

/** The modules before the first stage in a Sequential of their own, numbered or named. */
const LAYER0: Names = [
  ["layer0.0", "conv1"],
  ["layer0.1", "bn1"],
  ["layer0.2", "relu"],
  ["layer0.3", "maxpool"],
  ["layer0.conv1", "conv1"],
  ["layer0.bn1", "bn1"],
];

export const RESNET_SPELLINGS: readonly Spelling[] = [
  { name: "torchvision" },
  { name: "timm" },
  { name: "sequential", table: { names: CHILDREN } },
  { name: "layer0", table: { names: LAYER0 } },
  {
    // resnet50-res512-all
    name: "torchxrayvision",
    only: { arch: "resnet50", channels: 1, classes: XRAY_LABELS.length },
    statistics: { ...XRAY_STATISTICS, size: [512, 512] },
    labels: XRAY_LABELS,
  },
];
