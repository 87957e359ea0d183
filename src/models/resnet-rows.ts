/** @file Builds the table row of a ResNet variant from its shape and size. */

import { imageNetAt, type ArchDef, type Spelling } from "./arch.js";
import type { Family } from "./family.js";
import { inSequential } from "./head.js";
import { buildResNet, type ResNetShape } from "./resnet-modules.js";

/** Blocks of each stage, by the depth in the networks' names; of bottlenecks. */
export const DEPTHS = {
  14: [1, 1, 1, 1],
  26: [2, 2, 2, 2],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
  152: [3, 8, 36, 3],
  200: [3, 24, 36, 3],
  269: [3, 30, 48, 8],
} as const;

/** The same of basic blocks. */
export const BASIC_DEPTHS = { 10: [1, 1, 1, 1], 18: [2, 2, 2, 2], 34: [3, 4, 6, 3] } as const;

type Changes = Omit<ResNetShape, "block" | "blocks">;

export const basic = (depth: keyof typeof BASIC_DEPTHS, changes: Changes = {}): ResNetShape => ({
  block: "BasicBlock",
  blocks: BASIC_DEPTHS[depth],
  ...changes,
});

export const deep = (depth: keyof typeof DEPTHS, changes: Changes = {}): ResNetShape => ({
  block: "Bottleneck",
  blocks: DEPTHS[depth],
  ...changes,
});

/** Channels of the three convolutions of a deep stem, by the letter in the networks' names. */
export const STEMS = { d: [32, 32, 64], e: [64, 64, 128], t: [24, 32, 64] } as const;

/** @param side in pixels of the pictures that the first spelling's weights were evaluated on */
export const relative = (
  family: Family,
  shape: ResNetShape,
  side: number,
  spellings: readonly Spelling[] = [{ name: "timm" }],
): ArchDef => ({
  family,
  build: (b, o) => buildResNet(b, shape, o),
  preprocessing: imageNetAt(side),
  minSize: 32,
  defaultLayer: "layer4[-1]",
  keyRules: [inSequential("fc")],
  spellings,
  classesFrom: "fc.weight",
  channelsFrom: shape.stem ? "conv1.0.weight" : "conv1.weight",
  stem: shape.stem ? [shape.stem[0], 3] : [64, 7],
});
