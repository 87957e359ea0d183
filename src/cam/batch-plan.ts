/**
 * @file Runs a model's scores for many pictures that differ by what is done to one channel of a layer: in batches that
 * stay within a memory budget, however many channels there are.
 */

import { GradlensError, hasCode } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import type { CompileOptions, Estimate } from "../runtime/device.js";
import type { Plan, RunOptions } from "../runtime/plan.js";
import type { LoadedModel } from "./passes.js";

/** The name of the input [batch, channels] that says which channel each picture is about: 1 there, else 0. */
export const PICKS = "picks";

/** What is compiled for a batch. */
export interface BatchGraph {
  readonly graph: Builder;
  readonly output: Node;
  readonly sources?: NonNullable<CompileOptions["sources"]>;
}

export interface CompiledBatch {
  readonly plan: Plan;
  readonly batch: number;
}

export interface BatchLimits {
  /** Pictures at once, at most. */
  readonly batchSize: number;
  /** Bytes of GPU memory beyond the weights that may be in use, everything counted. */
  readonly memory?: number | undefined;
  /** A batch of all channels is taken, whatever `batchSize`, if it costs no more floating-point operations than this. */
  readonly cheap?: number;
}

export interface BatchProgress extends Pick<RunOptions, "signal"> {
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
    model: LoadedModel,
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

/** Bytes of GPU memory beyond the weights that may still be taken. */
const roomOf = ({ device, weights }: LoadedModel, memory: number | undefined): number =>
  (memory ?? Infinity) - (device.memory.now - weights.bytes);

const holds = (model: LoadedModel, { fits, bytes }: Estimate, memory: number | undefined): boolean =>
  fits && bytes <= roomOf(model, memory);

const estimate = ({ device, weights }: LoadedModel, { graph, output, sources }: BatchGraph): Estimate =>
  device.estimate(graph, [output], { weights, ...(sources && { sources }) });

const compile = ({ device, weights }: LoadedModel, { graph, output, sources }: BatchGraph): Promise<Plan> =>
  device.compile(graph, [output], { weights, ...(sources && { sources }) });

/** The plan of all channels at once; undefined where that is too much. */
async function compileAll(
  model: LoadedModel,
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

/**
 * The plan of the largest batch, at most `most`, that stays within the memory allowed and that the GPU has memory for: one that
 * it refuses is tried at half its size.
 * @throws GradlensError "out-of-memory" where not even a batch of one fits
 */
export async function compileLargest(
  model: LoadedModel,
  most: number,
  make: (batch: number) => BatchGraph,
  memory: number | undefined,
): Promise<CompiledBatch> {
  for (let size = most; ;) {
    const { batch, made } = largestBatch(model, size, make, memory);
    try {
      return { plan: await compile(model, made), batch };
    } catch (error) {
      if (!hasCode(error, "out-of-memory")) throw error;
      if (batch === 1) throw noneFits(error);
      size = Math.floor(batch / 2);
    }
  }
}

function largestBatch(
  model: LoadedModel,
  most: number,
  make: (batch: number) => BatchGraph,
  memory: number | undefined,
): { batch: number; made: BatchGraph } {
  for (let batch = most; ; batch = Math.floor(0.75 * batch)) {
    const made = make(batch);
    const cost = estimate(model, made);
    if (holds(model, cost, memory)) return { batch, made };
    if (batch <= 1) throw tooLittle(memory, (memory ?? 0) - roomOf(model, memory) + cost.bytes);
  }
}

const bytesText = (bytes: number): string =>
  bytes < 10 * 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;

const noneFits = (cause: GradlensError): GradlensError =>
  new GradlensError(
    "out-of-memory",
    "the GPU has no memory left for even one picture at a time; take a smaller --size",
    { cause },
  );

const tooLittle = (memory: number | undefined, needed: number): GradlensError =>
  new GradlensError(
    "out-of-memory",
    memory === undefined
      ? "not even one picture at a time fits on this adapter; take a smaller --size"
      : `${bytesText(memory)} are too little: one picture at a time takes ${bytesText(needed)} beyond the weights; allow more with --memory, or take a smaller --size`,
  );
