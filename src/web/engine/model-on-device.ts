/** @file One device and one model on it. After a loss the device is reopened, and the model is reloaded at its next use. */

import { readCheckpoint, type ReadOptions } from "../../checkpoint/read-checkpoint.js";
import { badArgument, hasCode } from "../../errors.js";
import { say } from "../../language/say.js";
import type { FitOptions } from "../../library/network/fit-request.js";
import { loadModel } from "../../library/model/load-model.js";
import type { Model } from "../../library/model/model.js";
import type { ModelDescription } from "../../library/settings/model-description.js";
import type { AdapterFacts, Gpu } from "../../runtime/gpu.js";
import type { WebDeviceOptions } from "../open-device.js";
import { weightFilesOf } from "./files.js";
import type { ModelWords } from "./model-facts.js";
import type { CallContext } from "./serve.js";

/** How a model's file is read in the worker, and the options of loadModel. */
export interface ModelSettings {
  readonly reading?: Pick<ReadOptions, "strictPickle" | "stateDict">;
  readonly fit?: FitOptions;
}

/** A model, its files, and its device. */
interface Opened {
  readonly model: Model;
  readonly gpu: Gpu;
  readonly given: readonly File[];
  /** The files that hold the weights, in the order of opening. */
  readonly files: readonly File[];
  readonly settings: ModelSettings;
  readonly name: string;
  readonly notes: readonly string[];
}

const wordsOf = ({ model, name, notes }: Opened): ModelWords => ({
  ...model.description,
  name,
  notes,
  layers: model.layers(),
});

export class ModelOnDevice {
  private gpu: Gpu | undefined;
  private options: WebDeviceOptions = {};
  private reopening: Promise<void> | undefined;
  private reloading: Promise<void> | undefined;
  private opened: Opened | undefined;
  /** The model's notes, if they were requested in another language. */
  private saidAgain: ModelDescription | undefined;
  private asked = 0;
  /** Whether the model must be reloaded because its device was lost. */
  private isLost = false;
  /** The forward runs of models that a loss has replaced. */
  private earlierRuns = 0;

  constructor(
    private readonly onRestored: () => void,
    private readonly openGpu: (options: WebDeviceOptions) => Promise<Gpu>,
  ) {}

  async open(options: WebDeviceOptions, { signal }: CallContext): Promise<AdapterFacts> {
    this.options = options;
    this.gpu ??= await this.openGpu({ ...options, signal });
    return this.gpu.adapter;
  }

  /** Replaces the model. @throws GradlensError as loadModel; then the present model stays */
  async load(files: readonly File[], settings: ModelSettings): Promise<ModelWords> {
    const opened = await this.onDevice(() => this.read(files, settings));
    this.replace(opened);
    this.earlierRuns = 0;
    return wordsOf(opened);
  }

  /** The model's notes in the current language. @throws GradlensError "bad-argument" without a model */
  async describe(): Promise<ModelWords> {
    const { given, settings, model } = this.present;
    const mine = ++this.asked;
    const again = await this.read(given, settings);
    const words = wordsOf(again);
    again.model.dispose();
    if (this.opened?.model === model && mine === this.asked) this.saidAgain = words;
    return words;
  }

  /** Runs `work` with the model. If the device is lost meanwhile, runs it again on a new device. */
  withModel<T>(work: (model: Model) => Promise<T>): Promise<T> {
    return this.onDevice(async () => {
      await this.bringModel();
      return work(this.loaded);
    });
  }

  /** @throws GradlensError "bad-argument" without a model */
  get loaded(): Model {
    return this.present.model;
  }

  /** The model's description, in the language of messages. @throws GradlensError "bad-argument" without a model */
  get described(): ModelDescription {
    return this.saidAgain ?? this.loaded;
  }

  get weightFiles(): readonly File[] {
    return this.opened?.files ?? [];
  }

  /** How often the forward pass has run since the model was loaded. */
  get forwardRuns(): number {
    return this.earlierRuns + this.loaded.forwardRuns;
  }

  private get present(): Opened {
    if (this.opened === undefined) throw badArgument(say`no model is loaded yet`);
    return this.opened;
  }

  /** Reads headers; tensors are read when the model runs. */
  private async read(given: readonly File[], settings: ModelSettings): Promise<Opened> {
    const { gpu } = this;
    if (gpu === undefined) throw badArgument(say`the device is not open yet`);
    const { reading = {}, fit = {} } = settings;
    const { source, openSibling, opened } = await weightFilesOf(given);
    const checkpoint = await readCheckpoint(source, { ...reading, openSibling });
    const model = await loadModel(checkpoint, { ...fit, gpu });
    return { model, gpu, given, files: opened, settings, name: source.name, notes: checkpoint.notes };
  }

  private replace(opened: Opened): void {
    this.opened?.model.dispose();
    this.opened = opened;
    this.saidAgain = undefined;
    if (!this.isLost || opened.gpu !== this.gpu) return;
    this.isLost = false;
    this.onRestored();
  }

  /** Runs `work` on the device. If that is lost meanwhile, runs it again on a new device. */
  private async onDevice<T>(work: () => Promise<T>): Promise<T> {
    await this.reopening;
    const { gpu } = this;
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, "device-lost")) throw error;
      // Several calls may lose the same device. The first one to notice opens a new device.
      if (this.gpu === gpu) this.reopening ??= this.reopen().finally(() => (this.reopening = undefined));
      await this.reopening;
      return work();
    }
  }

  private async reopen(): Promise<void> {
    this.gpu?.dispose();
    this.gpu = await this.openGpu(this.options);
    this.isLost = true;
  }

  /** Loads the model again if its device was lost. */
  private async bringModel(): Promise<void> {
    while (this.opened !== undefined && this.opened.gpu !== this.gpu) {
      this.reloading ??= this.reload(this.opened).finally(() => (this.reloading = undefined));
      await this.reloading;
    }
  }

  private async reload(before: Opened): Promise<void> {
    const again = await this.read(before.given, before.settings);
    // Another model has been loaded meanwhile.
    if (this.opened !== before) return again.model.dispose();
    this.earlierRuns += before.model.forwardRuns;
    const words = this.saidAgain;
    this.replace(again);
    this.saidAgain = words;
  }
}
