/** @file SigLIP's image tower (Zhai et al. 2023) and SigLIP 2's of fixed size (Tschannen et al. 2025), with timm's module paths. */

import type { Builder } from "../graph/builder.js";
import { bicubicMap } from "../graph/sparse-map.js";
import { HALF, type ArchDef, type BuildOptions, type ModelGraph, type TableReading } from "./arch.js";
import type { Family } from "./family.js";
import { attentionPool } from "./attention-pool.js";
import { classifier } from "./head.js";
import { identity, layerNorm, type ActivationKind } from "./layers.js";
import { SIGLIP_SPELLINGS } from "./siglip-spellings.js";
import { vitFields, WIDTHS } from "./vit.js";
import { buildTrunk, hasNoHead, isForLabels, patchMean, type VitShape } from "./vit-graph.js";
import { fileReading, assumedOutput } from "./vit-reading.js";
import { phrase, translated } from "../language/say.js";

const SIGLIP: Family = {
  name: "siglip",
  title: "SigLIP (image tower)",
  attention: true,
  pooling: "attention",
  layerNormEps: 1e-6,
  hiddenAct: "gelu_pytorch_tanh",
  adapted: true,
};

interface SiglipShape extends VitShape {
  /** timm's and open_clip's activation. In Hugging Face all have tanh's approximation of GELU. */
  readonly act: ActivationKind;
}

const LATENT = "attn_pool.latent";

export function buildSiglip(b: Builder, shape: SiglipShape, o: BuildOptions): ModelGraph {
  const isTheirs = o.spelling === "huggingface";
  const own: SiglipShape = isTheirs ? { ...shape, act: "GELUTanh" } : shape;
  const { picture, outputs, eps, end } = buildTrunk(b, own, o, true);
  const tokens = b.tokens(end, () => layerNorm(b, "norm", outputs.at(-1)!, eps));
  const pooled = attentionPool(b, tokens, { ...own, eps, joined: isTheirs });
  const features = poolsPatches(o) ? patchMean(b, tokens, 0) : pooled;
  const kept = isTheirs ? features : identity(b, "head_drop", identity(b, "fc_norm", features), "Dropout");
  return { picture, logits: classifier(b, "head", kept, o.classes), poolsPatches: true };
}

/** SiglipForImageClassification reads the patches' mean, although it has the pool. */
const poolsPatches = (o: BuildOptions): boolean => isLabelled(o) && !o.ownHead;

/** True if a classifier of Hugging Face's reads the tower's output, or read it before it was left out. */
const isLabelled = (o: BuildOptions): boolean =>
  o.spelling === "huggingface" && (!hasNoHead(o) || isForLabels(o));

const OWN_HEAD_BECAUSE = phrase`the head is not one of Hugging Face's; the embedding of their SiglipVisionModel is pooled by attention`;
const MEAN_BECAUSE = phrase`Hugging Face's SiglipForImageClassification reads the patches' mean; the file does not say what its head reads`;

function poolingOf(o: BuildOptions): TableReading | undefined {
  if (isForLabels(o)) return undefined;
  if (!isLabelled(o)) return assumedOutput(o, "attention");
  return o.ownHead
    ? { value: "attention", because: translated(OWN_HEAD_BECAUSE) }
    : { value: "avg", because: translated(MEAN_BECAUSE) };
}

const SO400M = { channels: 1152, depth: 27, heads: 16, hidden: 4304 };

function siglip(width: typeof WIDTHS.base, patch: number, size: number, act: ActivationKind): ArchDef {
  const shape: SiglipShape = {
    ...width,
    patch,
    size,
    act,
    scales: false,
    registers: false,
    classToken: false,
    traits: { huggingface: { flat: "module", positions: () => ({ resample: bicubicMap }) } },
  };
  return {
    ...vitFields(shape, { ...HALF, resize: "pillow-bicubic" }),
    family: SIGLIP,
    heads: shape.heads,
    act,
    build: (b, o) => buildSiglip(b, shape, o),
    spellings: SIGLIP_SPELLINGS,
    tells: { [LATENT]: [1, 1, shape.channels] },
    reading: fileReading(shape, { pooling: poolingOf }),
  };
}

export const SIGLIPS = {
  vit_base_patch32_siglip_256: siglip(WIDTHS.base, 32, 256, "GELUTanh"),
  vit_base_patch16_siglip_224: siglip(WIDTHS.base, 16, 224, "GELU"),
  vit_base_patch16_siglip_256: siglip(WIDTHS.base, 16, 256, "GELU"),
  vit_base_patch16_siglip_384: siglip(WIDTHS.base, 16, 384, "GELU"),
  vit_base_patch16_siglip_512: siglip(WIDTHS.base, 16, 512, "GELU"),
  vit_large_patch16_siglip_256: siglip(WIDTHS.large, 16, 256, "GELU"),
  vit_large_patch16_siglip_384: siglip(WIDTHS.large, 16, 384, "GELU"),
  vit_large_patch16_siglip_512: siglip(WIDTHS.large, 16, 512, "GELUTanh"),
  vit_so400m_patch14_siglip_224: siglip(SO400M, 14, 224, "GELU"),
  vit_so400m_patch14_siglip_384: siglip(SO400M, 14, 384, "GELU"),
  vit_so400m_patch16_siglip_256: siglip(SO400M, 16, 256, "GELUTanh"),
  vit_so400m_patch16_siglip_384: siglip(SO400M, 16, 384, "GELUTanh"),
};
