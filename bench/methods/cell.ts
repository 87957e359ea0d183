/** @file A cell of the methods' table: what is known of it, and as text. */

import { median } from "../measure.js";
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
  /** Peak bytes of GPU memory beyond the weights. */
  readonly memory?: number;
  /** Where the whole was reckoned from some of its pictures: those, and what one takes in forward passes. */
  readonly part?: { readonly timed: number; readonly of: number; readonly forwardsEach: number };
  readonly adapter: string;
  readonly commit: string;
}

type Numbers = Required<Pick<Cell, "medianMs" | "minMs" | "runs" | "forwards">> & Pick<Cell, "part">;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** @param forwards milliseconds of the forward passes that ran between the row's */
export function numbersOf(runs: readonly RowRun[], forwards: readonly number[]): Numbers {
  const times = runs.map(({ ms }) => ms);
  const forward = Math.min(...forwards);
  const best = runs.reduce((a, b) => (b.ms < a.ms ? b : a));
  const part = best.part && partOf(best.part, forward);
  return {
    medianMs: rounded(median(times), 2),
    minMs: rounded(best.ms, 2),
    runs: times.length,
    forwards: rounded(best.ms / forward, 3),
    ...(part ? { part } : {}),
  };
}

const partOf = ({ timed, of, msEach }: Part, forward: number) => ({
  timed,
  of,
  forwardsEach: rounded(msEach / forward, 3),
});

const seconds = (ms: number): string => (ms < 1e4 ? `${ms.toFixed(0)} ms` : `${(ms / 1e3).toFixed(0)} s`);

/** "412 ms (min 398), 1.05 forwards, 96 MiB"; what was reckoned from a part says so. */
export function cellText({ refused, medianMs, minMs, forwards, memory, part }: Cell): string {
  if (refused !== undefined) return "refused";
  const held = `${Math.round(memory! / 2 ** 20)} MiB`;
  const whole = `${seconds(medianMs!)} (min ${seconds(minMs!)}), ${forwards!.toFixed(2)} forwards, ${held}`;
  if (!part) return whole;
  return `~${whole}; ${part.forwardsEach.toFixed(2)} a picture, ${part.timed} of ${part.of} timed`;
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
