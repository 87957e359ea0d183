/** @file The one way to wait for the GPU in Node: naps between the binding's polls. */

/** How long a nap is, in milliseconds. Longer ones gain nothing more. */
const NAP_MS = 0.5;

const cell = new Int32Array(new SharedArrayBuffer(4));
/** Waits under way: however many there are, one nap is taken a turn. */
let waits = 0;
let ticking = false;

/**
 * Resolves as `promise` does. While a promise of Dawn's is pending its Node binding polls with setImmediate, which
 * keeps a core busy that a software adapter needs (everything runs 1.6 to 1.8 times slower); so this thread sleeps a
 * little in each turn of the event loop until the promise settles. Timers and other work still get their turns.
 */
export async function napWhile<T>(promise: Promise<T>): Promise<T> {
  waits++;
  if (!ticking) {
    ticking = true;
    setImmediate(tick);
  }
  try {
    return await promise;
  } finally {
    waits--;
  }
}

function tick(): void {
  if (waits === 0) {
    ticking = false;
    return;
  }
  Atomics.wait(cell, 0, 0, NAP_MS);
  setImmediate(tick);
}
