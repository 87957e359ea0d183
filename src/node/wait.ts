/** @file Waits for the GPU in Node, with naps between the binding's polls. */

/** The length of a nap in milliseconds. Longer ones gain nothing more. */
const NAP_MS = 0.5;

const cell = new Int32Array(new SharedArrayBuffer(4));
/** The number of current waits; together they take one nap a turn. */
let waits = 0;
let ticking = false;

/**
 * Resolves as `promise` does. While a Dawn promise is pending, its Node binding polls with setImmediate. That keeps a core busy
 * that a software adapter needs: everything runs 1.6 to 1.8 times slower. Hence this thread sleeps a little in each turn of the
 * event loop until the promise settles. Timers and other work still run.
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
