/** @file Rounds as C's rint and Python's round do. */

/** To the nearest whole number, halves to even. */
export function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
