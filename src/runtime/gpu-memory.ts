/** @file A GPU device's memory and queue: buffers that are counted, where values lie, and what happens where memory is short. */

import { hasCode, invariant } from "../errors.js";
import type { Slot } from "../kernels/view.js";
import { DeviceErrors } from "./errors.js";
import type { Gpu } from "./gpu.js";
import type { Range } from "./buffer-assignment.js";
import { Pace } from "./pace.js";

// WebGPU's flags as numbers: the core takes no globals of a host.
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
   * Where the GPU refuses memory: frees what is kept for calls to come, but nothing that is in use. Resolves to whether that was
   * anything.
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

  /** Bytes of GPU memory that are and were at most allocated here. */
  get memory(): { readonly now: number; readonly peak: number } {
    return { now: this.bytes, peak: this.peak };
  }

  /**
   * Runs `body`, which takes memory for `what`, and once more where the GPU refuses it and room can be made.
   * @param undo frees what a refused try took: it must not take the room of what could still be run
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

  /** Says where a slot lies, for memory that is managed elsewhere (the weight store). */
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
