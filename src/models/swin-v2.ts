/** @file Swin Transformer V2 (Liu et al. 2022): cosine attention with continuous position biases, norms after residuals. */

import type { Shape } from "../graph/shape.js";
import type { ArchDef, BuildOptions, FileSize } from "./arch.js";
import type { Family } from "./family.js";
import { buildSwin, depthKeys, TIMM, type SwinVersion } from "./swin-blocks.js";
import { COORDINATES, swinSize } from "./swin-size.js";
import { SWIN_V2_SPELLINGS } from "./swin-spellings.js";
import { cosineAttention } from "./swin-v2-attention.js";
import { SWIN_SIZES, swinFields } from "./swin.js";
import { phrase } from "../language/say.js";

const SWIN_V2: Family = { name: "swin-v2", title: "Swin V2", attention: true, layerNormEps: 1e-5 };

/**
 * @param trained the side of each stage's windows in pretraining, where it is the unit of positions
 * @param measureKnown whether all architectures with these keys and windows have the same unit
 */
const version = (trained: readonly number[] | undefined, measureKnown: boolean): SwinVersion => ({
  kinds: { stage: "SwinTransformerV2Stage", blocks: "ModuleList", block: "SwinTransformerV2Block" },
  normsLast: true,
  traits: {
    timm: TIMM,
    original: { ...TIMM, windows: "shrink-square", mergesLast: true },
    torchvision: { ...TIMM, windows: "keep", padsFirst: true },
    // Its attention adds the mask twice (transformers, Swinv2SelfAttention).
    huggingface: { ...TIMM, windows: "by-rows", padsFirst: true, apart: true, masks: 2 },
  },
  attention: (b, x, o) => cosineAttention(b, x, { ...o, trained: trained?.[o.stage], measureKnown }),
});

/** Pretraining at 192 pixels with windows of 12x12. */
const AT_192 = [12, 12, 12, 6];

interface Row {
  readonly width: keyof typeof SWIN_SIZES;
  /** Side of a window in patches. */
  readonly window: number;
  /** Side of a picture in pixels. */
  readonly size: number;
  readonly trained?: readonly number[];
}

function sizeOf(o: BuildOptions, file: ReadonlyMap<string, Shape>, window: number): FileSize | undefined {
  // torchvision's windows are the same at every size.
  if (o.spelling === "torchvision") return undefined;
  return swinSize(o, file, { window, table: COORDINATES });
}

function swinV2(row: Row): ArchDef {
  const { width, window, size, trained } = row;
  const shape = { ...SWIN_SIZES[width], window };
  const measureKnown = isMeasureKnown(row);
  // torchvision has windows of one size only.
  const isTorchvisions = window === 8 && width !== "large";
  return {
    ...swinFields(shape, size),
    family: SWIN_V2,
    build: (b, o) => buildSwin(b, shape, version(trained, measureKnown), o),
    spellings: SWIN_V2_SPELLINGS.filter((spelling) => isTorchvisions || spelling.name !== "torchvision"),
    differs: trained
      ? phrase`windows of ${window}x${window} patches, positions as for ${trained[0]}x${trained[0]}`
      : phrase`windows of ${window}x${window} patches`,
    window,
    settledBy: /\.relative_coords_table$/,
    tells: { ...depthKeys(shape.depths), "layers.0.blocks.0.attn.logit_scale": [shape.heads, 1, 1] },
    reading: { size: (o, file) => sizeOf(o, file, window) },
  };
}

/** By timm's names. */
const ROWS = {
  swinv2_tiny_window8_256: { width: "tiny", window: 8, size: 256 },
  swinv2_tiny_window16_256: { width: "tiny", window: 16, size: 256 },
  swinv2_small_window8_256: { width: "small", window: 8, size: 256 },
  swinv2_small_window16_256: { width: "small", window: 16, size: 256 },
  swinv2_base_window8_256: { width: "base", window: 8, size: 256 },
  swinv2_base_window16_256: { width: "base", window: 16, size: 256 },
  swinv2_base_window12_192: { width: "base", window: 12, size: 192 },
  swinv2_base_window12to16_192to256: { width: "base", window: 16, size: 256, trained: AT_192 },
  swinv2_base_window12to24_192to384: { width: "base", window: 24, size: 384, trained: AT_192 },
  swinv2_large_window12_192: { width: "large", window: 12, size: 192 },
  swinv2_large_window12to16_192to256: { width: "large", window: 16, size: 256, trained: AT_192 },
  swinv2_large_window12to24_192to384: { width: "large", window: 24, size: 384, trained: AT_192 },
} as const satisfies Record<string, Row>;

/** Whether no row of the same keys and windows measures positions otherwise. */
const isMeasureKnown = ({ width, window, trained }: Row): boolean =>
  Object.values<Row>(ROWS).every(
    (row) => row.width !== width || row.window !== window || row.trained === trained,
  );

export const SWIN_V2S = Object.fromEntries(
  Object.entries<Row>(ROWS).map(([name, row]) => [name, swinV2(row)]),
) as Record<keyof typeof ROWS, ArchDef>;
