/** @file The loaded model that users of the library work with. */

import { Explainer } from "../../cam/explainer.js";
import { scoresOf } from "../../cam/scores.js";
import type { MethodName } from "../../cam/methods/table.js";
import type { ExplainOptions, Explanation, Refusal } from "../../cam/request/types.js";
import { badArgument } from "../../errors.js";
import type { PictureLike } from "../../image/picture.js";
import type { Template } from "../../models/template.js";
import { listLayers, type LayerLine } from "../../models/taps.js";
import type { Device } from "../../runtime/device.js";
import type { WeightStore } from "../../runtime/weights.js";
import type { ModelDescription } from "../settings/model-description.js";
import { modelInput, type PreparedInput } from "./model-input.js";
import { say } from "../../language/say.js";

/** Values of a layer, row-major: [1, height, width, channels] of feature maps, [1, tokens, channels] of tokens. */
export interface LayerValue {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** An object with the fields of its description. */
const Described = class {
  constructor(description: ModelDescription) {
    Object.assign(this, description);
  }
} as new (description: ModelDescription) => ModelDescription;

export class Model extends Described {
  private readonly explainer: Explainer;

  /** Made by loadModel. */
  constructor(
    /** The fields of ModelDescription as plain data, to store or to send to a worker. */
    readonly description: ModelDescription,
    private readonly template: Template,
    private readonly device: Device,
    private readonly weights: WeightStore,
    rebuild?: () => Template,
  ) {
    super(description);
    this.explainer = new Explainer({
      template,
      device,
      weights,
      name: description.arch,
      size: description.preprocessing.size,
      channels: description.channels,
      defaultLayer: description.defaultLayer,
      prefixes: description.report.prefixes,
      labels: description.labels,
      activation: description.activation,
      rebuild: template.embedding && rebuild,
    });
  }

  /** Every module of the model by its PyTorch path, in PyTorch's order. */
  layers(): LayerLine[] {
    const { modules, otherNames } = this.template;
    return listLayers(modules, this.defaultLayer, { otherNames });
  }

  /** The full path of a layer's name, such as `features.norm5` for `features[-1]`. @throws GradlensError "unknown-layer" */
  resolveLayer(path: string): string {
    return this.explainer.tap(path).path;
  }

  /** The logits and scores of a picture, and the outputs of some layers by the requested path. */
  async run(
    picture: PictureLike | PreparedInput,
    options: CallOptions & { readonly taps?: readonly string[] } = {},
  ): Promise<{ logits: Float32Array; scores: Float32Array; taps: Map<string, LayerValue> }> {
    const paths = options.taps ?? [];
    const taps = paths.map((path) => this.explainer.tap(path));
    const { logits, taps: values } = await this.explainer.run(this.input(picture), taps, options);
    return {
      logits,
      scores: scoresOf(logits, this.activation),
      taps: new Map(paths.map((path, i) => [path, values[i]!])),
    };
  }

  /** The gradient of one class's logit, or of one value of the embedding, at some layers, by the requested path. */
  async grad(
    picture: PictureLike | PreparedInput,
    options: CallOptions & { readonly layers: readonly string[]; readonly target: number },
  ): Promise<Map<string, LayerValue>> {
    const { layers, target } = options;
    const outputs = this.embedding?.length ?? this.classes;
    if (!Number.isInteger(target) || target < 0 || target >= outputs) {
      const what = this.embedding ? say`an embedding with values` : say`classes`;
      throw badArgument(say`target ${target}: the model has ${what} 0 to ${outputs - 1}`);
    }
    const taps = layers.map((path) => this.explainer.tap(path));
    const values = await this.explainer.grad(this.input(picture), taps, target, options);
    return new Map(layers.map((path, i) => [path, values[i]!]));
  }

  /**
   * Lists the methods that the model refuses at `layers`, with the reasons. `explain` skips them. Only `explain` finds out
   * whether `memory` is enough.
   * @throws GradlensError with the reasons of all, if no method is left
   */
  refusals(options: ExplainOptions = {}): Refusal[] {
    return this.explainer.refusals(options);
  }

  /**
   * Lists the methods that run the model, or much of it, many times at `layers`. They need nearly all the time. With a call
   * for each, finished maps remain if a later call is aborted.
   */
  manyRuns(options: ExplainOptions = {}): MethodName[] {
    return this.explainer.manyRuns(options);
  }

  /** Heat maps of a picture: methods x layers x targets behind one forward pass. */
  async explain(picture: PictureLike | PreparedInput, options: ExplainOptions = {}): Promise<Explanation> {
    const started = performance.now();
    const input = this.input(picture);
    const preprocessed = performance.now() - started;
    const explanation = await this.explainer.explain(input, options);
    const { total, ...rest } = explanation.timings as Record<"total", number>;
    return {
      ...explanation,
      timings: { preprocess: preprocessed, ...rest, total: total + preprocessed },
    };
  }

  /** Bytes of GPU memory in use, now and at most so far. */
  get memory(): { readonly now: number; readonly peak: number } {
    return this.device.memory;
  }

  /** How often the forward pass of a picture has run so far; runs of perturbed pictures do not count. */
  get forwardRuns(): number {
    return this.explainer.forwardRuns;
  }

  /**
   * Frees the GPU memory that is kept for later calls, once the calls made so far are done. Weights of about the model's size
   * stay. The next call compiles again.
   */
  async releasePlans(): Promise<void> {
    await this.explainer.releasePlans();
  }

  /** The time of each dispatch of the last forward pass, which runs once more. */
  profile(): ReturnType<Explainer["profile"]> {
    return this.explainer.profile();
  }

  private input(picture: PictureLike | PreparedInput): Float32Array {
    this.explainer.checkOpen();
    return modelInput(picture, this, this.device.maxElements);
  }

  /**
   * Frees the model's GPU memory, once no call uses it; the device stays open. Unfinished calls reject with the code "aborted",
   * later ones with "bad-argument".
   */
  dispose(): void {
    this.explainer.dispose(() => {
      this.weights.dispose();
      this.device.dispose();
    });
  }
}
