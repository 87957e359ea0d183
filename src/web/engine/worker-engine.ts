/** @file The library inside a worker: one device, one model, some pictures. A lost device is reopened with its model. */

import type { MethodName } from "../../cam/methods/table.js";
import type { ExplainOptions, Explanation, Refusal } from "../../cam/request/types.js";
import { badArgument } from "../../errors.js";
import { fittedSize, type Picture } from "../../image/picture.js";
import type { Gpu } from "../../runtime/gpu.js";
import type { DicomDecoders } from "../dicom-codecs.js";
import { openDevice, type WebDeviceOptions } from "../open-device.js";
import { pictureOf, readPicture, type WebPicture, type WebPictureOptions } from "../read-picture.js";
import type { ModelFacts } from "./model-facts.js";
import { ModelOnDevice, type ModelSettings } from "./model-on-device.js";
import type { CallContext } from "./serve.js";
import { say } from "../../language/say.js";

/** A picture that the worker holds. */
export interface PictureFacts extends Omit<WebPicture, "data"> {
  readonly id: number;
  /** For drawing; its longer side is at most 4096 pixels. */
  readonly bitmap: ImageBitmap;
  readonly milliseconds: number;
}

/** The options of explain that can be sent to a worker. */
export type WorkerExplainOptions = Omit<ExplainOptions, "onProgress" | "signal">;

export interface WorkerExplanation extends Explanation {
  /** How often the forward pass has run since the model was loaded. */
  readonly forwardRuns: number;
}

/** The refused methods with reasons, and the methods that run the model many times. */
export interface Availability {
  readonly refused: readonly Refusal[];
  readonly manyRuns: readonly MethodName[];
}

/** Larger pictures are scaled down for the screen. */
const BITMAP_SIDE = 4096;

interface Held {
  readonly picture: WebPicture;
  readonly file: Blob | undefined;
}

export class WorkerEngine extends ModelOnDevice {
  private readonly pictures = new Map<number, Held>();
  private nextPicture = 1;

  constructor(
    onRestored: () => void,
    private readonly decoders: DicomDecoders = {},
    openGpu: (options: WebDeviceOptions) => Promise<Gpu> = openDevice,
  ) {
    super(onRestored, openGpu);
  }

  /** Replaces the model. @throws GradlensError as loadModel; then the present model stays */
  async loadModel(files: readonly File[], settings: ModelSettings): Promise<ModelFacts> {
    const begin = performance.now();
    const words = await this.load(files, settings);
    return { ...words, milliseconds: performance.now() - begin };
  }

  async readPicture(file: Blob, options: WebPictureOptions): Promise<PictureFacts> {
    const begin = performance.now();
    const picture = await readPicture(file, { ...options, decoders: this.decoders });
    return this.hold({ picture, file }, begin);
  }

  /** Keeps a video frame. Each has an id of its own: its map may be saved while the next one is explained. */
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
    const explanation = await this.withModel((model) => {
      const { picture } = this.held(id);
      return model.explain(picture, { reuse: true, ...options, signal, onProgress: progress });
    });
    return { ...explanation, forwardRuns: this.forwardRuns };
  }

  /** The model's output for a picture: one logit a class, or the embedding of a model without a classifier. */
  async output(id: number, { signal }: CallContext): Promise<Float32Array> {
    const { logits } = await this.withModel((model) => model.run(this.held(id).picture, { signal }));
    return logits;
  }

  availability(options: WorkerExplainOptions): Availability {
    const refused = this.loaded.refusals(options);
    const methods = options.methods?.filter((name) => !refused.some(({ method }) => method === name));
    return { refused, manyRuns: this.loaded.manyRuns({ ...options, ...(methods && { methods }) }) };
  }

  /** @throws GradlensError "bad-argument" */
  held(id: number): Held {
    const held = this.pictures.get(id);
    if (held === undefined) throw badArgument(say`no picture has the id ${id}`);
    return held;
  }

  private async hold(held: Held, begin: number): Promise<PictureFacts> {
    const id = this.nextPicture++;
    this.pictures.set(id, held);
    const { data, ...facts } = held.picture;
    const bitmap = await bitmapOf({ ...facts, data });
    return { id, ...facts, bitmap, milliseconds: performance.now() - begin };
  }
}

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
