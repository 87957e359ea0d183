/** @file gradlens in a worker, for pages: the page stays free, whatever the model computes. */

import type { Progress } from "../../cam/request/types.js";
import { GradlensError } from "../../errors.js";
import type { AdapterFacts } from "../../runtime/gpu.js";
import type { WebDeviceOptions } from "../open-device.js";
import type { WebPictureOptions } from "../read-picture.js";
import { WorkerClient, type CallSettings } from "./client.js";
import type { ModelFacts, ModelWords } from "./model-facts.js";
import type { ModelSettings } from "./model-on-device.js";
import type { Availability, PictureFacts, WorkerExplainOptions, WorkerExplanation } from "./worker-engine.js";
import { setLanguage, type Language } from "../../language/languages.js";
import { keepMessages, say, saidAgain } from "../../language/say.js";

export interface EngineOptions extends Omit<WebDeviceOptions, "signal"> {
  /** A worker that runs gradlens/worker. Default: one that the package brings. */
  readonly worker?: Worker;
  /** The device was lost; a new one is open, and the model is loaded again. */
  readonly onRestored?: () => void;
  /** The language of messages. Default: English. */
  readonly language?: Language;
  readonly signal?: AbortSignal;
}

export class WebEngine {
  /** Made by openEngine. */
  constructor(
    private readonly client: WorkerClient,
    private readonly worker: Worker,
    readonly adapter: AdapterFacts,
  ) {}

  /**
   * Reads weights (headers now, tensors by range when they are needed) and replaces the model. Of a model in several files all
   * are given; `config.json` and `preprocessor_config.json` of its folder may be among them. Throws as loadModel does.
   */
  loadModel(weights: File | readonly File[], settings: ModelSettings = {}): Promise<ModelFacts> {
    const files = weights instanceof File ? [weights] : weights;
    return this.client.call("loadModel", [files, settings]);
  }

  /** What is said of the model, in the language of messages: once more after another language was set. */
  describe(): Promise<ModelWords> {
    return this.client.call("describe", []);
  }

  /** Decodes a picture and keeps it in the worker. @throws GradlensError "bad-picture" */
  readPicture(file: Blob, options: Omit<WebPictureOptions, "decoders"> = {}): Promise<PictureFacts> {
    return this.client.call("readPicture", [file, options]);
  }

  /** A video frame as a picture. The bitmap moves to the worker. Frames that are done with are dropped by dropPicture. */
  readFrame(bitmap: ImageBitmap): Promise<PictureFacts> {
    return this.client.call("readFrame", [bitmap], { transfer: [bitmap] });
  }

  dropPicture({ id }: Pick<PictureFacts, "id">): Promise<void> {
    return this.client.call("dropPicture", [id]);
  }

  /** Heat maps of a picture, as Model.explain gives them. */
  explain(
    { id }: Pick<PictureFacts, "id">,
    options: WorkerExplainOptions = {},
    settings: CallSettings<Progress> = {},
  ): Promise<WorkerExplanation> {
    return this.client.call("explain", [id, options], settings);
  }

  /** The model's output for a picture; without a classifier the embedding, which others may be compared with. */
  output({ id }: Pick<PictureFacts, "id">, settings: CallSettings = {}): Promise<Float32Array> {
    return this.client.call("output", [id], settings);
  }

  /** The language of messages from now on, of the page and of the worker. @throws GradlensError "bad-argument" */
  async setLanguage(language: Language): Promise<void> {
    await setLanguage(language);
    await this.client.call("setLanguage", [language]);
  }

  /** A recent message, as of an error, in the language that was set since; the text itself where it is none. */
  async sayAgain(text: string): Promise<string> {
    const own = saidAgain(text);
    return own === text ? this.client.call("saidAgain", [text]) : own;
  }

  /** Which of the methods have no map at these layers, and why; and which run the model many times. */
  availability(options: WorkerExplainOptions): Promise<Availability> {
    return this.client.call("availability", [options]);
  }

  /** A function of a worker that serves more than the engine. */
  callOther<T>(name: string, args: readonly unknown[]): Promise<T> {
    return this.client.call(name, args);
  }

  /** Ends the worker, with all that it holds. Calls that are not done reject with the code "aborted". */
  dispose(): void {
    this.worker.terminate();
    this.client.end(new GradlensError("aborted", say`the engine was disposed of before this call was done`));
  }
}

/**
 * Starts a worker and opens the device in it.
 * @throws GradlensError "no-adapter" if the browser has none, "aborted" by the signal, "gpu" if the adapter gives no device
 */
export async function openEngine(options: EngineOptions = {}): Promise<WebEngine> {
  keepMessages();
  const { worker = packagedWorker(), onRestored, language, signal, ...device } = options;
  const client = new WorkerClient(worker, () => onRestored?.());
  worker.addEventListener("error", (event) =>
    client.end(new GradlensError("internal", `the worker failed: ${event.message || "it cannot be loaded"}`)),
  );
  try {
    if (language !== undefined) {
      await setLanguage(language);
      await client.call("setLanguage", [language], { signal });
    }
    const adapter = await client.call<AdapterFacts>("open", [device], { signal });
    return new WebEngine(client, worker, adapter);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

const packagedWorker = (): Worker =>
  new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "gradlens" });
