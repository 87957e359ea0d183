/** @file Compiles the largest batch that fits the memory budget and the GPU. */

import { GradlensError, hasCode } from "../../errors.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import type { CompileOptions, Estimate } from "../../runtime/device.js";
import type { Plan } from "../../runtime/plan.js";
import type { DeviceModel } from "../model.js";
import { say } from "../../language/say.js";

export interface BatchGraph {
  readonly graph: Builder;
  readonly output: Node;
  readonly sources?: NonNullable<CompileOptions["sources"]>;
}

export interface CompiledBatch {
  readonly plan: Plan;
  readonly batch: number;
}

/** Bytes left of the budget. */
const roomOf = ({ device, weights }: DeviceModel, memory: number | undefined): number =>
  (memory ?? Infinity) - (device.memory.now - weights.bytes);

export const holds = (model: DeviceModel, { fits, bytes }: Estimate, memory: number | undefined): boolean =>
  fits && bytes <= roomOf(model, memory);

export const estimate = (
  { device, weights }: DeviceModel,
  { graph, output, sources }: BatchGraph,
): Estimate => device.estimate(graph, [output], { weights, ...(sources && { sources }) });

export const compile = (
  { device, weights }: DeviceModel,
  { graph, output, sources }: BatchGraph,
): Promise<Plan> => device.compile(graph, [output], { weights, ...(sources && { sources }) });

/**
 * Compiles the largest batch, at most `most`. A batch that fits the budget but not the GPU is tried again at half its size.
 * @throws GradlensError "out-of-memory" where a batch of one does not fit
 */
export async function compileLargest(
  model: DeviceModel,
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
      if (batch === 1) throw gpuIsFull(error);
      size = Math.floor(batch / 2);
    }
  }
}

function largestBatch(
  model: DeviceModel,
  most: number,
  make: (batch: number) => BatchGraph,
  memory: number | undefined,
): { batch: number; made: BatchGraph } {
  for (let batch = most; ; batch = Math.floor(0.75 * batch)) {
    const made = make(batch);
    const cost = estimate(model, made);
    if (holds(model, cost, memory)) return { batch, made };
    if (batch <= 1) throw budgetTooSmall(memory, (memory ?? 0) - roomOf(model, memory) + cost.bytes);
  }
}

const bytesText = (bytes: number): string =>
  bytes < 10 * 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;

const gpuIsFull = (cause: GradlensError): GradlensError =>
  new GradlensError(
    "out-of-memory",
    say`the GPU has no memory left for one picture at a time; use a smaller --size`,
    { cause },
  );

const budgetTooSmall = (memory: number | undefined, needed: number): GradlensError =>
  new GradlensError(
    "out-of-memory",
    memory === undefined
      ? say`one picture at a time does not fit on this adapter; use a smaller --size`
      : say`${bytesText(memory)} is not enough: one picture at a time needs ${bytesText(needed)} on top of the weights; use a larger --memory or a smaller --size`,
  );
