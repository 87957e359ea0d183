/** @file The targets of a model without a classifier: vectors, or the embedding itself for methods that need none. */

import { badArgument, GradlensError } from "../../errors.js";
import type { NamedModel } from "../model.js";
import type { CamMethod } from "../methods/method.js";
import { lengthOf, similaritiesOf, type Comparison } from "../vectors.js";
import { chooseTargets, type Target, type TargetChoice } from "./targets.js";

/** The one target without vectors. */
const OWN = "embedding";

const HOW =
  "compare its output with vectors (--target-vector FILE.npy, vectors) or with another picture (--target-image)";

/**
 * With vectors, those that the options choose by name, index or similarity, all by default. Without: one target, the
 * embedding, whose logit and score are its length.
 * @param output of the model
 * @throws GradlensError "bad-argument"
 */
export function embeddingTargets(options: TargetChoice & Comparison, output: Float32Array): Target[] {
  const { vectors, similarity, targets, top, minProbability } = options;
  if (vectors !== undefined) {
    const logits = similaritiesOf(output, vectors, similarity);
    const labels = vectors.map(({ name }) => name);
    return chooseTargets(
      { targets: targets ?? (top === undefined ? "all" : undefined), top, minProbability },
      { logits, scores: logits, labels, activation: "none" },
    );
  }
  // A later stage of the same explanation names the target by its index.
  const isOwn = targets === undefined || String(targets) === "0";
  if (!isOwn || top !== undefined || minProbability !== undefined) {
    const asked = !isOwn
      ? `target "${String(targets)}"`
      : top !== undefined
        ? `top ${top}`
        : "min probability";
    throw badArgument(`${asked}: the model has no classifier, so it has no labels; ${HOW}`);
  }
  const length = lengthOf(output);
  return [{ index: 0, label: OWN, logit: length, score: length }];
}

/** Why a method is not defined for the output as it is; undefined where it is. */
export function needsLabel(
  { title, classAgnostic }: Pick<CamMethod, "title" | "classAgnostic">,
  { template: { embedding, logits } }: Pick<NamedModel, "template">,
): string | undefined {
  if (embedding !== logits || classAgnostic) return undefined;
  return `${title} explains a label, and the model has no classifier; ${HOW}, or use eigencam, which needs no label`;
}

/** @throws GradlensError "unsupported" for an output that no direction can be compared with */
export function checkDirection(output: Float32Array): void {
  if (lengthOf(output) > 0) return;
  throw new GradlensError(
    "unsupported",
    "the model's output is zero everywhere for this picture: it has no direction to compare with",
  );
}
