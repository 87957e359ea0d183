/** @file The targets of a model without a classifier: vectors, or the embedding itself for methods that need none. */

import { badArgument, unsupported } from "../../errors.js";
import type { CamMethod } from "../methods/method.js";
import type { NamedModel } from "../model.js";
import { lengthOf, similaritiesOf, type Comparison } from "../vectors.js";
import { chooseTargets, type Prediction, type Target, type TargetChoice } from "./targets.js";
import { phrase, say, translated } from "../../language/say.js";

/** The one target without vectors. */
const OWN = "embedding";

const HOW = phrase`compare its output with vectors (--target-vector FILE.npy, vectors) or with another picture (--target-image)`;

/** The names of the targets. */
export const embeddingLabels = ({ vectors }: Comparison): string[] =>
  vectors?.map(({ name }) => name) ?? [OWN];

/** In place of a classifier's: vectors by name with their similarities; without any the embedding, with its length. */
export function predictionOf(output: Float32Array, comparison: Comparison): Prediction {
  const { vectors, similarity } = comparison;
  const values = vectors ? similaritiesOf(output, vectors, similarity) : Float32Array.of(lengthOf(output));
  return { logits: values, scores: values, labels: embeddingLabels(comparison) };
}

/**
 * With vectors, those that the options choose by name, index or similarity, all by default. Without: the embedding.
 * @throws GradlensError "bad-argument"
 */
export function chooseEmbeddingTargets(
  { vectors, targets, top, minProbability }: TargetChoice & Comparison,
  prediction: Prediction,
): Target[] {
  if (vectors === undefined) checkNoChoice({ targets, top, minProbability });
  const all = targets === undefined && top === undefined ? "all" : targets;
  return chooseTargets({ targets: all, top, minProbability }, { ...prediction, activation: "none" });
}

/** A later stage of the same explanation names the embedding by its index. */
function checkNoChoice({ targets, top, minProbability }: TargetChoice): void {
  const isOwn = targets === undefined || String(targets) === "0";
  if (isOwn && top === undefined && minProbability === undefined) return;
  const choice = top !== undefined ? say`top ${top}` : say`min probability ${minProbability}`;
  const asked = isOwn ? choice : say`target "${String(targets)}"`;
  throw badArgument(say`${asked}: the model has no classifier, so it has no labels; ${translated(HOW)}`);
}

/** Why a method is not defined for the output as it is; undefined where it is. */
export function needsLabel(
  { title, classAgnostic }: Pick<CamMethod, "title" | "classAgnostic">,
  { template: { embedding, logits } }: Pick<NamedModel, "template">,
): string | undefined {
  if (embedding !== logits || classAgnostic) return undefined;
  return say`${title} explains a label, and the model has no classifier; ${translated(HOW)}, or use eigencam, which needs no label`;
}

/** @throws GradlensError "unsupported" for an output that no direction can be compared with */
export function checkDirection(output: Float32Array): void {
  if (lengthOf(output) > 0) return;
  throw unsupported(
    say`the model's output is zero everywhere for this picture: it has no direction to compare with`,
  );
}
