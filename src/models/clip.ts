/** @file CLIP's image tower (Radford et al. 2021), of OpenAI and of LAION, with timm's module paths. */

import type { Builder } from "../graph/builder.js";
import type { TokenLayout } from "../graph/module-scopes.js";
import { bicubicMap } from "../graph/sparse-map.js";
import type { Node } from "../graph/types.js";
import type { ArchDef, BuildOptions, FileReading, ModelGraph, TableReading, TrainedInput } from "./arch.js";
import type { Family } from "./family.js";
import { clipSpellings } from "./clip-spellings.js";
import { classifier } from "./head.js";
import { layerNorm, linear } from "./layers.js";
import { vitFields, WIDTHS } from "./vit.js";
import {
  buildTrunk,
  buildVit,
  hasNoHead,
  isForLabels,
  patchMean,
  tokenAt,
  type VitShape,
} from "./vit-graph.js";
import { fileReading, assumedOutput } from "./vit-reading.js";
import { phrase, say } from "../language/say.js";

export const CLIP: Family = {
  name: "clip",
  title: "CLIP (image tower)",
  attention: true,
  pooling: "token",
  layerNormEps: 1e-5,
  adapted: true,
  classes: { Mlp: /^Sequential$/ },
};

/** OpenAI's normalisation and resizing, which most of LAION's weights have too. */
const CLIP_INPUT: Omit<TrainedInput, "size"> = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
  resize: "pillow-bicubic",
};

interface ClipShape extends VitShape {
  /** Features of the embedding that texts are compared with. */
  readonly projection: number;
}

const OF_TOKEN: TokenLayout = { noMap: phrase`its values are of the class token, not of places` };
const UNREAD: TokenLayout = {
  noMap: phrase`Hugging Face's classifier does not read it, so its gradient is zero`,
};

function buildClip(b: Builder, shape: ClipShape, o: BuildOptions): ModelGraph {
  if (o.spelling === "timm") return buildVit(b, shape, withProjection(shape, o));
  if (o.spelling === "huggingface") return buildHuggingFace(b, shape, o);
  const { picture, outputs, eps, end } = buildTrunk(b, shape, o, false);
  const normed = b.tokens(end, () => layerNorm(b, "norm", outputs.at(-1)!, eps));
  const token = tokenAt(b, normed, 0);
  const projection = o.shapes?.get("proj")?.[1] ?? shape.projection;
  const isProjected = o.shapes === undefined || o.shapes.has("proj");
  const features = isProjected ? b.matmul(token, b.param("proj", [shape.channels, projection])) : token;
  return { picture, logits: classifier(b, "head", features, o.classes) };
}

/** In timm the projection is the head: without a classifier it is the network's last layer. */
function withProjection({ projection }: ClipShape, o: BuildOptions): BuildOptions {
  const isProjection = o.classes === 0 && o.shapes?.get("head.weight")?.[0] === projection;
  return isProjection ? { ...o, classes: projection } : o;
}

/** CLIPModel, CLIPVisionModel and CLIPVisionModelWithProjection read the class token, CLIPForImageClassification the patches. */
function buildHuggingFace(b: Builder, shape: ClipShape, o: BuildOptions): ModelGraph {
  const readsPatches = poolsPatches(o);
  const { picture, outputs, eps } = buildTrunk(b, shape, o, readsPatches);
  const token = tokenAt(b, outputs.at(-1)!, 0);
  const normed = b.tokens(readsPatches ? UNREAD : OF_TOKEN, () => layerNorm(b, "norm", token, eps));
  // The patches before the last norm
  const features = readsPatches ? patchMean(b, outputs.at(-1)!, 1) : projected(b, normed, o);
  return { picture, logits: classifier(b, "head", features, o.classes), poolsPatches: readsPatches };
}

const PROJECTION = "projection.weight";

/** True if a classifier reads the tower's output, or read it before it was left out. */
const readsTower = (o: BuildOptions): boolean =>
  (!hasNoHead(o) || isForLabels(o)) && !o.shapes?.has(PROJECTION);

const poolsPatches = (o: BuildOptions): boolean => readsTower(o) && !o.ownHead;

/** What a classifier behind Hugging Face's tower is assumed to read. */
function poolingOf(o: BuildOptions): TableReading | undefined {
  if (isForLabels(o) || o.shapes?.has(PROJECTION)) return undefined;
  if (!readsTower(o)) return assumedOutput(o, "token");
  return o.ownHead
    ? {
        value: "token",
        because: say`the head is not one of Hugging Face's; the embedding of their CLIPVisionModel is of the class token`,
      }
    : {
        value: "avg",
        because: say`Hugging Face's CLIPForImageClassification reads the patches' mean; the file does not say what its head reads`,
      };
}

function projected(b: Builder, token: Node, { shapes }: BuildOptions): Node {
  const features = shapes?.get(PROJECTION)?.[0];
  return features === undefined
    ? token
    : b.tokens(OF_TOKEN, () => linear(b, "projection", token, features, { bias: false }));
}

/** A user's classifier of the embedding. Only timm's class has one of its own. */
const isProbe = ({ spelling, classes, modules }: BuildOptions): boolean =>
  spelling !== "timm" && classes > 0 && modules === undefined;

function readingOf(shape: ClipShape): FileReading {
  const { size, assumed } = fileReading(shape);
  return {
    size,
    assumed(o) {
      const own = assumed?.(o) ?? {};
      const pooling = o.spelling === "huggingface" ? poolingOf(o) : undefined;
      if (pooling) return { ...own, pooling };
      if (isProbe(o)) {
        const because = say`it reads the embedding as it is; a head of the normalised embedding has the same keys`;
        return { ...own, head: { value: "embedding", because } };
      }
      if (o.spelling !== "timm" || withProjection(shape, o) === o) return own;
      const because = say`its head has ${shape.projection} outputs, as many as CLIP's projection; --labels makes them classes`;
      return { ...own, head: { value: "projection", because } };
    },
  };
}

/** TinyCLIP's (Wu et al. 2023). */
const XSMALL = { channels: 256, depth: 10, heads: 4 };
const MEDIUM = { channels: 512, depth: 12, heads: 8 };

/** LAION's, called H, g and bigG. */
const HUGE = { channels: 1280, depth: 32, heads: 16, projection: 1024 };
const GIANT = { channels: 1408, depth: 40, heads: 16, hidden: 6144, projection: 1024 };
const GIGANTIC = { channels: 1664, depth: 48, heads: 16, hidden: 8192, projection: 1280 };

const LARGE = { ...WIDTHS.large, projection: 768 };

type ClipWidth = Pick<ClipShape, "channels" | "depth" | "heads" | "hidden"> &
  Partial<Pick<ClipShape, "projection">>;

function clip(width: ClipWidth, patch: number, size: number, act: "GELU" | "QuickGELU"): ArchDef {
  const { projection = 512 } = width;
  const shape: ClipShape = {
    ...width,
    patch,
    size,
    projection,
    act,
    preNorm: true,
    unbiased: true,
    scales: false,
    registers: false,
    classToken: true,
    eps: 1e-5,
    // open_clip and OpenAI's package resample as timm does.
    traits: {
      open_clip: { flat: "parameter" },
      openai: { flat: "parameter" },
      huggingface: { flat: "module", positions: () => ({ resample: bicubicMap, ofClassOnly: true }) },
    },
  };
  return {
    ...vitFields(shape, CLIP_INPUT),
    family: CLIP,
    heads: shape.heads,
    build: (b, o) => buildClip(b, shape, o),
    spellings: clipSpellings(act === "QuickGELU", projection),
    headFeatures: [shape.channels, projection],
    differs: act === "QuickGELU" ? "QuickGELU, as OpenAI's weights" : "GELU, as LAION's weights",
    tells: { "norm_pre.weight": [shape.channels] },
    reading: readingOf(shape),
  };
}

export const CLIPS = {
  vit_xsmall_patch16_clip_224: clip(XSMALL, 16, 224, "GELU"),
  vit_medium_patch32_clip_224: clip(MEDIUM, 32, 224, "GELU"),
  vit_medium_patch16_clip_224: clip(MEDIUM, 16, 224, "GELU"),
  vit_base_patch32_clip_224: clip(WIDTHS.base, 32, 224, "GELU"),
  vit_base_patch16_clip_224: clip(WIDTHS.base, 16, 224, "GELU"),
  vit_large_patch14_clip_224: clip(LARGE, 14, 224, "GELU"),
  vit_large_patch14_clip_336: clip(LARGE, 14, 336, "GELU"),
  vit_huge_patch14_clip_224: clip(HUGE, 14, 224, "GELU"),
  vit_huge_patch14_clip_336: clip(HUGE, 14, 336, "GELU"),
  vit_giant_patch14_clip_224: clip(GIANT, 14, 224, "GELU"),
  vit_gigantic_patch14_clip_224: clip(GIGANTIC, 14, 224, "GELU"),
  vit_base_patch32_clip_quickgelu_224: clip(WIDTHS.base, 32, 224, "QuickGELU"),
  vit_base_patch16_clip_quickgelu_224: clip(WIDTHS.base, 16, 224, "QuickGELU"),
  vit_large_patch14_clip_quickgelu_224: clip(LARGE, 14, 224, "QuickGELU"),
  vit_large_patch14_clip_quickgelu_336: clip(LARGE, 14, 336, "QuickGELU"),
  vit_huge_patch14_clip_quickgelu_224: clip(HUGE, 14, 224, "QuickGELU"),
  vit_huge_patch14_clip_quickgelu_378: clip(HUGE, 14, 378, "QuickGELU"),
  vit_gigantic_patch14_clip_quickgelu_224: clip(GIGANTIC, 14, 224, "QuickGELU"),
};
