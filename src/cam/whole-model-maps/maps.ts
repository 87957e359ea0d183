/** @file Runs the methods of a request that read no layer, and scales their maps. */

import type { Pair } from "../../graph/types.js";
import { camMaps } from "../cam-maps.js";
import { WholeModelPlan, sharedOf, type WholeModelValue } from "./plan.js";
import type { MapOptionValues } from "../map-options.js";
import { scaleTogether, type Scaling } from "../scaling/scale-together.js";
import { inputHeat } from "../request/gradient-heat.js";
import type { PictureSamples } from "../methods/method.js";
import { isInputMethod, METHODS, type WholeModelMethodName } from "../methods/table.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import type { Refusals } from "../request/refusals.js";
import { meanGradients } from "./mean-gradient.js";
import type { Target } from "../request/targets.js";
import type { CamMap, ExplainOptions, InputGradient } from "../request/types.js";
import { translated } from "../../language/say.js";

export interface WholeModelContext {
  readonly symbolic: SymbolicModel;
  readonly methods: readonly WholeModelMethodName[];
  readonly targets: readonly Target[];
  readonly options: Omit<ExplainOptions, "onProgress">;
  readonly onProgress: NonNullable<ExplainOptions["onProgress"]>;
  /** Collects the methods for which `memory` is not enough. */
  readonly refused: Refusals;
  readonly mapOptions: MapOptionValues;
  /** Of the model's input. */
  readonly size: Pair;
  readonly channels: number;
  /** Pictures, or targets, that run at once. */
  readonly batchSize: number;
}

export class WholeModelMaps {
  readonly gradients: InputGradient[] = [];
  /** For each variant: the raw map by "method target". */
  private readonly variants: Map<string, WholeModelValue>[] = [];
  private keepsGradients = false;

  constructor(private readonly context: WholeModelContext) {}

  /** @param plain gradients are shown as pictures for this variant only */
  startVariant(plain: boolean): void {
    this.variants.push(new Map());
    this.keepsGradients = plain;
  }

  /** The methods of the shared forward pass. */
  get shared(): WholeModelMethodName[] {
    return sharedOf(this.context.methods);
  }

  /** Adds maps that read the shared forward pass. */
  async addShared(
    forward: ForwardPass,
    methods: readonly WholeModelMethodName[],
    chunk: readonly Target[],
  ): Promise<void> {
    const { options, symbolic } = this.context;
    const plan = await this.planFor(forward, methods, chunk);
    const seed = symbolic.seedRows(chunk.map((target) => target.index));
    for (const [name, values] of await plan.run(seed, options)) {
      chunk.forEach((target, t) => this.add(name, target, values.length === 1 ? values[0]! : values[t]!));
    }
  }

  /** Adds maps of mean gradients over many pictures. @param input the normalised picture */
  async addSampled(forward: ForwardPass, input: Float32Array): Promise<void> {
    const { methods, targets, refused } = this.context;
    if (targets.length === 0) return;
    for (const name of methods) {
      const { samples, timesInput } = METHODS[name].inputGradient ?? {};
      if (!samples) continue;
      await refused.attempt(name, async () => {
        const gradients = await this.meanGradients(name, samples, forward, input);
        targets.forEach((target, t) => {
          const gradient = gradients[t]!;
          const data = timesInput ? gradient.map((g, i) => g * input[i]!) : gradient;
          this.add(name, target, { data, size: this.context.size });
        });
      });
    }
  }

  private meanGradients(
    name: WholeModelMethodName,
    samples: PictureSamples,
    forward: ForwardPass,
    input: Float32Array,
  ): Promise<Float32Array[]> {
    const { symbolic, targets, options, mapOptions, onProgress, batchSize } = this.context;
    return meanGradients(samples, {
      symbolic,
      forward,
      input,
      targets: targets.map((target) => target.index),
      seed: `${mapOptions.seed} ${name}`,
      batchSize,
      memory: options.memory,
      signal: options.signal,
      onProgress: (done, total) =>
        onProgress({ done, total, what: `${name}: ${translated(samples.what)}`, method: name }),
    });
  }

  private add(name: WholeModelMethodName, target: Target, value: WholeModelValue): void {
    const { size, channels, mapOptions } = this.context;
    const raw = this.variants.at(-1)!;
    if (!isInputMethod(name)) {
      raw.set(keyOf(name, target), value);
      return;
    }
    const { data } = value;
    raw.set(keyOf(name, target), { data: inputHeat(data, channels, mapOptions.inputHeat), size });
    if (this.keepsGradients) this.gradients.push({ method: name, target, data, shape: [...size, channels] });
  }

  /** What `addShared` runs. */
  planFor(
    forward: ForwardPass,
    methods: readonly WholeModelMethodName[],
    chunk: readonly Target[],
  ): Promise<WholeModelPlan> {
    const { symbolic, mapOptions } = this.context;
    return WholeModelPlan.for(symbolic, forward, methods, chunk.length, mapOptions);
  }

  maps(): CamMap[] {
    const { methods, targets, size, refused } = this.context;
    if (targets.length === 0) return [];
    const ran = methods.filter((method) => !refused.has(method));
    return ran.flatMap((method) => {
      const scaling = this.scalingOf(method);
      const variants = this.variants.map((raw) => {
        const values = targets.map((target) => raw.get(keyOf(method, target))!);
        const maps = values.map(({ data }) => data);
        return scaleTogether([{ shape: values[0]!.size, maps }], size, scaling);
      });
      return camMaps({ method, layers: [], shape: size }, scaling, targets, variants);
    });
  }

  /** `inputHeat` decides whether the heat of a gradient has a sign. */
  private scalingOf(method: WholeModelMethodName): Scaling {
    const { mapOptions } = this.context;
    if (!isInputMethod(method)) return mapOptions;
    return { ...mapOptions, relu: mapOptions.inputHeat !== "signed" };
  }
}

const keyOf = (method: WholeModelMethodName, target: Target): string => `${method} ${target.index}`;
