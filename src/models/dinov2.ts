/** @file DINOv2 (Oquab et al. 2023), with and without registers (Darcet et al. 2024), with timm's module paths. */

import type { FileModules } from "../graph/file-modules.js";
import { bicubicAntialiasMap, bicubicMap } from "../graph/sparse-map.js";
import { IMAGENET, type ArchDef, type BuildOptions, type Spelling } from "./arch.js";
import type { Family } from "./family.js";
import { dinov2Spellings } from "./dinov2-spellings.js";
import { vitFields, WIDTHS } from "./vit.js";
import { buildVit, probeFeatures, type VitShape } from "./vit-graph.js";
import type { PositionStyle } from "./vit-positions.js";
import { fileReading } from "./vit-reading.js";
import { say } from "../language/say.js";

const DINOV2: Family = {
  name: "dinov2",
  title: "DINOv2",
  attention: true,
  pooling: "token",
  layerNormEps: 1e-6,
  hiddenAct: "gelu",
};

/** The size of the last part of the training, and of the position embedding in all published files. */
const TRAINED = 518;
const PATCH = 14;

const GIANT = { channels: 1536, depth: 40, heads: 24 };

/**
 * The original's models in torch.hub resample by a scale that is 0.1 patches too large. Those with registers resample to a
 * size, antialiased. Both are attributes of a model.
 */
function originalStyle(registers: boolean, file: FileModules | undefined): PositionStyle {
  const settings = file?.peek("")?.settings;
  const said = settings?.get("interpolate_offset");
  const offset = typeof said === "number" ? said : registers ? 0 : 0.1;
  const isSmooth = settings?.get("interpolate_antialias") ?? registers;
  const map = isSmooth ? bicubicAntialiasMap : bicubicMap;
  const resample = (source: number, target: number) => map(source, target, (target + offset) / source);
  const how = say`${isSmooth ? say`antialiased` : say`not antialiased`}, with an offset of ${offset}, as the models in torch.hub`;
  return { resample, ofClassOnly: true, ...(said === undefined && { how }) };
}

function dinov2(width: typeof GIANT, registers: boolean): ArchDef {
  const resample = registers ? bicubicAntialiasMap : bicubicMap;
  const shape: VitShape = {
    ...width,
    patch: PATCH,
    size: TRAINED,
    registers,
    classToken: true,
    noEmbedClass: registers,
    scales: true,
    gated: width === GIANT,
    probe: "token",
    traits: {
      original: { positions: (file) => originalStyle(registers, file) },
      huggingface: { positions: () => ({ resample, ofClassOnly: true }), probe: "token, mean" },
    },
  };
  const spellings: readonly Spelling[] = dinov2Spellings(registers, width === GIANT);
  // Outside timm, pictures of 224 pixels are usual, whatever size the embedding is for.
  const hasUsualSize = ({ spelling, shapes }: BuildOptions): boolean =>
    spelling !== "timm" && shapes?.get("pos_embed")?.[1] === 1 + (TRAINED / PATCH) ** 2;
  return {
    ...vitFields(shape, IMAGENET),
    family: DINOV2,
    act: width === GIANT ? "SiLU" : "GELU",
    heads: shape.heads,
    build: (b, o) => buildVit(b, shape, o),
    keyRules: [],
    spellings,
    headFeatures: probeFeatures(shape),
    reading: fileReading(shape, { hasUsualSize }),
  };
}

export const DINOV2S = {
  vit_small_patch14_dinov2: dinov2(WIDTHS.small, false),
  vit_base_patch14_dinov2: dinov2(WIDTHS.base, false),
  vit_large_patch14_dinov2: dinov2(WIDTHS.large, false),
  vit_giant_patch14_dinov2: dinov2(GIANT, false),
  vit_small_patch14_reg4_dinov2: dinov2(WIDTHS.small, true),
  vit_base_patch14_reg4_dinov2: dinov2(WIDTHS.base, true),
  vit_large_patch14_reg4_dinov2: dinov2(WIDTHS.large, true),
  vit_giant_patch14_reg4_dinov2: dinov2(GIANT, true),
};
