/**
 * @file Computes the model's scores once per channel (that channel ablated, or used as a mask), in batches that fit a
 * memory budget.
 */

import { hasCode } from "../../errors.js";
import type { Plan, PlanRunOptions } from "../../runtime/plan.js";
import {
  compile,
  compileLargest,
  estimate,
  holds,
  type BatchGraph,
  type CompiledBatch,
} from "../passes/memory-budget.js";
import type { DeviceModel } from "../model.js";

/** The name of the input [batch, channels] that says which channel each picture is about: 1 there, else 0. */
export const PICKS = "picks";

export interface BatchLimits {
  /** Pictures at once, at most. */
  readonly batchSize: number;
  /** Bytes of GPU memory beyond the weights that may be in use, everything counted. */
  readonly memory?: number | undefined;
  /** A batch of all channels is taken, whatever `batchSize`, if it costs no more floating-point operations than this. */
  readonly cheap?: number;
}

export interface BatchProgress extends Pick<PlanRunOptions, "signal"> {
  /** Called before the first batch and after each, with pictures done. */
  readonly onBatch?: ((done: number) => void) | undefined;
}

export class BatchPlan {
  private constructor(
    private readonly plan: Plan,
    readonly batch: number,
    private readonly channels: number,
  ) {}

  /**
   * @param make whose output is [batch, classes]
   * @throws GradlensError "out-of-memory" where not even one picture at a time fits
   */
  static async compile(
    model: DeviceModel,
    channels: number,
    make: (batch: number) => BatchGraph,
    limits: BatchLimits,
  ): Promise<BatchPlan> {
    const most = Math.min(limits.batchSize, channels);
    const { plan, batch } =
      (await compileAll(model, channels, make, limits)) ??
      (await compileLargest(model, most, make, limits.memory));
    return new BatchPlan(plan, batch, channels);
  }

  /**
   * The logits of one picture for each channel asked for, -1 for a picture about none.
   * @param inputs other inputs of the graph
   * @returns rows, one for each of `wanted`; where a plan runs all channels at once, `wanted` must be all in order
   */
  async run(
    wanted: readonly number[],
    inputs: ReadonlyMap<string, Float32Array>,
    { signal, onBatch }: BatchProgress,
  ): Promise<Float32Array[]> {
    const { plan, batch, channels } = this;
    for (const [name, values] of inputs) plan.write(name, values);
    const rows: Float32Array[] = [];
    onBatch?.(0);
    for (let start = 0; start < wanted.length; start += batch) {
      const picks = new Float32Array(batch * channels);
      const chunk = wanted.slice(start, start + batch);
      chunk.forEach((channel, i) => {
        if (channel >= 0) picks[i * channels + channel] = 1;
      });
      plan.write(PICKS, picks);
      await plan.run({ signal });
      const [logits] = await plan.read(0);
      const classes = logits!.length / batch;
      chunk.forEach((_, i) => rows.push(logits!.slice(i * classes, (i + 1) * classes)));
      onBatch?.(rows.length);
    }
    return rows;
  }

  dispose(): void {
    this.plan.dispose();
  }
}

/** The plan of all channels at once; undefined where that is too much. */
async function compileAll(
  model: DeviceModel,
  channels: number,
  make: (batch: number) => BatchGraph,
  { batchSize, memory, cheap = 0 }: BatchLimits,
): Promise<CompiledBatch | undefined> {
  const made = make(channels);
  const cost = estimate(model, made);
  if (!holds(model, cost, memory) || (channels > batchSize && cost.flops > cheap)) return undefined;
  try {
    return { plan: await compile(model, made), batch: channels };
  } catch (error) {
    if (!hasCode(error, "out-of-memory") || channels === 1) throw error;
    return undefined;
  }
}
