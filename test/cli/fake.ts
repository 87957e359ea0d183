/** @file A process, an adapter and a tiny model for tests of the command. Files, pictures and arguments are real. */

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { MethodName } from "../../src/cam/methods/table.js";
import type { ExplainOptions } from "../../src/cam/request/types.js";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";
import type { Engine, LoadedModel, LoadRequest } from "../../src/cli/engine/engine.js";
import type { Host } from "../../src/cli/terminal/host.js";
import { realEngine } from "../../src/cli/engine/real-engine.js";
import { runProgram } from "../../src/cli/program.js";
import { GradlensError } from "../../src/errors.js";
import { tinyModel } from "./tiny-model.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { Model } from "../../src/library/model/model.js";
import type { ModelDescription } from "../../src/library/settings/model-description.js";
import type { Gpu } from "../../src/runtime/gpu.js";
import { encodePicture } from "../../src/node/write-picture.js";

export const LABELS = ["cat", "dog", "Pleural Thickening"];
const LOGITS = [-1.5, 2.25, 0.5];
const SIZE = [6, 8] as const;

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with weights.safetensors and x.png. */
export async function userFolder(): Promise<string> {
  const folder = temporaryFolder();
  await writeWeights(join(folder, "weights.safetensors"));
  await writePicture(join(folder, "x.png"));
  return folder;
}

export async function writeWeights(path: string, value = 1): Promise<void> {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  const tensor = { name: "w", dtype: "F32", shape: [1], byteLength: 4, bytes: () => bytes } as const;
  writeFileSync(path, await writeSafetensors([tensor]));
}

/** `shade` makes pictures differ. */
export async function writePicture(path: string, shade = 0, width = 20, height = 12): Promise<void> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + shade) & 255);
  writeFileSync(path, await encodePicture({ data, width, height, channels: 3 }, "png"));
}

/** Every file and folder below a folder, with `/` between names. */
export function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/") + (statSync(join(folder, name)).isDirectory() ? "/" : ""))
    .sort();
}

export interface FakeOptions {
  readonly env?: Record<string, string>;
  readonly stdin?: Uint8Array;
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
  readonly engine?: Partial<Engine>;
  readonly model?: Partial<LoadedModel>;
  /** Methods that the memory turns out to be too little for. */
  readonly tooMuch?: readonly MethodName[];
  /** What happens while the model explains its `count`th picture. */
  readonly onExplain?: (count: number, options: ExplainOptions) => Promise<void> | void;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What Model.explain was asked, call by call. */
  readonly asked: ExplainOptions[];
  readonly loaded: LoadRequest[];
  /** Adapters opened and not disposed of. */
  readonly open: number;
}

/** Runs the program as a user in `cwd` would. */
export async function run(cwd: string, argv: readonly string[], options: FakeOptions = {}): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const counts = { open: 0 };
  const asked: ExplainOptions[] = [];
  const loaded: LoadRequest[] = [];
  const engine: Engine = {
    archNames: ["densenet121", "densenet161", "resnet18"],
    models: () => [],
    methods: realEngine.methods,
    openGpu: () => {
      counts.open++;
      return Promise.resolve(fakeGpu(() => counts.open--));
    },
    adapterAdvice: () => undefined,
    listAdapters: () => Promise.resolve([{ name: "Fake GPU", kind: "gpu", backend: "vulkan" }]),
    openCheckpoint: realEngine.openCheckpoint.bind(realEngine),
    detectModels: () => [{ arch: "densenet121", spelling: "torchvision" }],
    loadModel: (_, given) => {
      loaded.push(given);
      return Promise.resolve(Object.assign(watchedModel(given, asked, options), options.model));
    },
    describeModel: (_, given) => ({ ...descriptionOf(given), layers: () => modelOf(given).layers() }),
    archLayers: () => modelOf({}).layers(),
    ...options.engine,
  };
  const host: Host = {
    env: { LANG: "C", ...options.env },
    cwd,
    packageRoot: cwd,
    versions: { gradlens: "1.2.3", node: "20.19.0" },
    stdin: (async function* () {
      await Promise.resolve();
      if (options.stdin) yield options.stdin;
    })(),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text), isTTY: options.isTTY ?? false },
    signal: options.signal ?? new AbortController().signal,
    engine: () => Promise.resolve(engine),
  };
  const code = await runProgram(argv, host);
  return { code, stdout, stderr, asked, loaded, open: counts.open };
}

function fakeGpu(onDispose: () => void): Gpu {
  return {
    device: {} as GPUDevice,
    adapter: {
      kind: "gpu",
      name: "Fake GPU",
      vendor: "fake",
      architecture: "none",
      subgroupSize: 0,
      boundsChecks: true,
    },
    wait: (promise) => promise,
    dispose: onDispose,
  };
}

function modelOf(given: FitOptions): Model {
  const description = descriptionOf(given);
  return tinyModel(description, logitsOf(description));
}

/** The tiny model, which reports each call and fails as `fake` says. */
function watchedModel(given: LoadRequest, asked: ExplainOptions[], fake: FakeOptions): LoadedModel {
  const { onExplain, tooMuch = [] } = fake;
  const description = descriptionOf(given);
  const model = tinyModel(description, logitsOf(description));
  const explain = model.explain.bind(model);
  return Object.assign(model, {
    async explain(picture: Parameters<Model["explain"]>[0], options: ExplainOptions = {}) {
      asked.push(options);
      await onExplain?.(asked.length, options);
      const { methods = ["gradcam"] } = options;
      const refused = methods.filter((method) => tooMuch.includes(method));
      if (methods.length > 0 && refused.length === methods.length)
        throw new GradlensError("out-of-memory", "1 KiB is too little");
      const left = methods.filter((method) => !tooMuch.includes(method));
      return {
        ...(await explain(picture, { ...options, methods: left })),
        ...(refused.length > 0 && {
          refused: refused.map((method) => ({ method, reason: "1 KiB is too little" })),
        }),
      };
    },
  });
}

/** Of a classifier; without one the embedding. */
const logitsOf = ({ labels = LABELS }: ModelDescription): number[] => labels.map((_, i) => LOGITS[i] ?? -i);

/** A value for each channel. */
const threeOf = (values: readonly number[]): readonly number[] =>
  values.length === 1 ? [0, 1, 2].map(() => values[0]!) : values;

function descriptionOf(given: FitOptions): ModelDescription {
  const labels = given.embedding ? undefined : (given.labels ?? LABELS);
  const activation = given.activation === "auto" ? undefined : given.activation;
  return {
    arch: "densenet121",
    spelling: "torchvision",
    classes: labels?.length ?? 0,
    embedding: given.embedding ? { length: LABELS.length, without: "classifier" } : undefined,
    channels: 3,
    labels,
    activation: given.embedding ? "none" : (activation ?? "sigmoid"),
    preprocessing: {
      size: given.size ?? SIZE,
      mean: threeOf(given.mean ?? [0]),
      std: threeOf(given.std ?? [1]),
      bgr: given.bgr ?? false,
      resize: given.resize ?? "opencv-bilinear",
      cropPct: given.cropPct === "off" ? undefined : given.cropPct,
    },
    assumed: [{ what: "size", value: SIZE, because: "usual for densenet121" }],
    said: [],
    differences: [],
    modules: undefined,
    headActivation: undefined,
    transformInput: undefined,
    report: {
      used: ["w"],
      renamed: [],
      prefixes: [],
      alternatives: [],
      unused: [],
      foreign: [],
      missing: [],
      mismatched: [],
      ambiguous: [],
    },
    defaultLayer: "features.norm5",
  };
}
