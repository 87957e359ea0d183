/** @file Opens the adapter and the weights of a task, and loads the model. */

import type { MethodName } from "../../cam/methods/table.js";
import type { Refusal } from "../../cam/request/types.js";
import type { OpenedCheckpoint } from "../../node/open-checkpoint.js";
import type { Gpu } from "../../runtime/gpu.js";
import type { Engine, LoadedModel } from "../engine/engine.js";
import type { Host } from "../terminal/host.js";
import { comparisonsOf } from "./comparisons.js";
import type { ComparedVector } from "../../results/manifest-facts.js";
import type { Manifest } from "../../results/manifest.js";
import type { Messages } from "../terminal/messages.js";
import { describeModel, notesOf } from "./describe-model.js";
import { modelNotes } from "./model-notes.js";
import { explainOptionsOf } from "./explain-options.js";
import { settingsFileOf } from "../options/settings-file.js";
import { hashFiles, openWeights } from "../inputs/weights.js";
import type { CamTask } from "./task.js";
import { say } from "../../language/say.js";

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

/** The weights and the adapter of a task. Both open at once. */
class Opening {
  readonly file: Promise<OpenedCheckpoint>;
  readonly hash: Promise<string>;
  readonly gpu: Promise<Gpu>;

  constructor({ signal }: Host, { settings, weights, model }: CamTask, engine: Engine, messages: Messages) {
    this.file = openWeights(engine, weights, model.reading);
    this.hash = this.file.then(({ paths }) => hashFiles(paths));
    this.gpu = engine.openGpu({
      adapter: settings.adapter,
      boundsChecks: settings.boundsChecks,
      onMessage: (line) => messages.now(line),
      signal,
    });
    // A rejection is handled where its promise is awaited.
    void Promise.allSettled([this.file, this.hash, this.gpu]);
  }

  /** Does not wait for an adapter that is still opening. */
  async close(): Promise<void> {
    const ignore = (): void => undefined;
    void this.gpu.then((gpu) => gpu.dispose(), ignore);
    await this.file.then(({ close }) => close(), ignore);
  }
}

/**
 * Opens the adapter and loads the model. `readable` settles when it is known whether the picture can be read. Faults of files
 * are reported before faults of the adapter.
 */
export async function openSession(
  host: Host,
  task: CamTask,
  engine: Engine,
  messages: Messages,
  readable: Promise<unknown>,
): Promise<Session> {
  const { settings, weights, model: said } = task;
  const opening = new Opening(host, task, engine, messages);
  try {
    const { checkpoint, bytes } = await opening.file;
    await readable;
    const gpu = await opening.gpu;
    const model = await engine.loadModel(checkpoint, { ...said.fit, gpu });
    const sha256 = await opening.hash;
    const { name, kind, vendor, architecture, boundsChecks } = gpu.adapter;
    const notes = notesOf(model, checkpoint.notes);
    const kept = said.kept.length > 0 ? settingsFileOf(weights.shown) : undefined;
    describeModel({ engine, gpu, model, weights: weights.shown, settings: kept, notes }, messages);
    // Choices that change what is computed.
    for (const note of modelNotes(model, settings)) messages.fact(say`Note`, note);
    const vectors = await comparisonsOf(model, task, host.signal);
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
      close() {
        model.dispose();
        return opening.close();
      },
    };
    return withoutRefused(session, refused, messages);
  } catch (error) {
    await opening.close();
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
