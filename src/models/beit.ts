/** @file BEiT (Bao et al. 2021) and BEiT v2 (Peng et al. 2022): ViTs with relative positions. */

import { HALF, IMAGENET, type ArchDef } from "./arch.js";
import type { Family } from "./family.js";
import { buildBeit, type BeitShape } from "./beit-graph.js";
import { FIRST_TABLE, rowsOf, tableReading } from "./beit-positions.js";
import { BEIT_SPELLINGS } from "./beit-spellings.js";
import { inSequential } from "./head.js";
import { gridOf } from "./vit-embedding.js";
import { vitFields, WIDTHS } from "./vit.js";

const BEIT: Family = { name: "beit", title: "BEiT, BEiT v2", attention: true, layerNormEps: 1e-6 };

const PATCH = 16;

function beit(width: typeof WIDTHS.base, size: number, statistics = HALF): ArchDef {
  const shape: BeitShape = { ...width, patch: PATCH, size };
  const rows = rowsOf(gridOf({ size: [size, size] }, PATCH));
  return {
    ...vitFields(shape, statistics),
    family: BEIT,
    build: (b, o) => buildBeit(b, shape, o),
    keyRules: [inSequential("head")],
    spellings: BEIT_SPELLINGS,
    tells: { [FIRST_TABLE]: [rows, shape.heads], "blocks.0.gamma_1": [shape.channels], pos_embed: null },
    reading: tableReading(PATCH),
  };
}

export const BEITS = {
  beit_base_patch16_224: beit(WIDTHS.base, 224),
  beit_base_patch16_384: beit(WIDTHS.base, 384),
  beit_large_patch16_224: beit(WIDTHS.large, 224),
  beit_large_patch16_384: beit(WIDTHS.large, 384),
  beit_large_patch16_512: beit(WIDTHS.large, 512),
  beitv2_base_patch16_224: beit(WIDTHS.base, 224, IMAGENET),
  beitv2_large_patch16_224: beit(WIDTHS.large, 224, IMAGENET),
};
