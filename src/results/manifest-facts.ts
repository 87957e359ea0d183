/** @file A manifest's facts about weights, picture, model and output. */

import { predictionOf } from "../cam/request/embedding-targets.js";
import type { Explanation } from "../cam/request/types.js";
import type { TargetVector } from "../cam/vectors.js";
import type { Size } from "../image/picture.js";
import type { ModelDescription } from "../library/settings/model-description.js";
import { EMBEDDING_NAME, type VectorRecord, shortNumber } from "./manifest.js";
import type { ResultIdentity } from "./result-identity.js";
import type { PictureView } from "./picture-view.js";
import { unusedRecords } from "./unused-tensors.js";

/** A vector to compare the model's output with, and its record. */
export interface ComparedVector extends TargetVector {
  readonly record: VectorRecord;
}

/** A model's facts, without those of its modules. */
type Described = Omit<ModelDescription, "modules" | "headActivation" | "transformInput" | "defaultLayer">;

/** The facts shared by all maps of a picture. @param vectors those that the embedding is compared with */
export const modelFacts = (
  model: Described,
  { logits: output, scores: own }: Pick<Explanation, "logits" | "scores">,
  vectors: readonly ComparedVector[] | undefined,
) => {
  const { embedding } = model;
  const records = vectors?.map(({ record }) => record);
  const { logits, scores, labels } = embedding
    ? predictionOf(output, { vectors, similarity: records?.[0]?.similarity })
    : { logits: output, scores: own, labels: model.labels };
  return {
    assumed: model.assumed,
    said: model.said,
    differences: model.differences,
    unused: unusedRecords(model.report.unused),
    ...(model.report.alternatives.length > 0 && { alternatives: model.report.alternatives }),
    labels: labels ?? null,
    activation: model.activation,
    logits: Array.from(logits, shortNumber),
    scores: Array.from(scores, shortNumber),
    ...(embedding && {
      embedding: { ...embedding, npy: EMBEDDING_NAME, ...(records && { vectors: records }) },
    }),
  };
};

/** A picture's file, as its manifest describes it. */
export interface PictureSource {
  /** Its name without folders; null for a picture without a file. */
  readonly file: string | null;
  readonly sha256: string;
  readonly picture: Size & PictureView;
}

export function identityOf(
  model: Described,
  weights: ResultIdentity["weights"],
  { file, sha256, picture }: PictureSource,
): ResultIdentity {
  const { arch, spelling, channels, embedding } = model;
  const { size, mean, std, bgr, resize, cropPct } = model.preprocessing;
  return {
    weights,
    picture: {
      file,
      sha256,
      width: picture.width,
      height: picture.height,
      ...(picture.dicom && { dicom: picture.dicom }),
      ...(picture.sixteenBits && { sixteenBits: picture.sixteenBits }),
      ...(picture.pages && { pages: picture.pages }),
    },
    arch,
    spelling,
    ...(embedding && { embedding }),
    preprocessing: { size, channels, mean, std, bgr, resize, ...(cropPct !== undefined && { cropPct }) },
  };
}
