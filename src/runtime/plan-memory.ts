/** @file The memory of one plan: buffers of its own, and buffers that it shares with other plans. */

import type { Slot } from "../kernels/view.js";
import type { Lifetime } from "./buffer-assignment.js";
import type { GpuMemory } from "./gpu-memory.js";
import type { PoolBuffer, SharedPool } from "./shared-pool.js";

export class PlanMemory {
  private readonly owned: GPUBuffer[] = [];
  private shared: readonly PoolBuffer[] = [];

  constructor(
    private readonly device: GpuMemory,
    private readonly pool: SharedPool,
  ) {}

  place(own: readonly Slot[], shared: readonly Lifetime[]): void {
    this.shared = this.pool.place(shared, (slot, range) => this.device.place(slot, range));
    for (const slot of own) {
      const buffer = this.add(this.device.createBuffer(slot.size * 4, slot.name));
      this.device.place(slot, { buffer, offset: 0, size: buffer.size });
    }
  }

  /** The buffer is destroyed with the plan's own. */
  add(buffer: GPUBuffer): GPUBuffer {
    this.owned.push(buffer);
    return buffer;
  }

  free(): void {
    for (const buffer of this.owned.splice(0)) this.device.destroyBuffer(buffer);
    this.pool.release(this.shared);
    this.shared = [];
  }
}
