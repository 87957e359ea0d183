/**
 * @file What a piece of work took: time on the clock, and processor time of all threads. Where the adapter is software, the
 * latter is what a method costs whatever else the machine is doing.
 */

export interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Both clocks, since some start. */
export function clocks(): Cost {
  const { user, system } = process.cpuUsage();
  return { ms: performance.now(), cpuMs: (user + system) / 1e3 };
}

export const between = (start: Cost, end: Cost): Cost => ({
  ms: end.ms - start.ms,
  cpuMs: end.cpuMs - start.cpuMs,
});

export const scaled = (cost: Cost, by: number): Cost => ({ ms: cost.ms * by, cpuMs: cost.cpuMs * by });

export const sum = (a: Cost, b: Cost): Cost => ({ ms: a.ms + b.ms, cpuMs: a.cpuMs + b.cpuMs });

/** The least on each clock. */
export const least = (costs: readonly Cost[]): Cost => ({
  ms: Math.min(...costs.map(({ ms }) => ms)),
  cpuMs: Math.min(...costs.map(({ cpuMs }) => cpuMs)),
});

export async function costOf(run: () => Promise<unknown>): Promise<Cost> {
  const start = clocks();
  await run();
  return between(start, clocks());
}
