/**
 * @file The part of the library that the command uses: adapters and models. It is loaded on first use (real-engine.ts), so
 * that --help and bad arguments never wait for it; tests provide their own.
 */

import type { METHODS, MethodName } from "../../cam/methods/table.js";
import type { ReadOptions } from "../../checkpoint/read-checkpoint.js";
import type { Checkpoint } from "../../checkpoint/types.js";
import type { Pair } from "../../graph/types.js";
import type { LoadOptions, Model } from "../../index.js";
import type { FitOptions } from "../../library/network/fit-request.js";
import type { ModelDescription } from "../../library/settings/model-description.js";
import type { OpenedCheckpoint } from "../../node/open-checkpoint.js";
import type { listAdapters, NodeDeviceOptions } from "../../node/open-device.js";
import type { Arch } from "../../models/architectures.js";
import type { ModelRow } from "../../models/table.js";
import type { LayerLine } from "../../models/taps.js";
import type { AdapterFacts, Gpu } from "../../runtime/gpu.js";

/** The part of a loaded model that the command uses. */
export type LoadedModel = Omit<Model, "defaultLayer" | "memory" | "forwardRuns" | "releasePlans">;

/** A model as its file describes it, without a GPU. */
export interface DescribedModel extends ModelDescription {
  layers(): readonly LayerLine[];
}

/** The options of a model with its device. */
export type LoadRequest = FitOptions & Pick<LoadOptions, "gpu">;

/** Choices in reading a checkpoint. */
export type Reading = Pick<ReadOptions, "stateDict" | "strictPickle">;

/** A method as `gradlens methods` lists it. */
type ListedMethod = Pick<(typeof METHODS)["gradcam"], "group" | "title" | "paper" | "note"> & {
  readonly name: MethodName;
};

export interface Engine {
  readonly archNames: readonly Arch[];
  models(): readonly ModelRow[];
  readonly methods: readonly ListedMethod[];
  /** @throws GradlensError "no-adapter", "gpu" */
  openGpu(options: Required<Omit<NodeDeviceOptions, "limits">>): Promise<Gpu>;
  /** How to get a better adapter than this one, in one line. */
  adapterAdvice(facts: AdapterFacts): string | undefined;
  readonly listAdapters: typeof listAdapters;
  /**
   * @param name for messages
   * @throws GradlensError "bad-file"
   */
  openCheckpoint(path: string, name: string, options?: Reading): Promise<OpenedCheckpoint>;
  /** The architectures that keys and shapes fit, the likeliest first. */
  detectModels(checkpoint: Checkpoint): readonly { readonly arch: string; readonly spelling: string }[];
  /** @throws GradlensError "bad-weights", "bad-argument" */
  loadModel(checkpoint: Checkpoint, options: LoadRequest): Promise<LoadedModel>;
  /** What `loadModel` would make of a checkpoint, without a GPU. @throws as `loadModel` */
  describeModel(checkpoint: Checkpoint, options: FitOptions): DescribedModel;
  /** The modules of an architecture without weights, at its own size unless another is given. */
  archLayers(arch: string, size?: Pair, spelling?: string): readonly LayerLine[];
}
