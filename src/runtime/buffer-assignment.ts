/**
 * @file Assigns buffers to temporary values that live at different times. They share whole buffers, not pieces of one:
 * a dispatch may not bind a buffer for reading and writing, and barriers are per buffer.
 */

import type { Step } from "../kernels/step.js";
import type { Slot } from "../kernels/view.js";

/** A piece of a buffer, in bytes. */
export interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

export interface Lifetime {
  readonly slot: Slot;
  /** Steps of the first write and the last use. */
  readonly first: number;
  last: number;
}

export function lifetimes(steps: readonly Step[]): Map<Slot, Lifetime> {
  const result = new Map<Slot, Lifetime>();
  steps.forEach((step, i) => {
    for (const slot of [step.output, ...step.inputs]) {
      const known = result.get(slot);
      if (known) known.last = i;
      else result.set(slot, { slot, first: i, last: i });
    }
  });
  return result;
}

export interface Assignment {
  /** Elements of each buffer. */
  readonly sizes: readonly number[];
  readonly bufferOf: ReadonlyMap<Slot, number>;
}

/**
 * Assigns each slot a buffer that no other slot uses at the same time. Largest slots come first; each gets the smallest
 * buffer that holds it, else a new one.
 * @param available sizes (elements) of existing buffers, which come first in the result
 */
export function assignBuffers(slots: readonly Lifetime[], available: readonly number[] = []): Assignment {
  const sizes = [...available];
  const users: Lifetime[][] = sizes.map(() => []);
  const bufferOf = new Map<Slot, number>();
  for (const life of [...slots].sort((a, b) => b.slot.size - a.slot.size || a.first - b.first)) {
    let best = -1;
    sizes.forEach((size, i) => {
      const fits =
        size >= life.slot.size && users[i]!.every((u) => u.last < life.first || u.first > life.last);
      if (fits && (best < 0 || size < sizes[best]!)) best = i;
    });
    if (best < 0) {
      best = sizes.length;
      sizes.push(life.slot.size);
      users.push([]);
    }
    users[best]!.push(life);
    bufferOf.set(life.slot, best);
  }
  return { sizes, bufferOf };
}
