/** @file The library inside a worker: one device, one model, some pictures. A lost device is opened again, with its model. */

import type { MethodName } from "../../cam/methods/table.js";
import type { ExplainOptions, Explanation, Refusal } from "../../cam/request/types.js";
import { readCheckpoint, type ReadOptions } from "../../checkpoint/read-checkpoint.js";
import { fromBlob } from "../../checkpoint/source.js";
import { GradlensError, hasCode } from "../../errors.js";
import { fittedSize, type Picture } from "../../image/picture.js";
import type { FitOptions } from "../../library/fit-model.js";
import { loadModel } from "../../library/load-model.js";
import type { Model, ModelDescription } from "../../library/model.js";
import type { LayerLine } from "../../models/taps.js";
import type { AdapterFacts, Gpu } from "../../runtime/gpu.js";
import type { DicomDecoders } from "../dicom-codecs.js";
import { openDevice, type WebDeviceOptions } from "../open-device.js";
import { pictureOf, readPicture, type WebPicture, type WebPictureOptions } from "../read-picture.js";
import { leadingOf, siblingsOf } from "./files.js";
import type { CallContext } from "./serve.js";
import { say } from "../../language/say.js";

/** Settings of a model in the worker: how its file is read, and those of loadModel. */
export interface ModelSettings {
  readonly reading?: Pick<ReadOptions, "strictPickle" | "stateDict">;
  readonly fit?: FitOptions;
}

/** A loaded model, as the page sees it. */
export interface ModelFacts extends ModelDescription {
  readonly name: string;
  readonly notes: readonly string[];
  readonly layers: readonly LayerLine[];
  readonly milliseconds: number;
}

/** A picture that the worker holds. */
export interface PictureFacts extends Omit<WebPicture, "data"> {
  readonly id: number;
  /** To be drawn, its longer side at most 4096 pixels. */
  readonly bitmap: ImageBitmap;
  readonly milliseconds: number;
}

/** Options of a call, without those that cannot cross to a worker. */
export type WorkerExplainOptions = Omit<ExplainOptions, "onProgress" | "signal">;

export interface WorkerExplanation extends Explanation {
  /** How often the forward pass has run since the model was loaded. */
  readonly forwardRuns: number;
}

/** Of some methods those that have no map, and why; and those that run the model many times. */
export interface Availability {
  readonly refused: readonly Refusal[];
  readonly manyRuns: readonly MethodName[];
}

/** A longer side is scaled down for the screen. */
const BITMAP_SIDE = 4096;

interface Held {
  readonly picture: WebPicture;
  readonly file: Blob | undefined;
}

export class WorkerEngine {
  private gpu: Gpu | undefined;
  private deviceOptions: WebDeviceOptions = {};
  private restoring: Promise<void> | undefined;
  private model: Model | undefined;
  private weights: readonly File[] = [];
  private settings: ModelSettings = {};
  private readonly pictures = new Map<number, Held>();
  private nextPicture = 1;
  /** Runs of models that were replaced after a loss. */
  private earlierRuns = 0;

  constructor(
    private readonly onRestored: () => void,
    private readonly decoders: DicomDecoders = {},
    private readonly openGpu: (options: WebDeviceOptions) => Promise<Gpu> = openDevice,
  ) {}

  async open(options: WebDeviceOptions, { signal }: CallContext): Promise<AdapterFacts> {
    this.deviceOptions = options;
    this.gpu ??= await this.openGpu({ ...options, signal });
    return this.gpu.adapter;
  }

  /** Replaces the model. @throws GradlensError as loadModel; the model before stays then */
  async loadModel(files: readonly File[], settings: ModelSettings): Promise<ModelFacts> {
    const begin = performance.now();
    const { model, notes, name } = await this.onDevice(() => this.opened(files, settings));
    this.model?.dispose();
    Object.assign(this, { model, weights: files, settings, earlierRuns: 0 });
    return {
      ...describe(model),
      name,
      notes,
      layers: model.layers(),
      milliseconds: performance.now() - begin,
    };
  }

  async readPicture(file: Blob, options: WebPictureOptions): Promise<PictureFacts> {
    const begin = performance.now();
    const picture = await readPicture(file, { ...options, decoders: this.decoders });
    return this.hold({ picture, file }, begin);
  }

  /** A video frame. It has an id of its own: a map of it may be saved while the next one is explained. */
  async readFrame(bitmap: ImageBitmap): Promise<PictureFacts> {
    const begin = performance.now();
    const picture = pictureOf(bitmap);
    bitmap.close();
    return this.hold({ picture, file: undefined }, begin);
  }

  dropPicture(id: number): void {
    this.pictures.delete(id);
  }

  async explain(
    id: number,
    options: WorkerExplainOptions,
    { signal, progress }: CallContext,
  ): Promise<WorkerExplanation> {
    const explanation = await this.onDevice(() =>
      this.loaded.explain(this.held(id).picture, { reuse: true, ...options, signal, onProgress: progress }),
    );
    return { ...explanation, forwardRuns: this.earlierRuns + this.loaded.forwardRuns };
  }

  /** The methods that have no map at these layers, and those that run the model many times. */
  availability(options: WorkerExplainOptions): Availability {
    const refused = this.loaded.refusals(options);
    const methods = options.methods?.filter((name) => !refused.some(({ method }) => method === name));
    return { refused, manyRuns: this.loaded.manyRuns({ ...options, ...(methods && { methods }) }) };
  }

  /** The model that is loaded, for services built on this one. @throws GradlensError "bad-argument" */
  get loaded(): Model {
    if (this.model === undefined) throw new GradlensError("bad-argument", say`no model is loaded yet`);
    return this.model;
  }

  get weightFiles(): readonly File[] {
    return this.weights;
  }

  /** @throws GradlensError "bad-argument" */
  held(id: number): Held {
    const held = this.pictures.get(id);
    if (held === undefined) throw new GradlensError("bad-argument", say`no picture has the id ${id}`);
    return held;
  }

  private async opened(files: readonly File[], { reading = {}, fit = {} }: ModelSettings) {
    if (this.gpu === undefined) throw new GradlensError("bad-argument", say`the device is not open yet`);
    const leading = leadingOf(files);
    const openSibling = siblingsOf(files, leading);
    const checkpoint = await readCheckpoint(fromBlob(leading.name, leading), { ...reading, openSibling });
    const model = await loadModel(checkpoint, { ...fit, gpu: this.gpu });
    return { model, notes: checkpoint.notes, name: leading.name };
  }

  /** Does the work; where the device is lost meanwhile, once more on another one. */
  private async onDevice<T>(work: () => Promise<T>): Promise<T> {
    const { gpu } = this;
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, "device-lost")) throw error;
      // Several calls may lose one device; the first that notices opens another.
      if (this.gpu === gpu) this.restoring ??= this.restore().finally(() => (this.restoring = undefined));
      await this.restoring;
      return work();
    }
  }

  /** Opens another device, as the first was opened, and loads the model again. */
  private async restore(): Promise<void> {
    this.earlierRuns += this.model?.forwardRuns ?? 0;
    this.model?.dispose();
    this.gpu?.dispose();
    const gpu = await this.openGpu(this.deviceOptions);
    this.gpu = gpu;
    if (this.weights.length > 0) this.model = (await this.opened(this.weights, this.settings)).model;
    this.onRestored();
  }

  private async hold(held: Held, begin: number): Promise<PictureFacts> {
    const id = this.nextPicture++;
    this.pictures.set(id, held);
    const { data, ...facts } = held.picture;
    const bitmap = await bitmapOf({ ...facts, data });
    return { id, ...facts, bitmap, milliseconds: performance.now() - begin };
  }
}

function describe(model: Model): ModelDescription {
  const { arch, spelling, classes, embedding, channels, labels, activation, preprocessing } = model;
  const { assumed, said, differences, report, modules, headActivation, transformInput, defaultLayer } = model;
  return {
    arch,
    spelling,
    classes,
    embedding,
    channels,
    labels,
    activation,
    preprocessing,
    assumed,
    said,
    differences,
    report,
    modules,
    headActivation,
    transformInput,
    defaultLayer,
  };
}

/** A picture to be drawn. */
async function bitmapOf({ data, width, height, channels }: Picture): Promise<ImageBitmap> {
  const rgba = new ImageData(width, height);
  const scale = data instanceof Uint8Array ? 1 : 255;
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < 3; c++) rgba.data[4 * p + c] = data[p * channels + (channels === 3 ? c : 0)]! * scale;
    rgba.data[4 * p + 3] = 255;
  }
  const size = fittedSize({ width, height }, BITMAP_SIDE);
  if (size.width === width) return createImageBitmap(rgba);
  const { width: resizeWidth, height: resizeHeight } = size;
  return createImageBitmap(rgba, { resizeWidth, resizeHeight, resizeQuality: "high" });
}
