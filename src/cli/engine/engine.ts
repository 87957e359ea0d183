/**
 * @file What the command needs of the library: adapters and models. The real one (real-engine.ts) is loaded when it is first
 * asked for, so that --help and bad arguments never wait for it; tests of the command give one of their own.
 */

import type { ReadOptions } from "../../checkpoint/read-checkpoint.js";
import type { Checkpoint } from "../../checkpoint/types.js";
import type { Pair } from "../../graph/types.js";
import type { LoadOptions, Model } from "../../index.js";
import type { FitOptions } from "../../library/fit-model.js";
import type { ModelDescription } from "../../library/model.js";
import type { OpenedCheckpoint } from "../../node/open-checkpoint.js";
import type { ModelRow } from "../../models/table.js";
import type { LayerLine } from "../../models/taps.js";
import type { AdapterFacts, Gpu } from "../../runtime/gpu.js";

/** What comparing a file's modules gave; undefined where it holds tensors alone. */
export type ModuleDescription = ModelDescription["modules"];

/** What the command uses of a loaded model. */
export type LoadedModel = Pick<
  Model,
  | "arch"
  | "spelling"
  | "classes"
  | "channels"
  | "labels"
  | "activation"
  | "preprocessing"
  | "assumed"
  | "said"
  | "differences"
  | "report"
  | "modules"
  | "layers"
  | "resolveLayer"
  | "run"
  | "grad"
  | "refusals"
  | "manyRuns"
  | "explain"
  | "profile"
  | "dispose"
>;

/** A model as far as its file tells, without a GPU. */
export interface DescribedModel extends ModelDescription {
  layers(): readonly LayerLine[];
}

export interface GpuSettings {
  readonly adapter: string;
  readonly boundsChecks: "auto" | "on" | "off";
  readonly onMessage: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How a checkpoint is read, where the file leaves a choice. */
export type Reading = Pick<ReadOptions, "stateDict" | "strictPickle">;

export interface ListedAdapter {
  readonly name: string;
  readonly kind: string;
  readonly backend: string;
}

export interface ListedMethod {
  readonly name: string;
  /** That --method takes for all methods in it. */
  readonly group: string;
  readonly title: string;
  readonly paper: string;
}

export interface Engine {
  readonly archNames: readonly string[];
  models(): readonly ModelRow[];
  readonly methods: readonly ListedMethod[];
  /** Throws `no-adapter`, `gpu`. */
  openGpu(settings: GpuSettings): Promise<Gpu>;
  /** How to get a better adapter than this one, in one line. */
  adapterAdvice(facts: AdapterFacts): string | undefined;
  listAdapters(): Promise<readonly ListedAdapter[]>;
  /** Throws `bad-file`. `name` is for messages. */
  openCheckpoint(path: string, name: string, options?: Reading): Promise<OpenedCheckpoint>;
  /** The architectures that keys and shapes fit, the one to take first. */
  detectModels(checkpoint: Checkpoint): readonly { readonly arch: string; readonly spelling: string }[];
  /** Throws `bad-weights`, `bad-argument`. */
  loadModel(checkpoint: Checkpoint, options: LoadOptions): Promise<LoadedModel>;
  /** What `loadModel` would make of a checkpoint, without a GPU. Throws as it does. */
  describeModel(checkpoint: Checkpoint, options: FitOptions): DescribedModel;
  /** The modules of an architecture without weights, at its own size unless another is given. */
  archLayers(arch: string, size?: Pair, spelling?: string): readonly LayerLine[];
}
