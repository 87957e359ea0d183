/** @file ConvNeXt and ConvNeXt V2 (Liu et al. 2022, Woo et al. 2023): their sizes, and the names of each implementation. */

import { imageNetAt, type ArchDef, type Spelling, type SpellingKeys } from "./arch.js";
import type { Family } from "./family.js";
import {
  huggingFaceLogits,
  originalLogits,
  timmLogits,
  torchvisionLogits,
  type ConvNextShape,
  type MakeLogits,
} from "./convnext-modules.js";
import { HUGGING_FACE_CONVNEXTS } from "./convnext-spellings.js";
import { keysOf } from "./head.js";

export const CONVNEXT: Family = { name: "convnext", title: "ConvNeXt, ConvNeXt V2", layerNormEps: 1e-6 };

/** An implementation, its modules and the size in pixels that its weights were evaluated at. */
interface Implementation {
  readonly spelling: Spelling & SpellingKeys;
  readonly logits: MakeLogits;
  readonly size: number;
}

const TORCHVISION: Implementation = {
  spelling: { name: "torchvision", ...keysOf("features.0.0", "features[-1]", "classifier.2") },
  logits: torchvisionLogits,
  size: 224,
};
const TIMM: Implementation = {
  spelling: { name: "timm", ...keysOf("stem.0", "stages[-1]", "head.fc") },
  logits: timmLogits,
  size: 288,
};
const ORIGINAL: Implementation = {
  spelling: { name: "original", ...keysOf("downsample_layers.0.0", "stages[-1]", "head") },
  logits: originalLogits,
  size: 224,
};

const huggingFace = (version: 1 | 2): Implementation => ({
  ...ORIGINAL,
  spelling: { ...ORIGINAL.spelling, name: "huggingface", table: HUGGING_FACE_CONVNEXTS[version] },
  logits: huggingFaceLogits,
});

/** @param implementations in the order of preference */
function convnext(
  shape: ConvNextShape,
  implementations: readonly [Implementation, ...Implementation[]],
): ArchDef {
  const [first] = implementations;
  const { channelsFrom, classesFrom, defaultLayer } = first.spelling;
  return {
    family: CONVNEXT,
    build: (b, o) => {
      const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
      const { logits } = implementations.find(({ spelling }) => spelling.name === o.spelling)!;
      return { picture, logits: logits(b, picture, shape, o.classes) };
    },
    preprocessing: imageNetAt(first.size),
    minSize: 32,
    defaultLayer,
    spellings: implementations.map(({ spelling, size }) => ({ ...spelling, statistics: imageNetAt(size) })),
    classesFrom,
    channelsFrom,
    stem: [shape.width, 4],
  };
}

type Depths = ConvNextShape["depths"];

const version1 = (width: number, depths: Depths): ArchDef =>
  convnext({ width, depths, version: 1 }, [TORCHVISION, TIMM, ORIGINAL, huggingFace(1)]);

const version2 = (width: number, depths: Depths, convolves = false): ArchDef =>
  convnext({ width, depths, version: 2, convolves }, [TIMM, ORIGINAL, huggingFace(2)]);

/** The sizes for which timm has 1x1 convolutions in place of Linears. */
const small2 = (width: number, depths: Depths): ArchDef => version2(width, depths, true);

export const CONVNEXTS = {
  convnext_tiny: version1(96, [3, 3, 9, 3]),
  convnext_small: version1(96, [3, 3, 27, 3]),
  convnext_base: version1(128, [3, 3, 27, 3]),
  convnext_large: version1(192, [3, 3, 27, 3]),
  convnextv2_atto: small2(40, [2, 2, 6, 2]),
  convnextv2_femto: small2(48, [2, 2, 6, 2]),
  convnextv2_pico: small2(64, [2, 2, 6, 2]),
  convnextv2_nano: small2(80, [2, 2, 8, 2]),
  convnextv2_tiny: version2(96, [3, 3, 9, 3]),
  convnextv2_base: version2(128, [3, 3, 27, 3]),
  convnextv2_large: version2(192, [3, 3, 27, 3]),
};
