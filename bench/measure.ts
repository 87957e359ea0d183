/** @file Timing: cases run in turn, round after round, so that a machine's drift hits all alike. */

export interface Case {
  /** As "densenet121@224/forward". */
  readonly name: string;
  readonly flops?: number;
  readonly run: () => Promise<unknown>;
}

export interface Measured {
  readonly name: string;
  readonly medianMs: number;
  readonly minMs: number;
  /** Of the median, where the case has a number of operations. */
  readonly gflops?: number;
}

const round = (value: number, digits = 3): number => Number(value.toFixed(digits));

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One warm-up, then `rounds` rounds over all cases. */
export async function measure(cases: readonly Case[], rounds: number): Promise<Measured[]> {
  for (const { run } of cases) await run();
  const times = cases.map((): number[] => []);
  for (let r = 0; r < rounds; r++) {
    for (const [i, { run }] of cases.entries()) {
      const start = performance.now();
      await run();
      times[i]!.push(performance.now() - start);
    }
  }
  return cases.map(({ name, flops }, i) => {
    const medianMs = round(median(times[i]!));
    return {
      name,
      medianMs,
      minMs: round(Math.min(...times[i]!)),
      ...(flops === undefined ? {} : { gflops: round(flops / medianMs / 1e6, 2) }),
    };
  });
}
