/** @file gradlens in a worker: the page stays responsive while the model runs. */

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
   * Replaces the model. Reads headers now, and tensors by range when they are needed. Give all files of a model in several
   * files; `config.json` and `preprocessor_config.json` may be among them. @throws GradlensError as loadModel
   */
  loadModel(weights: File | readonly File[], settings: ModelSettings = {}): Promise<ModelFacts> {
    const files = weights instanceof File ? [weights] : weights;
    return this.client.call("loadModel", [files, settings]);
  }

  /** The model's notes in the current language. Call it again after setLanguage. */
  describe(): Promise<ModelWords> {
    return this.client.call("describe", []);
  }

  /** Decodes a picture and keeps it in the worker. @throws GradlensError "bad-picture" */
  readPicture(file: Blob, options: Omit<WebPictureOptions, "decoders"> = {}): Promise<PictureFacts> {
    return this.client.call("readPicture", [file, options]);
  }

  /** Keeps a video frame as a picture. The bitmap is transferred to the worker. Free used frames by dropPicture. */
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

  /** The model's output for a picture: logits, or the embedding of a model without a classifier. */
  output({ id }: Pick<PictureFacts, "id">, settings: CallSettings = {}): Promise<Float32Array> {
    return this.client.call("output", [id], settings);
  }

  /** Sets the language of messages in the page and in the worker. @throws GradlensError "bad-argument" */
  async setLanguage(language: Language): Promise<void> {
    await setLanguage(language);
    await this.client.call("setLanguage", [language]);
  }

  /** A recent message in the current language. Any other text is returned as it is. */
  async sayAgain(text: string): Promise<string> {
    const own = saidAgain(text);
    return own === text ? this.client.call("saidAgain", [text]) : own;
  }

  /** The methods that the model refuses at these layers, with reasons, and those that run the model many times. */
  availability(options: WorkerExplainOptions): Promise<Availability> {
    return this.client.call("availability", [options]);
  }

  /** Calls a function of a worker that serves more than the engine. */
  callOther<T>(name: string, args: readonly unknown[]): Promise<T> {
    return this.client.call(name, args);
  }

  /** Ends the worker and frees what it holds. Open calls reject with the code "aborted". */
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
