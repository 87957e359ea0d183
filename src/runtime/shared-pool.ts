/** @file Buffers that the temporary values of a device's plans share: plans run one after another. */

import type { Slot } from "../kernels/view.js";
import { assignBuffers, type Lifetime, type Range } from "./buffer-assignment.js";
import type { GpuMemory } from "./gpu-memory.js";

export interface PoolBuffer {
  readonly buffer: GPUBuffer;
  readonly elements: number;
  /** Number of plans that use it. */
  users: number;
}

export class SharedPool {
  private pool: PoolBuffer[] = [];

  constructor(private readonly memory: Pick<GpuMemory, "createBuffer" | "destroyBuffer">) {}

  /** Elements to allocate beyond the pool. */
  estimate(lives: readonly Lifetime[]): number {
    const have = this.sizes;
    return assignBuffers(lives, have)
      .sizes.slice(have.length)
      .reduce((sum, n) => sum + n, 0);
  }

  /** Places each value of a plan. @returns the buffers of the plan, for `release` */
  place(lives: readonly Lifetime[], placed: (slot: Slot, range: Range) => void): readonly PoolBuffer[] {
    const { sizes, bufferOf } = assignBuffers(lives, this.sizes);
    for (const elements of sizes.slice(this.pool.length)) {
      this.pool.push({ buffer: this.memory.createBuffer(elements * 4, "shared"), elements, users: 0 });
    }
    const used = [...new Set(bufferOf.values())].map((i) => this.pool[i]!);
    for (const entry of used) entry.users++;
    for (const [slot, i] of bufferOf) {
      placed(slot, { buffer: this.pool[i]!.buffer, offset: 0, size: slot.size * 4 });
    }
    return used;
  }

  release(used: readonly PoolBuffer[]): void {
    for (const entry of used) entry.users--;
    // A disposed pool holds no buffers.
    for (const { buffer, users } of this.pool) if (users === 0) this.memory.destroyBuffer(buffer);
    this.pool = this.pool.filter((entry) => entry.users > 0);
  }

  dispose(): void {
    for (const { buffer } of this.pool) this.memory.destroyBuffer(buffer);
    this.pool = [];
  }

  private get sizes(): number[] {
    return this.pool.map(({ elements }) => elements);
  }
}
