/** @file A cell of the methods' table: what is known of it, and as text. */

import { median } from "../measure.js";
import { least, type Cost } from "./cost.js";
import type { Part, RowRun } from "./run-row.js";

/** The row of the forward pass itself. */
export const FORWARD = "forward";

/** A line of --json. */
export interface Cell {
  /** As "densenet121@224". */
  readonly model: string;
  readonly row: string;
  /** Why the row is not defined for the model; then nothing else is there. */
  readonly refused?: string;
  readonly medianMs?: number;
  readonly minMs?: number;
  readonly runs?: number;
  /** The least time over the least of the forward passes that ran between. */
  readonly forwards?: number;
  /** The same of processor time; on software adapters only. */
  readonly cpuForwards?: number;
  /** Peak bytes of GPU memory beyond the weights. */
  readonly memory?: number;
  /** Where the whole was reckoned from some of its pictures: those, and what one takes in forward passes. */
  readonly part?: {
    readonly timed: number;
    readonly of: number;
    readonly forwardsEach: number;
    readonly cpuForwardsEach?: number;
  };
  readonly adapter: string;
  readonly commit: string;
}

const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

/**
 * @param forwards the forward passes that ran between the row's runs
 * @param onCpu whether the adapter's work is the processor's
 */
export function numbersOf(runs: readonly RowRun[], forwards: readonly Cost[], onCpu: boolean): Partial<Cell> {
  const costs = runs.map(({ cost }) => cost);
  const [best, forward] = [least(costs), least(forwards)];
  const parts = runs.flatMap(({ part }) => part ?? []);
  return {
    medianMs: rounded(median(costs.map(({ ms }) => ms)), 2),
    minMs: rounded(best.ms, 2),
    runs: runs.length,
    forwards: rounded(best.ms / forward.ms),
    ...(onCpu ? { cpuForwards: rounded(best.cpuMs / forward.cpuMs) } : {}),
    ...(parts[0] ? { part: partOf(parts as [Part, ...Part[]], forward, onCpu) } : {}),
  };
}

function partOf(parts: readonly [Part, ...Part[]], forward: Cost, onCpu: boolean): NonNullable<Cell["part"]> {
  const { timed, of } = parts[0];
  const each = least(parts.map((part) => part.each));
  return {
    timed,
    of,
    forwardsEach: rounded(each.ms / forward.ms),
    ...(onCpu ? { cpuForwardsEach: rounded(each.cpuMs / forward.cpuMs) } : {}),
  };
}

const seconds = (ms: number): string => (ms < 1e4 ? `${ms.toFixed(0)} ms` : `${(ms / 1e3).toFixed(0)} s`);

/** A ratio on the clock, and of processor time where that is known: "1.05 (CPU 1.02)". */
const ratio = (clock: number, cpu: number | undefined): string =>
  `${clock.toFixed(2)}${cpu === undefined ? "" : ` (CPU ${cpu.toFixed(2)})`}`;

/** "412 ms (min 398 ms), 1.05 (CPU 1.02) forwards, 96 MiB"; what was reckoned from a part says so. */
export function cellText({ refused, medianMs, minMs, forwards, cpuForwards, memory, part }: Cell): string {
  if (refused !== undefined) return "refused";
  const held = `${Math.round(memory! / 2 ** 20)} MiB`;
  const whole = `${seconds(medianMs!)} (min ${seconds(minMs!)}), ${ratio(forwards!, cpuForwards)} forwards, ${held}`;
  if (!part) return whole;
  return `~${whole}; ${ratio(part.forwardsEach, part.cpuForwardsEach)} a picture, ${part.timed} of ${part.of} timed`;
}

/** Rows and columns in the order in which they first appear, the forward pass (measured between all others) on top. */
export function axesOf(cells: readonly Cell[]): { rows: string[]; models: string[] } {
  const rows = [...new Set(cells.map((cell) => cell.row))];
  const isForward = (row: string): boolean => row === FORWARD;
  return {
    rows: [...rows.filter(isForward), ...rows.filter((row) => !isForward(row))],
    models: [...new Set(cells.map((cell) => cell.model))],
  };
}

/** Rows x models, as Markdown. */
export function tableText(cells: readonly Cell[]): string {
  const { rows, models } = axesOf(cells);
  const lines = rows.map((row) => [
    row,
    ...models.map((model) => {
      const cell = cells.find((c) => c.row === row && c.model === model);
      return cell ? cellText(cell) : "";
    }),
  ]);
  const all = [["", ...models], ...lines];
  const widths = all[0]!.map((_, i) => Math.max(3, ...all.map((line) => line[i]!.length)));
  const text = (line: readonly string[]): string =>
    `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [text(all[0]!), rule, ...lines.map(text)].join("\n");
}
