/** @file ResNeSt (Zhang et al. 2020), as timm and the authors' package have it. */

import { imageNetAt, type ArchDef, type Spelling } from "./arch.js";
import type { Family } from "./family.js";
import type { ResNetShape } from "./resnet-modules.js";
import { deep, relative, STEMS, type DEPTHS } from "./resnet-rows.js";
import { phrase } from "../language/say.js";

const RESNEST: Family = { name: "resnest", title: "ResNeSt", blurPools: true };

type Depth = keyof typeof DEPTHS;

const shapeOf = (depth: Depth, stem: "d" | "e"): ResNetShape =>
  deep(depth, { stem: STEMS[stem], averages: true, split: { radix: 2 } });

const TIMM: Spelling = { name: "timm" };
const AUTHORS: Spelling = { name: "resnest" };

/** @param authors side in pixels of the pictures that the authors' weights were evaluated on */
const both = (depth: Depth, stem: "d" | "e", side: number, authors = side): ArchDef =>
  relative(RESNEST, shapeOf(depth, stem), side, [TIMM, { ...AUTHORS, statistics: imageNetAt(authors) }]);

/** The authors' variants of 50 layers that pool before the split attention, by branches, groups and width. */
const fast = (radix: number, groups: number, width: number, spellings: readonly Spelling[] = []): ArchDef =>
  relative(RESNEST, { ...shapeOf(50, "d"), groups, width, split: { radix, poolsBefore: true } }, 224, [
    AUTHORS,
    ...spellings,
  ]);

export const RESNESTS = {
  resnest14d: relative(RESNEST, shapeOf(14, "d"), 224),
  resnest26d: relative(RESNEST, shapeOf(26, "d"), 224),
  resnest50d: both(50, "d", 224),
  resnest101e: both(101, "e", 256),
  resnest200e: both(200, "e", 320),
  resnest269e: both(269, "e", 416),
  resnest50_fast_1s1x64d: fast(1, 1, 64),
  resnest50_fast_2s1x64d: { ...fast(2, 1, 64), differs: phrase`its pooling before the split attention` },
  resnest50_fast_4s1x64d: fast(4, 1, 64),
  resnest50_fast_1s2x40d: fast(1, 2, 40),
  resnest50_fast_2s2x40d: fast(2, 2, 40),
  resnest50_fast_4s2x40d: fast(4, 2, 40, [TIMM]),
  resnest50_fast_1s4x24d: fast(1, 4, 24, [TIMM]),
};
