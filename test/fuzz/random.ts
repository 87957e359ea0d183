/** @file Random choices of a case: its own for each seed and number. */

/** A whole number from 0 up, less than `below`. */
export type Random = (below: number) => number;

/** Mulberry32. */
export function randomOf(seed: number, number: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export const oneOf = <T>(list: readonly T[], random: Random): T => list[random(list.length)]!;
