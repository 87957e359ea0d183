/** @file The work of `cam` before the first picture: checks settings and files, opens the adapter, loads the model. */

import { join, relative, resolve } from "node:path";
import type { MethodName } from "../../cam/methods/table.js";
import type { Refusal } from "../../cam/request/types.js";
import { removeLeftovers } from "../../node/lock.js";
import type { Engine, LoadedModel } from "../engine/engine.js";
import type { Host } from "../terminal/host.js";
import { comparisonsOf, findComparisons, type Comparisons } from "./comparisons.js";
import { findInputs, type Input } from "../inputs/find-pictures.js";
import { skippedWords } from "../inputs/picture-files.js";
import type { ComparedVector } from "../../results/manifest-facts.js";
import { Truth } from "../inputs/truth.js";
import { checkNames } from "../../results/file-names.js";
import type { Manifest } from "../../results/manifest.js";
import type { Messages } from "../terminal/messages.js";
import { DEFAULT_METHOD } from "../../options/rows/maps.js";
import type { OptionValues } from "../../options/table.js";
import { methodsOf } from "../options/model-names.js";
import { readModelSettings, type ModelSettings } from "../options/model-settings.js";
import { checkWritable } from "../results/store.js";
import { checkRememberable } from "../options/remember.js";
import { describeModel, notesOf } from "./describe-model.js";
import { modelNotes } from "./model-notes.js";
import { explainOptionsOf } from "./explain-options.js";
import { ScoresTable } from "../results/scores-csv.js";
import { resolveCam, type CamSettings } from "../options/cam-settings.js";
import { settingsFileOf } from "../options/settings-file.js";
import { DEFAULT_DEMO, DEMOS } from "../../options/demos.js";
import { hashFiles, openWeights, type WeightsFile } from "../inputs/weights.js";
import { say } from "../../language/say.js";

/** The checked request: settings, methods, weights and pictures, before anything is loaded. */
export interface Task extends Comparisons {
  readonly settings: CamSettings;
  readonly model: ModelSettings;
  readonly methods: readonly MethodName[];
  readonly weights: WeightsFile;
  /** Absolute. */
  readonly out: string;
  readonly inputs: readonly Input[];
  readonly scores: ScoresTable;
  /** Boxes that people drew. */
  readonly truth: Truth | undefined;
}

/** A model on its adapter. */
export interface Session {
  readonly model: LoadedModel;
  readonly adapter: Manifest["adapter"];
  readonly weights: Manifest["weights"];
  /** The requested methods that the model supports. */
  readonly methods: readonly MethodName[];
  /** The requested methods that it does not support. */
  readonly refused: readonly Refusal[];
  /** What is notable of the file and how it is read. */
  readonly notes: readonly string[];
  /** What the output of a model without a classifier is compared with. */
  readonly vectors: readonly ComparedVector[] | undefined;
  /** --guided was given, and the model supports guided backprop. */
  readonly guided: boolean;
  close(): Promise<void>;
}

/** Reads settings and finds pictures; nothing slow, and nothing on a GPU. Throws for whatever cannot be done. */
export async function prepareTask(
  host: Host,
  typed: OptionValues,
  weights: WeightsFile,
  engine: Engine,
  messages: Messages,
): Promise<Task> {
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
  for (const note of model.notes) messages.fact(say`Note`, note);
  const left = skippedWords(skipped);
  if (left !== undefined) messages.fact(say`Note`, left);
  if (targets) messages.fact(say`Targets`, say`${targets.join(",")}, for the demo (others: --target WHAT)`);
  if (truth) messages.fact(say`Truth`, truth.words(inputs.length));
  return { settings, model, methods, weights, out, inputs, scores, vectors, others, truth };
}

/**
 * Opens the adapter and loads the model. `readable` settles when it is known whether the picture can be read. Faults of files
 * are reported before faults of the adapter.
 */
export async function openSession(
  host: Host,
  task: Task,
  engine: Engine,
  messages: Messages,
  readable: Promise<unknown>,
): Promise<Session> {
  const { settings, weights, model: said } = task;
  const { signal } = host;
  // All three begin at once. A rejection is handled where the promise is awaited.
  const opening = openWeights(engine, weights, said.reading);
  const hashing = opening.then(({ paths }) => hashFiles(paths));
  const gpuOpening = engine.openGpu({
    adapter: settings.adapter,
    boundsChecks: settings.boundsChecks,
    onMessage: (line) => messages.now(line),
    signal,
  });
  for (const promise of [opening, hashing, gpuOpening]) promise.catch(() => undefined);
  let close = (): Promise<void> => Promise.resolve();
  try {
    const { checkpoint, bytes, close: closeFile } = await opening;
    close = closeFile;
    await readable;
    const gpu = await gpuOpening;
    const model = await engine.loadModel(checkpoint, { ...said.fit, gpu });
    const sha256 = await hashing;
    const { name, kind, vendor, architecture, boundsChecks } = gpu.adapter;
    const notes = notesOf(model, checkpoint.notes);
    const kept = said.kept.length > 0 ? settingsFileOf(weights.shown) : undefined;
    describeModel({ engine, gpu, model, weights: weights.shown, settings: kept, notes }, messages);
    // Choices that change what is computed.
    for (const note of modelNotes(model, settings)) messages.fact(say`Note`, note);
    const vectors = await comparisonsOf(model, task, signal);
    for (const note of task.truth?.notes(model.labels) ?? []) messages.fact(say`Note`, note);
    const refused = model.refusals(explainOptionsOf(settings, task.methods, { vectors }));
    const session: Session = {
      model,
      vectors,
      methods: task.methods,
      refused: [],
      notes,
      guided: settings.guided && !refused.some(({ method }) => method === "guided"),
      adapter: { name, kind, vendor, architecture, boundsChecks },
      weights: { file: weights.shown.split(/[/\\]/).at(-1)!, bytes, sha256 },
      async close() {
        model.dispose();
        gpu.dispose();
        await close();
      },
    };
    return withoutRefused(session, refused, messages);
  } catch (error) {
    // The adapter may still be opening: this error does not wait for it.
    gpuOpening.then(
      (gpu) => gpu.dispose(),
      () => undefined,
    );
    await close();
    throw error;
  }
}

/** Reports refused methods, and gives the session without them: they are not tried again. */
export function withoutRefused(session: Session, refused: readonly Refusal[], messages: Messages): Session {
  for (const { method, reason } of refused) messages.fact(say`Refused`, `${method}: ${reason}`);
  return {
    ...session,
    methods: session.methods.filter((name) => !refused.some(({ method }) => method === name)),
    refused: [...session.refused, ...refused],
  };
}
