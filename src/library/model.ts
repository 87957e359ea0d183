/** @file The loaded model that users of the library work with. */

import { Explainer } from "../cam/explainer.js";
import { type Activation, scoresOf } from "../cam/scores.js";
import type { MethodName } from "../cam/methods/table.js";
import type { ExplainOptions, Explanation, Refusal } from "../cam/request/types.js";
import { badArgument } from "../errors.js";
import type { HeadActivation } from "../graph/file-head.js";
import type { PictureLike } from "../image/picture.js";
import type { Arch } from "../models/architectures.js";
import type { Template } from "../models/template.js";
import { listLayers, type LayerLine } from "../models/taps.js";
import type { Device } from "../runtime/device.js";
import type { WeightStore } from "../runtime/weights.js";
import type { KeyReport } from "../checkpoint/match-keys.js";
import type { ModuleComparison } from "./compare-modules.js";
import type { Embedding, ModelDescription, ModelPreprocessing } from "./model-description.js";
import { modelInput, type PreparedInput } from "./model-input.js";
import type { Assumption, Difference, FileWord } from "./settings.js";
import { say } from "../language/say.js";

/** Values of a layer, row-major: [1, height, width, channels] of feature maps, [1, tokens, channels] of tokens. */
export interface LayerValue {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export class Model implements ModelDescription {
  readonly arch: Arch;
  readonly spelling: string;
  readonly classes: number;
  readonly embedding: Embedding | undefined;
  readonly channels: 1 | 3;
  readonly labels: readonly string[] | undefined;
  readonly activation: Activation;
  readonly preprocessing: ModelPreprocessing;
  readonly assumed: readonly Assumption[];
  readonly said: readonly FileWord[];
  readonly differences: readonly Difference[];
  readonly report: KeyReport;
  /** Undefined where the file holds tensors alone. */
  readonly modules: ModuleComparison | undefined;
  readonly headActivation: HeadActivation | undefined;
  readonly transformInput: boolean | undefined;
  readonly defaultLayer: string;
  private readonly explainer: Explainer;

  /** Made by loadModel. */
  constructor(
    description: ModelDescription,
    private readonly template: Template,
    private readonly device: Device,
    private readonly weights: WeightStore,
    rebuild?: () => Template,
  ) {
    this.arch = description.arch;
    this.spelling = description.spelling;
    this.classes = description.classes;
    this.embedding = description.embedding;
    this.channels = description.channels;
    this.labels = description.labels;
    this.activation = description.activation;
    this.preprocessing = description.preprocessing;
    this.assumed = description.assumed;
    this.said = description.said;
    this.differences = description.differences;
    this.report = description.report;
    this.modules = description.modules;
    this.headActivation = description.headActivation;
    this.transformInput = description.transformInput;
    this.defaultLayer = description.defaultLayer;
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

  /** The full path that a layer's name means, as `features.norm5` for `features[-1]`. @throws GradlensError "unknown-layer" */
  resolveLayer(path: string): string {
    return this.explainer.tap(path).path;
  }

  /** The logits and scores of a picture, and the outputs of some layers by the path asked for. */
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

  /** The gradient of one class's logit, or of one value of the embedding, at some layers, by the path asked for. */
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
   * Which of `methods` have no map in this model at `layers`, and why: what `explain` leaves out. Whether `memory` is enough for
   * a method only `explain` can tell.
   * @throws GradlensError why each has none, where that leaves none
   */
  refusals(options: ExplainOptions = {}): Refusal[] {
    return this.explainer.refusals(options);
  }

  /**
   * Which of `methods` run the model, or much of it, many times at `layers`: beside them the others take no time. A call for
   * each lets what is done be kept where a later one is aborted.
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

  /** Bytes of GPU memory that are and were at most in use. */
  get memory(): { readonly now: number; readonly peak: number } {
    return this.device.memory;
  }

  /** How often the forward pass of a picture has run so far; runs of perturbed pictures do not count. */
  get forwardRuns(): number {
    return this.explainer.forwardRuns;
  }

  /**
   * Frees the GPU memory beyond the weights that is kept for further calls, once the calls made so far are done. Of the weights
   * about the size of the model stays. The next call compiles anew.
   */
  async releasePlans(): Promise<void> {
    await this.explainer.releasePlans();
  }

  /** What each dispatch of the last forward pass takes, by running it once more. */
  profile(): ReturnType<Explainer["profile"]> {
    return this.explainer.profile();
  }

  private input(picture: PictureLike | PreparedInput): Float32Array {
    this.explainer.checkOpen();
    return modelInput(picture, this, this.device.maxElements);
  }

  /**
   * Frees everything the model holds on the GPU; the device stays open. Calls that are not done reject with the code "aborted",
   * and what they work with is freed behind them; later calls reject with "bad-argument".
   */
  dispose(): void {
    this.explainer.dispose(() => {
      this.weights.dispose();
      this.device.dispose();
    });
  }
}
