/** @file Checks the settings, files and pictures of a run for one model, before anything is loaded. */

import { join, relative, resolve } from "node:path";
import type { MethodName } from "../../cam/methods/table.js";
import { removeLeftovers } from "../../node/lock.js";
import type { Engine } from "../engine/engine.js";
import type { Host } from "../terminal/host.js";
import { findComparisons, type Comparisons } from "./comparisons.js";
import { findInputs, type Input } from "../inputs/find-pictures.js";
import { skippedWords } from "../inputs/picture-files.js";
import { Truth } from "../inputs/truth.js";
import { checkNames } from "../../results/file-names.js";
import type { Messages } from "../terminal/messages.js";
import { DEFAULT_METHOD } from "../../options/rows/maps.js";
import type { OptionValues } from "../../options/table.js";
import { methodsOf } from "../options/model-names.js";
import { readModelSettings, type MergedSettings } from "../options/model-settings.js";
import { checkWritable } from "../results/store.js";
import { unreadNotes } from "../options/unread-options.js";
import { checkRememberable } from "../options/remember.js";
import { ScoresTable } from "../results/scores-csv.js";
import { resolveCam, type CamSettings } from "../options/cam-settings.js";
import { settingsFileOf } from "../options/settings-file.js";
import { DEFAULT_DEMO, DEMOS } from "../../options/demos.js";
import type { WeightsFile } from "../inputs/weights.js";
import { say } from "../../language/say.js";

/** The checked request: settings, methods, weights and pictures, before anything is loaded. */
export interface CamTask extends Comparisons {
  readonly settings: CamSettings;
  readonly model: MergedSettings;
  readonly methods: readonly MethodName[];
  readonly weights: WeightsFile;
  /** Absolute. */
  readonly out: string;
  readonly inputs: readonly Input[];
  readonly scores: ScoresTable;
  /** Boxes that people drew. */
  readonly truth: Truth | undefined;
}

/** Reads settings and finds pictures; nothing slow, and nothing on a GPU. @throws GradlensError for a request that cannot be met */
export async function prepareTask(
  host: Host,
  typed: OptionValues,
  weights: WeightsFile,
  engine: Engine,
  messages: Messages,
): Promise<CamTask> {
  const { cwd, packageRoot, env } = host;
  if (typed.remember) await checkRememberable(weights);
  const model = await readModelSettings(host, typed, weights, engine);
  const chosen = (["target", "top", "minProbability", "embedding"] as const).some(
    (name) => model.values[name] !== undefined,
  );
  const shown = weights.demo ?? DEMOS[DEFAULT_DEMO];
  const targets = weights.demo && typed.image === undefined && !chosen ? [...shown.targets] : undefined;
  const methods = methodsOf(model.values.method ?? [DEFAULT_METHOD], engine);
  const settings = resolveCam({ ...model.values, method: methods, ...(targets && { target: targets }) }, env);
  const out = resolve(cwd, settings.out);
  const pictures = settings.images.length > 0 ? settings.images : [join(packageRoot, shown.picture)];
  const { inputs, skipped } = await findInputs(pictures, cwd, out);
  if (settings.flat)
    checkNames(settings.names, { image: inputs.length > 1, model: (typed.weights?.length ?? 1) > 1 });
  const { vectors, others } = await findComparisons(settings, cwd, out);
  await checkWritable(out);
  await removeLeftovers(out);
  const scores = ScoresTable.open(out, settings.force);
  const truth = settings.truth === undefined ? undefined : await Truth.read(settings.truth, cwd, inputs);

  if (weights.demo)
    messages.fact(say`Weights`, say`${weights.shown}, a demo model (your own: --weights FILE)`);
  if (model.kept.length > 0)
    messages.detail(say`Settings`, say`${model.kept.join(", ")} from ${settingsFileOf(weights.shown)}`);
  if (settings.images.length === 0) {
    messages.fact(
      say`Picture`,
      say`${relative(packageRoot, pictures[0]!)}, a demo picture (your own: --image FILE)`,
    );
  } else if (inputs.length > 1) messages.fact(say`Pictures`, String(inputs.length));
  for (const note of unreadNotes(model.values, methods)) messages.once(note, say`Note`, note);
  for (const note of model.notes) messages.fact(say`Note`, note);
  const left = skippedWords(skipped);
  if (left !== undefined) messages.fact(say`Note`, left);
  if (targets) messages.fact(say`Targets`, say`${targets.join(",")}, for the demo (others: --target WHAT)`);
  if (truth) messages.fact(say`Truth`, truth.words(inputs.length));
  return { settings, model, methods, weights, out, inputs, scores, vectors, others, truth };
}
