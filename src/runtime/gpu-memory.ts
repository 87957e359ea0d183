/** @file A GPU device's memory and queue: counts buffers, places values in them, and makes room when memory is short. */

import { hasCode, invariant } from "../errors.js";
import type { Slot } from "../kernels/view.js";
import { DeviceErrors } from "./errors.js";
import type { Gpu } from "./gpu.js";
import type { Range } from "./buffer-assignment.js";
import { Pace } from "./pace.js";

// WebGPU's flags as numbers: the core uses no globals of a host.
export const USAGE = {
  MAP_READ: 0x1,
  COPY_SRC: 0x4,
  COPY_DST: 0x8,
  UNIFORM: 0x40,
  STORAGE: 0x80,
  QUERY_RESOLVE: 0x200,
} as const;

export class GpuMemory {
  readonly errors: DeviceErrors;
  readonly pace: Pace;
  /**
   * Called when the GPU refuses memory: frees what is kept for later calls. Resolves to whether it freed anything.
   */
  makeRoom: () => Promise<boolean> = () => Promise.resolve(false);
  private readonly ranges = new WeakMap<Slot, Range>();
  private bytes = 0;
  private peak = 0;

  constructor(readonly gpu: Gpu) {
    this.errors = new DeviceErrors(gpu);
    this.pace = new Pace(() => gpu.device.queue.onSubmittedWorkDone());
  }

  get queue(): GPUQueue {
    return this.gpu.device.queue;
  }

  get limits(): GPUSupportedLimits {
    return this.gpu.device.limits;
  }

  /** Allocated bytes of GPU memory, now and at most. */
  get memory(): { readonly now: number; readonly peak: number } {
    return { now: this.bytes, peak: this.peak };
  }

  /**
   * Runs `body`, which allocates memory for `what`. Runs it again if the GPU refuses and room can be made.
   * @param undo frees what a refused attempt allocated
   */
  async allocate<T>(what: () => string, body: () => T, undo: () => void): Promise<T> {
    const attempt = (): Promise<T> =>
      this.errors.scoped(what, body).catch((error: unknown) => {
        undo();
        throw error;
      });
    try {
      return await attempt();
    } catch (error) {
      if (!hasCode(error, "out-of-memory") || !(await this.makeRoom())) throw error;
      return attempt();
    }
  }

  createBuffer(bytes: number, label: string): GPUBuffer {
    return this.bufferOf(bytes, label, USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST);
  }

  protected bufferOf(bytes: number, label: string, usage: number): GPUBuffer {
    const size = Math.ceil(bytes / 16) * 16;
    const buffer = this.gpu.device.createBuffer({ label, size, usage });
    this.bytes += size;
    this.peak = Math.max(this.peak, this.bytes);
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer): void {
    this.bytes -= buffer.size;
    buffer.destroy();
  }

  /** Records where a slot lies. */
  place(slot: Slot, range: Range): void {
    this.ranges.set(slot, range);
  }

  hasPlace(slot: Slot): boolean {
    return this.ranges.has(slot);
  }

  rangeOf(slot: Slot): Range {
    const range = this.ranges.get(slot);
    invariant(range, `slot ${slot.name || slot.kind} has no memory`);
    return range;
  }

  /** Resolves when all submitted work is done. */
  async idle(): Promise<void> {
    await this.errors.wait(this.queue.onSubmittedWorkDone());
    this.pace.settled();
  }
}
