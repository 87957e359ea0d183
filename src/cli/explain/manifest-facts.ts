/** @file What a manifest says of the weights, the picture, the model and its output. */

import type { Explanation } from "../../cam/request/types.js";
import type { Input } from "../inputs/find-pictures.js";
import type { LoadedPicture } from "../inputs/read-pictures.js";
import { shortNumber, type ResultIdentity } from "../results/manifest.js";
import { unusedRecords } from "../results/unused-tensors.js";
import type { Session } from "./session.js";

/** Facts that hold for all maps of a picture. */
export const modelFacts = ({ model }: Session, { logits, scores }: Explanation) => ({
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

export function identityOf(
  { model, weights }: Session,
  input: Input,
  { picture, sha256 }: LoadedPicture,
): ResultIdentity {
  const { arch, spelling, channels } = model;
  const { size, mean, std, bgr, resize, cropPct } = model.preprocessing;
  return {
    weights,
    picture: {
      file: input.file === undefined ? null : input.shown.split(/[/\\]/).at(-1)!,
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
