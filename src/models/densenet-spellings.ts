/** @file DenseNet's names in other implementations, and in networks that users took apart. timm has torchvision's names. */

import type { Spelling } from "./arch.js";
import { XRAY_LABELS, XRAY_STATISTICS } from "./label-sets.js";
import type { Names } from "./spelling.js";
import { phrase } from "../language/say.js";

const MONAI: Names = [
  ["features.denseblock{i}.denselayer{j}.layers", "features.denseblock{i}.denselayer{j}"],
  ["class_layers.out", "classifier"],
];

/** `Sequential(*densenet.children())` */
const CHILDREN: Names = [["0", "features"]];

/** `Sequential(*densenet.features.children())` */
const FEATURES: Names = [
  ["0", "features.conv0"],
  ["1", "features.norm0"],
  ["2", "features.relu0"],
  ["3", "features.pool0"],
  ["4", "features.denseblock1"],
  ["5", "features.transition1"],
  ["6", "features.denseblock2"],
  ["7", "features.transition2"],
  ["8", "features.denseblock3"],
  ["9", "features.transition3"],
  ["10", "features.denseblock4"],
  ["11", "features.norm5"],
];

export const DENSENET_SPELLINGS: readonly Spelling[] = [
  { name: "torchvision" },
  { name: "timm", differs: phrase`features.norm5 contains its ReLU` },
  { name: "monai", table: { names: MONAI } },
  { name: "sequential", table: { names: CHILDREN } },
  { name: "sequential-features", table: { names: FEATURES } },
  {
    name: "torchxrayvision",
    only: { arch: "densenet121", channels: 1, classes: XRAY_LABELS.length },
    statistics: XRAY_STATISTICS,
    labels: XRAY_LABELS,
  },
];
