/** @file Seeded random numbers, so that a failing test fails again. */

export interface Random {
  /** Uniform in [low, high). */
  readonly number: (low?: number, high?: number) => number;
  /** An integer from low to high, both included. */
  readonly integer: (low: number, high: number) => number;
  /** Uniform values in [low, high), default -1..1. */
  readonly array: (length: number, low?: number, high?: number) => Float64Array;
}

/** mulberry32: 32 bits of state, good enough for test data. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const number = (low = -1, high = 1): number => low + (high - low) * unit();
  return {
    number,
    integer: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    array: (length, low, high) => Float64Array.from({ length }, () => number(low, high)),
  };
}
