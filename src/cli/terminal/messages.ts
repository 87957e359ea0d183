/** @file Lines for the user on stderr, held back until the first result is certain. */

import { oneLine, safeLines } from "../text/safe-text.js";
import type { Host, Out } from "./host.js";
import { filledTo } from "../../language/width.js";

/** Notes are held back until the first result is certain, so that bad input prints its error alone. */
export class Messages {
  private held: string[] | undefined = [];
  private readonly isBold: boolean;
  private readonly said = new Set<string>();

  constructor(
    readonly out: Out,
    private readonly env: Host["env"],
    readonly quiet: boolean,
    readonly verbose = false,
  ) {
    this.isBold = hasColors(out, env);
  }

  get isTerminal(): boolean {
    return this.out.isTTY === true && this.env["TERM"] !== "dumb";
  }

  /** A line under a heading of one word: `Adapter   llvmpipe`. */
  fact(heading: string, text: string): void {
    this.note(`${this.bold(filledTo(heading, 9))} ${oneLine(text)}`);
  }

  /** A fact of which one line is enough: of each kind the first, with --verbose all. */
  once(kind: string, heading: string, text: string): void {
    if (this.said.has(kind) && !this.verbose) return;
    this.said.add(kind);
    this.fact(heading, text);
  }

  /** A fact for those who want all (--verbose). */
  detail(heading: string, text: string): void {
    if (this.verbose) this.fact(heading, text);
  }

  /** A line of safe text (text/safe-text.ts). */
  note(line: string): void {
    if (this.held) this.held.push(line);
    else this.print(line);
  }

  /** Lines that are printed at once: the user waits for them. */
  now(lines: string): void {
    this.print(safeLines(lines));
  }

  private print(line: string): void {
    if (!this.quiet) this.out.write(`${line}\n`);
  }

  /** Holds lines back from now on, and drops those held so far. */
  hold(): void {
    this.held = [];
  }

  /** Prints the lines held back, and the later ones at once. */
  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const line of held) this.print(line);
  }

  bold(text: string): string {
    return this.isBold ? `\x1b[1m${text}\x1b[22m` : text;
  }

  /** Width of a line. */
  get columns(): number {
    return Math.min(Math.max(this.out.columns ?? 100, 40), 120);
  }
}

/** Colours on a terminal, unless NO_COLOR is set (no-color.org); FORCE_COLOR sets them anywhere. */
function hasColors(out: Out, env: Host["env"]): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  return out.isTTY === true && env["TERM"] !== "dumb";
}

/** Items as indented lines of at most `columns`, separated by commas. */
export function wrap(items: readonly string[], indent: string, columns: number): string[] {
  const lines: string[] = [];
  for (const [i, item] of items.entries()) {
    const text = i < items.length - 1 ? `${item},` : item;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= columns)
      lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(indent + text);
  }
  return lines;
}
