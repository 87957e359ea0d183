/** @file The results of an earlier run in a picture's folder: whether a run may add to them, and the targets by their logits. */

import { chooseEmbeddingTargets, embeddingLabels } from "../../cam/request/embedding-targets.js";
import { chooseTargets, type Target } from "../../cam/request/targets.js";
import { scoresOf } from "../../cam/scores.js";
import { GradlensError } from "../../errors.js";
import { say, translated } from "../../language/say.js";
import { shortNumber, type Manifest } from "../../results/manifest.js";
import { disagreement, type ResultIdentity } from "../../results/result-identity.js";
import type { Place } from "../results/place.js";
import { OUT_HINT } from "../results/store.js";
import type { Session } from "./session.js";
import type { CamTask } from "./task.js";

/** @throws GradlensError "bad-file" for results of something else, unless --force replaces them */
export function agreeingResults(
  there: Manifest | undefined,
  { identity, place: { dir }, force }: { identity: ResultIdentity; place: Place; force: boolean },
): Manifest | undefined {
  const problem = there && disagreement(there, identity);
  if (problem === undefined) return there;
  if (force) return undefined;
  throw new GradlensError(
    "bad-file",
    say`${dir} holds results of ${problem}: ${translated(OUT_HINT)}, or --force replaces them`,
  );
}

/** The targets by the logits of an earlier run. */
export function targetsAmong(
  stored: readonly number[],
  { settings }: Pick<CamTask, "settings">,
  { model, vectors }: Pick<Session, "model" | "vectors">,
): Target[] {
  const { activation } = model;
  const logits = Float32Array.from(stored);
  const scores = scoresOf(logits, activation);
  const choice = { ...settings, vectors };
  const chosen = model.embedding
    ? chooseEmbeddingTargets(choice, { logits, scores, labels: embeddingLabels({ vectors }) })
    : chooseTargets(choice, { logits, scores, labels: model.labels, activation });
  return chosen.map(shortTarget);
}

/** As manifests keep it. */
export const shortTarget = (target: Target): Target => ({
  ...target,
  logit: shortNumber(target.logit),
  score: shortNumber(target.score),
});

/** Whether an earlier run's logits are of the same classes, or the same vectors. */
export function hasOutputOf(
  { activation, logits, embedding }: Manifest,
  { model, vectors }: Pick<Session, "model" | "vectors">,
): boolean {
  if (!model.embedding) return activation === model.activation && logits.length === model.classes;
  const records = vectors?.map(({ record }) => record);
  return JSON.stringify(embedding?.vectors) === JSON.stringify(records);
}
