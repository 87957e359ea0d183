/** @file The one way to wait for the GPU in Node: naps between the binding's polls. */

/** How long a nap may be, in milliseconds. Longer ones gain nothing more on software adapters. */
export const NAP_MS = { software: 0.5, gpu: 0.1 };

const cell = new Int32Array(new SharedArrayBuffer(4));
/** Nap length of each wait under way; the shortest counts, and however many there are, one nap is taken a turn. */
const pending = new Set<{ readonly napMs: number }>();
let ticking = false;

/**
 * Resolves as `promise` does. While a promise of Dawn's is pending its Node binding polls with setImmediate, which
 * keeps a core busy that a software adapter needs (everything runs 1.6 to 1.8 times slower); so this thread sleeps a
 * little in each turn of the event loop until the promise settles. Timers and other work still get their turns.
 */
export async function napWhile<T>(promise: Promise<T>, napMs: number): Promise<T> {
  const wait = { napMs };
  pending.add(wait);
  if (!ticking) {
    ticking = true;
    setImmediate(tick);
  }
  try {
    return await promise;
  } finally {
    pending.delete(wait);
  }
}

function tick(): void {
  if (pending.size === 0) {
    ticking = false;
    return;
  }
  Atomics.wait(cell, 0, 0, Math.min(...[...pending].map(({ napMs }) => napMs)));
  setImmediate(tick);
}
