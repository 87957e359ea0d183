/** @file `--profile`: the GPU time of each kind of dispatch of the forward pass, as a table. */

import type { Timing } from "../../index.js";
import { say } from "../../language/say.js";

/** One line for each kind of kernel, the slowest first, and their sum. */
export function profileTable(timings: readonly Timing[], adapter: string): string {
  const kinds = new Map<string, { count: number; ms: number; flops: number }>();
  for (const { step, milliseconds } of timings) {
    const kind = kinds.get(step.shader) ?? { count: 0, ms: 0, flops: 0 };
    kinds.set(step.shader, {
      count: kind.count + 1,
      ms: kind.ms + milliseconds,
      flops: kind.flops + step.flops,
    });
  }
  const rows = [...kinds].sort(([, a], [, b]) => b.ms - a.ms);
  const total = rows.reduce((sum, [, { ms }]) => sum + ms, 0);
  const width = Math.max(6, ...rows.map(([name]) => name.length));
  const line = (name: string, cells: readonly string[]): string =>
    name.padEnd(width) + cells.map((cell) => cell.padStart(9)).join("");
  const row = (name: string, count: number, ms: number, flops: number): string =>
    line(name, [
      String(count),
      ms.toFixed(2),
      `${(total > 0 ? (100 * ms) / total : 0).toFixed(1)}%`,
      (ms > 0 ? flops / ms / 1e6 : 0).toFixed(1),
    ]);
  const flopsOfAll = rows.reduce((sum, [, { flops }]) => sum + flops, 0);
  return [
    say`Forward pass on ${adapter}, dispatch by dispatch:`,
    line("kernel", ["runs", "ms", "share", "GF/s"]),
    ...rows.map(([name, { count, ms, flops }]) => row(name, count, ms, flops)),
    row("total", timings.length, total, flopsOfAll),
  ].join("\n");
}
