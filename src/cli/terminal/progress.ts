/**
 * @file Progress: long work is announced after its first part; a terminal then shows a bar, other streams a line now and
 * then.
 */

import type { SingleBar } from "cli-progress";
import type { Progress } from "../../cam/request/types.js";
import { oneLine } from "../text/one-line.js";
import type { Out } from "./host.js";
import type { Messages } from "./messages.js";

/** Shorter work gets no bar. */
const PATIENCE_MS = 400;
/** Longer work is announced. */
const LONG_MS = 5_000;
/** Between two lines, without a bar. */
const LINE_MS = 10_000;

/** Milliseconds in words, rounded up. */
export function durationWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Watches one model's work on its pictures. */
export class ProgressWatch {
  private readonly begun: number;
  private make: (() => SingleBar) | undefined;
  private bar: SingleBar | undefined;
  private lastLine: number;
  private readonly announced = new Set<string>();
  private workBegun: number;
  /** Of that work, by what is counted: when that began, and at how many. */
  private readonly begins = new Map<string, { readonly at: number; readonly done: number }>();
  private done = 0;
  private explained = 0;
  private firstExplained = 0;

  /** `now` is a clock in milliseconds. */
  constructor(
    private readonly messages: Messages,
    out: Out,
    private readonly pictures = 1,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.begun = this.lastLine = this.workBegun = now();
    if (messages.isTerminal && !messages.quiet) void this.load(out);
  }

  private async load(out: Out): Promise<void> {
    const { default: progress } = await import("cli-progress");
    this.make = () =>
      new progress.SingleBar(
        {
          format: "{picture} {bar} {value}/{total} {what}{speed}",
          stream: out as unknown as NodeJS.WritableStream,
          clearOnComplete: true,
          hideCursor: true,
          gracefulExit: false,
          barsize: 24,
        },
        progress.Presets.shades_classic,
      );
  }

  /** The work on the next picture begins, or on its next methods. */
  begin(): void {
    this.workBegun = this.now();
    this.begins.clear();
  }

  /** How far the work on a picture is. */
  show(progress: Progress, picture: string): void {
    const { done, total, what } = progress;
    const now = this.now();
    let begin = this.begins.get(what);
    if (begin === undefined) {
      begin = done === 0 ? { at: now, done } : { at: this.workBegun, done: 0 };
      this.begins.set(what, begin);
    }
    const perMs = (done - begin.done) / (now - begin.at);
    const known = perMs > 0 && Number.isFinite(perMs);
    const left = known ? (total - done) / perMs : 0;
    if (known && done < total && total / perMs > LONG_MS && !this.announced.has(what)) {
      this.announced.add(what);
      this.announce(`${what}: ${total}, about ${durationWords(total / perMs)}`);
    }
    const speed = known && done < total ? `, ${rateWords(perMs)}, about ${durationWords(left)} left` : "";
    if (this.messages.isTerminal) this.draw(progress, picture, speed);
    else if (done < total) this.line(`${this.place(picture)}${what}: ${done} of ${total}${speed}`);
  }

  /** The work on a picture has ended; `explained`: there was some. */
  end(explained: boolean): void {
    this.clear();
    const now = this.now();
    this.done++;
    if (!explained) return;
    // The first one's time is that of compiling too.
    if (this.explained++ === 0) this.firstExplained = now;
    const each = (now - this.firstExplained) / (this.explained - 1);
    const left = (this.pictures - this.done) * each;
    if (!(left > 0) || !Number.isFinite(left)) return;
    const words = `${this.pictures - this.done} more pictures, about ${durationWords(left)}`;
    if (left > LONG_MS && !this.announced.has("pictures")) {
      this.announced.add("pictures");
      this.announce(words);
    } else if (!this.messages.isTerminal) this.line(words);
  }

  /** Removes the bar, so that lines can be printed. */
  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private draw({ done, total, what }: Progress, picture: string, speed: string): void {
    const payload = { picture: oneLine(`${this.place()}${picture}`), what, speed };
    if (this.bar === undefined) {
      if (this.make === undefined || this.now() - this.begun < PATIENCE_MS) return;
      this.bar = this.make();
      this.bar.start(total, done, payload);
      return;
    }
    this.bar.setTotal(total);
    this.bar.update(done, payload);
  }

  /** A line, where the last one is long ago. */
  private line(text: string): void {
    if (this.now() - this.lastLine >= LINE_MS) this.announce(text);
  }

  private announce(text: string): void {
    this.clear();
    this.lastLine = this.now();
    // The model is running: the options are right.
    this.messages.release();
    this.messages.fact("Work", text);
  }

  /** Which picture it is, where there are several. */
  private place(picture?: string): string {
    if (this.pictures === 1) return "";
    const place = `${this.done + 1}/${this.pictures} `;
    return picture === undefined ? place : `${place}${picture}: `;
  }
}

function rateWords(perMs: number): string {
  const perSecond = perMs * 1000;
  return perSecond >= 1
    ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`
    : `${durationWords(1 / perMs)} each`;
}
