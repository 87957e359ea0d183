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
} from "./memory-budget.js";
import { rowsOf } from "../split-lists.js";
import type { DeviceModel } from "../model.js";

/** The name of an input [batch, channels], one-hot in each row: the channel of each picture. */
export const PICKS = "picks";

export interface BatchLimits {
  /** The most pictures that run at once. */
  readonly batchSize: number;
  /** The GPU memory budget in bytes, on top of the weights. */
  readonly memory?: number | undefined;
  /** All channels run at once, whatever `batchSize`, if that needs no more floating-point operations than this. */
  readonly cheap?: number;
}

export interface BatchProgress extends Pick<PlanRunOptions, "signal"> {
  /** Called before the first batch and after each. @param done pictures */
  readonly onBatch?: ((done: number) => void) | undefined;
}

export class BatchPlan {
  private constructor(
    private readonly plan: Plan,
    readonly batch: number,
    private readonly channels: number,
  ) {}

  /**
   * @param make its output is [batch, classes]
   * @throws GradlensError "out-of-memory" where one picture at a time does not fit
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
   * @param wanted channels; -1 is a picture of no channel. A plan that runs all channels at once needs all, in order
   * @param inputs other inputs of the graph
   * @returns a row of logits for each of `wanted`
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
      rows.push(...rowsOf(logits!, batch).slice(0, chunk.length));
      onBatch?.(rows.length);
    }
    return rows;
  }

  dispose(): void {
    this.plan.dispose();
  }
}

/** The plan of all channels at once; undefined where it needs too much. */
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
