/** @file A compiled graph: makes buffers, bind groups and uniforms once, then runs many times without allocating. */

import { invariant, throwIfAborted } from "../errors.js";
import { sizeOf } from "../graph/shape.js";
import type { Lowered } from "../kernels/lowering.js";
import type { Step } from "../kernels/step.js";
import { storageShape, type View } from "../kernels/view.js";
import type { GpuMemory } from "./gpu-memory.js";
import { costOf } from "./pace.js";
import { readViews, timePass } from "./readback.js";
import { say } from "../language/say.js";

export interface PlanRunOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Time of one dispatch. */
export interface Timing {
  readonly step: Step;
  readonly milliseconds: number;
}

export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly grid: readonly [number, number];
}

export class Plan {
  private disposed = false;
  private readonly costs: readonly number[];

  /** Made by Device.compile. */
  constructor(
    private readonly device: GpuMemory,
    private readonly lowered: Lowered,
    private readonly dispatches: readonly Dispatch[],
    private readonly release: () => void,
  ) {
    this.costs = lowered.steps.map(costOf);
  }

  get steps(): readonly Step[] {
    return this.lowered.steps;
  }

  /** Where the outputs lie, in the order requested. Other plans may read them until this one runs again or is disposed. */
  get outputs(): readonly View[] {
    return this.lowered.outputs;
  }

  get flops(): number {
    return this.steps.reduce((sum, step) => sum + step.flops, 0);
  }

  /** Sets an input: row-major values of its shape. */
  write(name: string, values: Float32Array): void {
    const view = this.lowered.inputs.get(name);
    if (!view) return; // An input that no output depends on.
    invariant(
      values.length === sizeOf(view.shape),
      `input ${name}: ${values.length} values for ${view.shape.join("x")}`,
    );
    const { buffer, offset } = this.device.rangeOf(view.slot);
    this.device.queue.writeBuffer(buffer, offset, padRows(values, view.shape));
  }

  /** Submits the plan in parts of bounded time (pace.ts). Resolves while the GPU may still work on the last part. */
  async run({ signal }: PlanRunOptions = {}): Promise<void> {
    const { device, dispatches, costs } = this;
    const { pace, errors } = device;
    invariant(!this.disposed, "the plan is disposed");
    errors.check();
    for (let first = 0, end = 0; first < dispatches.length; first = end) {
      throwIfAborted(signal, say`the run`);
      const { room } = pace;
      let cost = 0;
      while (end < dispatches.length && (end === first || cost < room)) cost += costs[end++]!;
      this.submit(first, end);
      const before = pace.submitted(cost);
      if (before) await errors.wait(before);
    }
    throwIfAborted(signal, say`the run`);
    errors.check();
  }

  private submit(first: number, end: number): void {
    const encoder = this.device.gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const dispatch of this.dispatches.slice(first, end)) encode(pass, dispatch);
    pass.end();
    this.device.queue.submit([encoder.finish()]);
  }

  /** The values of some outputs. */
  read(...indexes: number[]): Promise<Float32Array[]> {
    return readViews(
      this.device,
      indexes.map((i) => this.outputs[i]!),
    );
  }

  /** Times each dispatch by itself: with timestamps if the adapter has them, else on the wall clock. */
  async profile(): Promise<Timing[]> {
    const timings: Timing[] = [];
    for (const [i, step] of this.steps.entries()) {
      const milliseconds = await timePass(this.device, (encoder, descriptor) => {
        const pass = encoder.beginComputePass(descriptor);
        encode(pass, this.dispatches[i]!);
        pass.end();
      });
      timings.push({ step, milliseconds });
    }
    return timings;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.release();
  }
}

function encode(pass: GPUComputePassEncoder, { pipeline, bindGroup, grid }: Dispatch): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(grid[0], grid[1]);
}

/** WebGPU's maxComputeWorkgroupsPerDimension, which no adapter exceeds in practice. */
const MAX_GROUPS_X = 65535;

export const gridOf = (groups: number): [number, number] =>
  groups <= MAX_GROUPS_X ? [groups, 1] : [MAX_GROUPS_X, Math.ceil(groups / MAX_GROUPS_X)];

/** Row-major values as they lie in memory: rows padded to four elements. */
function padRows(values: Float32Array, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const columns = shape.at(-1) ?? 1;
  const stored = storageShape(shape);
  const stride = stored.at(-1) ?? 1;
  if (stride === columns) return new Float32Array(values);
  const rows = values.length / columns;
  const result = new Float32Array(rows * stride);
  for (let r = 0; r < rows; r++) result.set(values.subarray(r * columns, (r + 1) * columns), r * stride);
  return result;
}
