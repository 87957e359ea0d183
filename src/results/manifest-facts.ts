/** @file What a manifest says of the weights, the picture, the model and its output. */

import type { Explanation } from "../cam/request/types.js";
import type { Size } from "../image/picture.js";
import type { ModelDescription } from "../library/model.js";
import { shortNumber, type ResultIdentity } from "./manifest.js";
import type { PictureView } from "./picture-view.js";
import { unusedRecords } from "./unused-tensors.js";

/** A model's facts, without those of its modules. */
type Described = Omit<ModelDescription, "modules" | "headActivation" | "defaultLayer">;

/** Facts that hold for all maps of a picture. */
export const modelFacts = (model: Described, { logits, scores }: Pick<Explanation, "logits" | "scores">) => ({
  assumed: model.assumed,
  said: model.said,
  differences: model.differences,
  unused: unusedRecords(model.report.unused),
  ...(model.report.alternatives.length > 0 && { alternatives: model.report.alternatives }),
  labels: model.labels ?? null,
  activation: model.activation,
  logits: Array.from(logits, shortNumber),
  scores: Array.from(scores, shortNumber),
});

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
  const { arch, spelling, channels } = model;
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
    preprocessing: { size, channels, mean, std, bgr, resize, ...(cropPct !== undefined && { cropPct }) },
  };
}
