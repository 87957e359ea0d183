/** @file Finds the connected components of a mask's runs of pixels: two passes with union-find (Rosenfeld and Pfaltz 1966). */

/** The pixels `start` to `end` − 1 of row `y`. */
export type PixelRun = Readonly<Record<"y" | "start" | "end", number>>;

/**
 * Groups runs into components of pixels that touch, at corners too (8-connected). Runs come from the top, and from the left in
 * a row. Components keep the order of their first runs, and runs their order.
 */
export function connectRuns<R extends PixelRun>(runs: readonly R[]): R[][] {
  const parent = runs.map((_, i) => i);
  const rootOf = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  // `above` walks the previous row while `i` walks its own.
  for (let i = 0, above = 0; i < runs.length; i++) {
    const { y, start, end } = runs[i]!;
    while (runs[above]!.y < y - 1 || (runs[above]!.y === y - 1 && runs[above]!.end < start)) above++;
    for (let j = above; runs[j]!.y === y - 1 && runs[j]!.start <= end; j++) {
      const [a, b] = [rootOf(i), rootOf(j)];
      // The earlier run stays the root.
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const components = new Map<number, R[]>();
  for (const [i, run] of runs.entries()) {
    const root = rootOf(i);
    const component = components.get(root);
    if (component === undefined) components.set(root, [run]);
    else component.push(run);
  }
  return [...components.values()];
}
