/** @file Runs the methods of a request that look at no layer, and finishes their maps. */

import type { Pair } from "../../graph/types.js";
import { peak } from "../../image/map-range.js";
import { DirectPlan, sharedOf, type DirectValue } from "./plan.js";
import { finishTogether, type Finishing } from "../scaling/scale-together.js";
import { inputHeat } from "../request/gradient-heat.js";
import type { DirectMethod } from "../methods/method.js";
import { METHODS, type DirectMethodName } from "../methods/table.js";
import type { Passes } from "../passes/symbolic-model.js";
import type { Forward } from "../passes/forward-pass.js";
import type { Refusals } from "../request/refusals.js";
import { meanGradients, type Samples } from "./mean-gradient.js";
import { meanOfVariants } from "../scaling/input-variants.js";
import type { Target } from "../request/targets.js";
import type { CamMap, ExplainOptions, InputGradient } from "../request/types.js";

export interface DirectContext {
  readonly passes: Passes;
  readonly methods: readonly DirectMethodName[];
  readonly targets: readonly Target[];
  readonly options: Omit<ExplainOptions, "onProgress">;
  readonly onProgress: NonNullable<ExplainOptions["onProgress"]>;
  /** Gets the methods that the memory allowed is too little for. */
  readonly refused: Refusals;
  readonly finishing: Finishing;
  /** Of the model's input. */
  readonly size: Pair;
  readonly channels: number;
  /** Pictures, or targets, at once. */
  readonly batchSize: number;
}

export class DirectMaps {
  readonly gradients: InputGradient[] = [];
  /** By variant: the raw map of "method target". */
  private readonly variants: Map<string, DirectValue>[] = [];
  private keepsGradients = false;

  constructor(private readonly context: DirectContext) {}

  /** @param plain the gradients of this variant are the ones to be shown */
  startVariant(plain: boolean): void {
    this.variants.push(new Map());
    this.keepsGradients = plain;
  }

  /** The methods of the shared forward pass. */
  get shared(): DirectMethodName[] {
    return sharedOf(this.context.methods);
  }

  /** Compiles what `addShared` runs. */
  async prepare(
    forward: Forward,
    methods: readonly DirectMethodName[],
    chunk: readonly Target[],
  ): Promise<void> {
    await this.planFor(forward, methods, chunk);
  }

  /** The maps that come of the shared forward pass, of some of its methods and targets. */
  async addShared(
    forward: Forward,
    methods: readonly DirectMethodName[],
    chunk: readonly Target[],
  ): Promise<void> {
    const { options, passes } = this.context;
    const plan = await this.planFor(forward, methods, chunk);
    const found = await plan.run(passes.seedRows(chunk.map((target) => target.index)), {
      signal: options.signal,
    });
    for (const [name, values] of found) {
      chunk.forEach((target, t) => this.add(name, target, values.length === 1 ? values[0]! : values[t]!));
    }
  }

  /** The maps of many pictures' gradients. @param input the normalised picture */
  async addSampled(forward: Forward, input: Float32Array): Promise<void> {
    const { methods, targets, refused } = this.context;
    if (targets.length === 0) return;
    for (const name of methods) {
      const def: DirectMethod = METHODS[name];
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
    name: DirectMethodName,
    samples: Samples,
    forward: Forward,
    input: Float32Array,
  ): Promise<Float32Array[]> {
    const { passes, targets, options, onProgress, batchSize } = this.context;
    return meanGradients(samples, {
      passes,
      forward,
      input,
      targets: targets.map((target) => target.index),
      seed: `${options.seed ?? 0} ${name}`,
      batchSize,
      memory: options.memory,
      signal: options.signal,
      onProgress: (done, total) => onProgress({ done, total, what: `${name}: ${samples.what}` }),
    });
  }

  private add(name: DirectMethodName, target: Target, value: DirectValue): void {
    const { size, channels, options } = this.context;
    const raw = this.variants.at(-1)!;
    if (METHODS[name].needs !== "input") {
      raw.set(keyOf(name, target), value);
      return;
    }
    const { data } = value;
    raw.set(keyOf(name, target), { data: inputHeat(data, channels, options.inputHeat ?? "absolute"), size });
    if (this.keepsGradients) this.gradients.push({ method: name, target, data, shape: [...size, channels] });
  }

  private planFor(
    forward: Forward,
    methods: readonly DirectMethodName[],
    chunk: readonly Target[],
  ): Promise<DirectPlan> {
    const { passes, options } = this.context;
    return DirectPlan.for(passes, forward, methods, chunk.length, options);
  }

  maps(): CamMap[] {
    const { methods, targets, size, refused } = this.context;
    if (targets.length === 0) return [];
    return methods.flatMap((method) => {
      if (refused.has(method)) return [];
      const finishing = this.finishingOf(method);
      const finished = this.variants.map((raw) => {
        const values = targets.map((target) => raw.get(keyOf(method, target))!);
        const maps = values.map(({ data }) => data);
        return finishTogether([{ shape: values[0]!.size, maps }], size, finishing);
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
          ...(finishing.relu ? {} : { signed: true }),
        };
      });
    });
  }

  /** Whether a gradient's heat has a sign is for `inputHeat` to say. */
  private finishingOf(method: DirectMethodName): Finishing {
    const { finishing, options } = this.context;
    if (METHODS[method].needs !== "input") return finishing;
    return { ...finishing, relu: options.inputHeat !== "signed" };
  }
}

const keyOf = (method: DirectMethodName, target: Target): string => `${method} ${target.index}`;
