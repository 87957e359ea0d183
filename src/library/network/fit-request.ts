/** @file A request to fit a checkpoint: its tensors that may be of the network, and the caller's options. */

import type { UnusedTensor } from "../../checkpoint/unused-tensors.js";
import type { HeadActivation } from "../../graph/file-head.js";
import type { Arch } from "../../models/architectures.js";
import { withoutNormalizers } from "../settings/normalizer.js";
import type { Assumption, GivenSettings } from "../settings/settings.js";
import { checkGiven } from "../settings/resolve-settings.js";
import { Sketches } from "./sketch.js";
import { toUnitScale } from "../settings/statistics-scale.js";
import type { Tensors } from "../file/tensors.js";
import { withoutTextTower } from "../file/text-tower.js";
import { say } from "../../language/say.js";

export interface FitOptions extends GivenSettings {
  /** Needed only if the file does not say it. */
  readonly arch?: Arch;
  /**
   * The implementation that the file comes from, such as "timm", if its keys fit several: layers and their paths may differ.
   */
  readonly spelling?: string;
  /** The activation of a head of several layers, if the file does not say it. Default: relu, which is then an assumption. */
  readonly headActivation?: HeadActivation;
  /** Leaves the classifier out: the output is then what the classifier reads. */
  readonly embedding?: boolean;
  /**
   * torchvision's transform_input, if the file does not say it: the network first changes ImageNet's normalisation to 0.5 and
   * 0.5. Default: true, which is then an assumption.
   */
  readonly transformInput?: boolean;
}

export interface FitRequest {
  /** As it was read. */
  readonly file: Tensors;
  /** Of the file without its normalising module and its text tower. */
  readonly sketches: Sketches;
  /** The tensors of the text tower. */
  readonly leftOut: readonly UnusedTensor[];
  /** With mean and std for samples of 0..1. */
  readonly options: FitOptions;
  /** That mean and std were for samples of 0..255. */
  readonly assumed: readonly Assumption[];
}

/** @throws GradlensError "bad-argument" */
export function fitRequest(file: Tensors, options: FitOptions): FitRequest {
  checkGiven(options);
  const { file: kept, leftOut } = withoutTextTower(withoutNormalizers(file));
  return { file, sketches: new Sketches(kept), leftOut, ...withUnitScale(options) };
}

/** The options with mean and std for samples of 0..1; that they were of 0..255 is an assumption. */
function withUnitScale(options: FitOptions): { options: FitOptions; assumed: readonly Assumption[] } {
  const { mean, std, converted } = toUnitScale(options.mean, options.std, say`mean and std`);
  if (!converted) return { options, assumed: [] };
  return {
    options: { ...options, ...(mean && { mean }), ...(std && { std }) },
    assumed: Object.entries({ mean, std }).flatMap(([what, value]) => {
      const given = options[what as "mean" | "std"]?.join(",");
      const because = say`${given} is of samples 0..255, and is divided by 255`;
      return value === undefined ? [] : [{ what: what as "mean" | "std", value, because }];
    }),
  };
}
