/** @file Infers a ViT's input size, positions and pooling from its tensors. */

import type { BuildOptions, FileReading, TableReading } from "./arch.js";
import { gridOf, positionsOf, traitsOf, type ProbeInput } from "./vit-embedding.js";
import { hasNoHead, probeOf, type VitShape } from "./vit-graph.js";
import { partsOf, POOLED_BECAUSE } from "./vit-parts.js";
import { readPositions, sizeOfPositions } from "./vit-positions.js";
import { phrase, translated } from "../language/say.js";

interface Reading {
  /** Whether pictures of a spelling have the usual size, although the embedding has that of training. */
  readonly hasUsualSize?: (o: BuildOptions) => boolean;
  /** What the head is assumed to read. Default: as timm's ViTs. */
  readonly pooling?: (o: BuildOptions) => TableReading | undefined;
}

export function fileReading(shape: VitShape, reading: Reading = {}): FileReading {
  const { hasUsualSize, pooling: poolingIn = (o) => poolingOf(shape, o) } = reading;
  const positions = (o: BuildOptions) => positionsOf(shape, partsOf(o.shapes, shape), o);
  return {
    size: (o) =>
      o.shapes?.has("pos_embed") && !hasUsualSize?.(o) ? sizeOfPositions(positions(o)) : undefined,
    assumed(o) {
      const read = readPositions(positions(o), gridOf(o, shape.patch)).assumed;
      const pooling = poolingIn(o);
      return { ...(read && { positions: read }), ...(pooling && { pooling }) };
    },
  };
}

const PROBED_BECAUSE: Readonly<Record<ProbeInput, string>> = {
  token: phrase`the head has as many features as a token; the file does not say of which, and the class token is usual`,
  "token, mean": phrase`the head has twice a token's features; DINOv2's classifiers read these, in this order`,
  "4 tokens, mean": phrase`the head has five times a token's features, as DINOv2's classifiers with layers=4`,
};

const NO_HEAD_BECAUSE = phrase`Hugging Face's model without a classifier gives it; ForImageClassification with an Identity as classifier has the same keys and gives another output`;

/** The output of a network without a classifier, in Hugging Face's names, where no class of a module shows it. */
export const assumedOutput = (o: BuildOptions, value: string): TableReading | undefined =>
  o.spelling === "huggingface" && hasNoHead(o) && o.modules === undefined
    ? { value, because: translated(NO_HEAD_BECAUSE) }
    : undefined;

function poolingOf(shape: VitShape, o: BuildOptions): TableReading | undefined {
  const parts = partsOf(o.shapes, shape);
  if (parts.pool === "avg")
    return { value: "avg", because: translated(POOLED_BECAUSE[parts.normsPooled ? "fcNorm" : "noClass"]) };
  if (hasNoHead(o)) return shape.probe || shape.distilled ? assumedOutput(o, "token") : undefined;
  const probe = probeOf(shape, o);
  const { probe: published } = traitsOf(shape, o);
  if (probe === undefined || (probe === published && o.spelling !== "original")) return undefined;
  return { value: probe, because: translated(PROBED_BECAUSE[probe]) };
}
