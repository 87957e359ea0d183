/** @file Everything that `cam` needs before the first picture: what was asked for, checked; adapter, model, weights. */

import { dirname, join, relative, resolve } from "node:path";
import { GradlensError } from "../errors.js";
import type { MethodName } from "../cam/methods.js";
import type { Arch } from "../models/registry.js";
import type { Gpu } from "../runtime/gpu.js";
import type { Engine, LoadedModel } from "./engine.js";
import type { Host } from "./host.js";
import { findInputs, type Input } from "./inputs.js";
import { readLabels } from "./labels.js";
import type { Manifest } from "./manifest.js";
import type { Messages } from "./messages.js";
import type { Values } from "./options.js";
import { checkWritable } from "./output.js";
import { mergeValues, resolveCam, type CamSettings } from "./settings.js";
import { readSettingsFile, settingsFileOf } from "./settings-file.js";
import { suggestion } from "./suggest.js";
import { DEMO_PICTURE, findWeights, hashFile, type WeightsFile } from "./weights.js";

/** What is asked for, as far as the disk and the tables can say. */
export interface Task {
  readonly settings: CamSettings;
  readonly methods: readonly MethodName[];
  readonly arch: Arch | undefined;
  readonly weights: WeightsFile;
  readonly labels: readonly string[] | undefined;
  /** Absolute. */
  readonly out: string;
  readonly inputs: readonly Input[];
}

/** The demo shows that maps differ by label. */
const DEMO_TARGETS = ["top3"];

/** A model on its adapter. */
export interface Session {
  readonly model: LoadedModel;
  readonly adapter: Manifest["adapter"];
  readonly weights: Manifest["weights"];
  close(): Promise<void>;
}

/** Reads settings and finds files; nothing slow, and nothing on a GPU. Throws for whatever cannot be done. */
export async function prepareTask(
  host: Host,
  typed: Values,
  engine: Engine,
  messages: Messages,
): Promise<Task> {
  const { cwd, packageRoot, env } = host;
  const arch = archOf(typed.arch, engine);
  const weights = await findWeights({ ...typed, ...(arch && { arch }) }, cwd, packageRoot);
  const kept = (await readSettingsFile(weights.path)) ?? {};
  const demo = weights.demo && typed.image === undefined && (typed.target ?? kept.target) === undefined;
  const values = demo ? { ...typed, target: DEMO_TARGETS } : typed;
  const settings = resolveCam(mergeValues(kept, values, settingsFileOf(weights.shown)), env);
  const methods = settings.methods.map((name) => methodOf(name, engine));
  // A path in the settings file is meant from where that file lies.
  const labelsFrom = typed.labels === undefined ? dirname(weights.path) : cwd;
  const labels = settings.labels === undefined ? undefined : await readLabels(settings.labels, labelsFrom);
  const out = resolve(cwd, settings.out);
  const pictures = settings.images.length > 0 ? settings.images : [join(packageRoot, DEMO_PICTURE)];
  const inputs = await findInputs(pictures, cwd, out);
  await checkWritable(out);

  if (weights.demo) messages.fact("Weights", `${weights.shown}, a demo model (your own: --weights FILE)`);
  else messages.fact("Weights", weights.shown);
  if (Object.keys(kept).length > 0) {
    messages.fact("Settings", `${Object.keys(kept).join(", ")} from ${settingsFileOf(weights.shown)}`);
  }
  if (settings.images.length === 0) {
    messages.fact(
      "Picture",
      `${relative(packageRoot, pictures[0]!)}, a demo picture (your own: --image FILE)`,
    );
  } else if (inputs.length > 1) messages.fact("Pictures", String(inputs.length));
  if (demo) messages.fact("Targets", `${DEMO_TARGETS.join(",")}, for the demo (others: --target WHAT)`);
  return {
    settings,
    methods: [...new Set(methods)],
    arch: archOf(settings.arch, engine),
    weights,
    labels,
    out,
    inputs,
  };
}

/**
 * Opens the adapter and loads the model. `readable` settles when it is known whether the picture can be read. What is wrong
 * with files is told before what is wrong with the adapter.
 */
export async function openSession(
  host: Host,
  task: Task,
  engine: Engine,
  messages: Messages,
  readable: Promise<unknown>,
): Promise<Session> {
  const { settings, weights } = task;
  const { signal } = host;
  // All three begin at once; what fails is looked at where it is awaited.
  const opening = engine.openCheckpoint(weights.path, weights.shown);
  const hashing = hashFile(weights.path);
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
    const model = await engine.loadModel(checkpoint, {
      gpu,
      ...(task.arch && { arch: task.arch }),
      ...(settings.size && { size: settings.size }),
      ...(settings.mean && { mean: settings.mean }),
      ...(settings.std && { std: settings.std }),
      ...(task.labels && { labels: task.labels }),
      activation: settings.activation,
      bgr: settings.bgr,
    });
    const sha256 = await hashing;
    const { name, kind, vendor, architecture, boundsChecks } = gpu.adapter;
    describe(engine, gpu, model, checkpoint.notes, messages);
    return {
      model,
      adapter: { name, kind, vendor, architecture, boundsChecks },
      weights: { file: weights.shown.split(/[/\\]/).at(-1)!, bytes, sha256 },
      async close() {
        model.dispose();
        gpu.dispose();
        await close();
      },
    };
  } catch (error) {
    // It may still be opening: nobody waits for that.
    gpuOpening.then(
      (gpu) => gpu.dispose(),
      () => undefined,
    );
    await close();
    throw error;
  }
}

function describe(
  engine: Engine,
  gpu: Gpu,
  model: LoadedModel,
  notes: readonly string[],
  messages: Messages,
): void {
  messages.fact("Adapter", gpu.adapter.name);
  const advice = engine.adapterAdvice(gpu.adapter);
  if (advice !== undefined) messages.fact("", advice);
  const [height, width] = model.preprocessing.size;
  messages.fact(
    "Model",
    `${model.arch} (${model.spelling}), ${model.classes} classes, input ${height}x${width}`,
  );
  for (const { what, value, because } of model.assumed) {
    const shown = Array.isArray(value) ? value.join(what === "size" ? "x" : ",") : String(value);
    messages.fact("Assumed", `--${what} ${shown}: ${because}`);
  }
  const { renamed, unused } = model.report;
  for (const rule of new Set(renamed.map((entry) => entry.rule)))
    messages.fact("Note", `keys renamed: ${rule}`);
  if (unused.length > 0) {
    const more = unused.length > 3 ? `, and ${unused.length - 3} more` : "";
    messages.fact("Note", `unused tensors of the file: ${unused.slice(0, 3).join(", ")}${more}`);
  }
  for (const note of notes) messages.fact("Note", note);
}

/** Names compare without case, `-` and `_`. */
const fold = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");

/** The architecture that `--arch` names. Throws `bad-argument`. */
export function archOf(name: string | undefined, { archNames }: Engine): Arch | undefined {
  if (name === undefined) return undefined;
  const found = archNames.find((one) => fold(one) === fold(name));
  if (found !== undefined) return found as Arch;
  throw new GradlensError(
    "bad-argument",
    `unknown architecture "${name}"${suggestion(name, archNames)} (there are ${archNames.join(", ")})`,
  );
}

/** pytorch-grad-cam's names for methods that are called otherwise here. */
const METHOD_ALIASES: Readonly<Record<string, string>> = {
  gradcamelementwise: "elementwise",
  gradcamplusplus: "gradcam++",
  gradcampp: "gradcam++",
};

function methodOf(name: string, { methods }: Engine): MethodName {
  const names = methods.map((method) => method.name);
  const wanted = METHOD_ALIASES[fold(name)] ?? fold(name);
  if (names.includes(wanted)) return wanted as MethodName;
  const hint = suggestion(name, names) || ` (there are ${names.join(", ")})`;
  throw new GradlensError("bad-argument", `unknown method "${name}"${hint}`);
}
