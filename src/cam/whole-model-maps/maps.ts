/** @file Runs the methods of a request that use no layer, and scales their maps. */

import type { Pair } from "../../graph/types.js";
import { peak } from "../../image/map-range.js";
import { WholeModelPlan, sharedOf, type WholeModelValue } from "./plan.js";
import type { MapOptionValues } from "../map-options.js";
import { scaleTogether, type Scaling } from "../scaling/scale-together.js";
import { inputHeat } from "../request/gradient-heat.js";
import type { WholeModelMethod } from "../methods/method.js";
import { METHODS, type WholeModelMethodName } from "../methods/table.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import type { Refusals } from "../request/refusals.js";
import { meanGradients, type Samples } from "./mean-gradient.js";
import { meanOfVariants } from "../scaling/input-variants.js";
import type { Target } from "../request/targets.js";
import type { CamMap, ExplainOptions, InputGradient } from "../request/types.js";

export interface WholeModelContext {
  readonly symbolic: SymbolicModel;
  readonly methods: readonly WholeModelMethodName[];
  readonly targets: readonly Target[];
  readonly options: Omit<ExplainOptions, "onProgress">;
  readonly onProgress: NonNullable<ExplainOptions["onProgress"]>;
  /** Gets the methods that the memory allowed is too little for. */
  readonly refused: Refusals;
  readonly mapOptions: MapOptionValues;
  /** Of the model's input. */
  readonly size: Pair;
  readonly channels: number;
  /** Pictures, or targets, at once. */
  readonly batchSize: number;
}

export class WholeModelMaps {
  readonly gradients: InputGradient[] = [];
  /** By variant: the raw map of "method target". */
  private readonly variants: Map<string, WholeModelValue>[] = [];
  private keepsGradients = false;

  constructor(private readonly context: WholeModelContext) {}

  /** @param plain the gradients of this variant are the ones to be shown */
  startVariant(plain: boolean): void {
    this.variants.push(new Map());
    this.keepsGradients = plain;
  }

  /** The methods of the shared forward pass. */
  get shared(): WholeModelMethodName[] {
    return sharedOf(this.context.methods);
  }

  /** Compiles what `addShared` runs. */
  async prepare(
    forward: ForwardPass,
    methods: readonly WholeModelMethodName[],
    chunk: readonly Target[],
  ): Promise<void> {
    await this.planFor(forward, methods, chunk);
  }

  /** The maps that come of the shared forward pass, of some of its methods and targets. */
  async addShared(
    forward: ForwardPass,
    methods: readonly WholeModelMethodName[],
    chunk: readonly Target[],
  ): Promise<void> {
    const { options, symbolic } = this.context;
    const plan = await this.planFor(forward, methods, chunk);
    const found = await plan.run(symbolic.seedRows(chunk.map((target) => target.index)), {
      signal: options.signal,
    });
    for (const [name, values] of found) {
      chunk.forEach((target, t) => this.add(name, target, values.length === 1 ? values[0]! : values[t]!));
    }
  }

  /** The maps of many pictures' gradients. @param input the normalised picture */
  async addSampled(forward: ForwardPass, input: Float32Array): Promise<void> {
    const { methods, targets, refused } = this.context;
    if (targets.length === 0) return;
    for (const name of methods) {
      const def: WholeModelMethod = METHODS[name];
      if (def.needs !== "input" || !def.samples) continue;
      const { samples, timesInput } = def;
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
    samples: Samples,
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
      onProgress: (done, total) => onProgress({ done, total, what: `${name}: ${samples.what}` }),
    });
  }

  private add(name: WholeModelMethodName, target: Target, value: WholeModelValue): void {
    const { size, channels, mapOptions } = this.context;
    const raw = this.variants.at(-1)!;
    if (METHODS[name].needs !== "input") {
      raw.set(keyOf(name, target), value);
      return;
    }
    const { data } = value;
    raw.set(keyOf(name, target), { data: inputHeat(data, channels, mapOptions.inputHeat), size });
    if (this.keepsGradients) this.gradients.push({ method: name, target, data, shape: [...size, channels] });
  }

  private planFor(
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
    return methods.flatMap((method) => {
      if (refused.has(method)) return [];
      const scaling = this.scalingOf(method);
      const finished = this.variants.map((raw) => {
        const values = targets.map((target) => raw.get(keyOf(method, target))!);
        const maps = values.map(({ data }) => data);
        return scaleTogether([{ shape: values[0]!.size, maps }], size, scaling);
      });
      return targets.map((target, t): CamMap => {
        const variants = finished.map((maps) => maps[t]!);
        const data = variants.length === 1 ? variants[0]! : meanOfVariants(variants, size);
        return {
          method,
          layers: [],
          target,
          data,
          shape: size,
          peak: peak(data, { height: size[0], width: size[1] }),
          ...(scaling.relu ? {} : { signed: true }),
        };
      });
    });
  }

  /** Whether a gradient's heat has a sign is for `inputHeat` to say. */
  private scalingOf(method: WholeModelMethodName): Scaling {
    const { mapOptions } = this.context;
    if (METHODS[method].needs !== "input") return mapOptions;
    return { ...mapOptions, relu: mapOptions.inputHeat !== "signed" };
  }
}

const keyOf = (method: WholeModelMethodName, target: Target): string => `${method} ${target.index}`;
