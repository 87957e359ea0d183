/**
 * @file Progress: long work is announced after its first part; a terminal then shows a bar, other streams a line now and
 * then.
 */

import type { SingleBar } from "cli-progress";
import { METHODS } from "../../cam/methods/table.js";
import type { Progress } from "../../cam/request/types.js";
import { oneLine } from "../text/safe-text.js";
import type { Out } from "./host.js";
import type { Messages } from "./messages.js";
import { say } from "../../language/say.js";

/** Shorter work gets no bar. */
const PATIENCE_MS = 400;
/** Longer work is announced. */
const LONG_MS = 5_000;
/** Between two lines, without a bar. */
const LINE_MS = 10_000;
/** Of several pictures also this share of the time so far: hours of work print few lines. */
const LINE_SHARE = 1 / 5;
/** The --top-channels value to suggest. */
const FEW_CHANNELS = 64;

/** Milliseconds in words, rounded up. */
export function durationWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 100 ? say`${minutes} min` : say`${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Watches one model's work on its pictures. */
export class ProgressWatch {
  private readonly begun: number;
  private make: ((format: string) => SingleBar) | undefined;
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
    private readonly pictures = 1,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.begun = this.lastLine = this.workBegun = now();
    if (messages.isTerminal && !messages.quiet) void this.load(messages.out);
  }

  private async load(out: Out): Promise<void> {
    const { default: progress } = await import("cli-progress");
    this.make = (format) =>
      new progress.SingleBar(
        {
          format,
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
    if (known && done < total && total / perMs > LONG_MS && !this.announced.has(what)) {
      this.announced.add(what);
      const time = durationWords(total / perMs);
      this.announce(say`${what}: ${total}, about ${time}${shorterWords(progress, perMs)}`);
    }
    const speed = known && done < total ? speedWords(perMs, (total - done) / perMs) : "";
    if (this.messages.isTerminal) this.draw(progress, picture, speed);
    else if (done > 0 && done < total) {
      const work = say`${what}: ${done} of ${total}${speed}`;
      this.line(this.pictures === 1 ? work : say`${this.folderWords()}; now ${picture}: ${work}`);
    }
  }

  /** The work on a picture has ended; `explained`: there was some. */
  end(explained: boolean): void {
    this.clear();
    const now = this.now();
    this.done++;
    // The first one's time is that of compiling too.
    if (explained && this.explained++ === 0) this.firstExplained = now;
    const left = this.left();
    if (!explained || left === undefined) return;
    if (left > LONG_MS && !this.announced.has("pictures")) {
      this.announced.add("pictures");
      this.announce(say`${this.pictures - this.done} more pictures, about ${durationWords(left)}`);
    } else if (!this.messages.isTerminal) this.line(this.folderWords());
  }

  /** Removes the bar, so that lines can be printed. */
  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  /** Milliseconds that the other pictures need; undefined while that is not known. */
  private left(): number | undefined {
    const left = (this.pictures - this.done) / this.rate();
    return left > 0 && Number.isFinite(left) ? left : undefined;
  }

  /** Pictures a millisecond. */
  private rate(): number {
    return (this.explained - 1) / (this.now() - this.firstExplained);
  }

  /** "46 of 200 pictures (23 %), 1.8/s, about 90 s left". */
  private folderWords(): string {
    const left = this.left();
    const share = Math.floor((100 * this.done) / this.pictures);
    const speed = left === undefined ? "" : speedWords(this.rate(), left);
    return say`${this.done} of ${this.pictures} pictures (${share} %)${speed}`;
  }

  private draw({ done, total, what }: Progress, picture: string, speed: string): void {
    const several = this.pictures > 1;
    const work = oneLine(`${picture} ${what} ${done}/${total}${speed}`);
    const payload = several
      ? { folder: this.folderWords(), work }
      : { picture: oneLine(picture), what, speed };
    const [at, of] = several ? [this.done, this.pictures] : [done, total];
    if (this.bar === undefined) {
      if (this.make === undefined || this.now() - this.begun < PATIENCE_MS) return;
      this.bar = this.make(
        several ? "{bar} {folder} | {work}" : "{picture} {bar} {value}/{total} {what}{speed}",
      );
      this.bar.start(of, at, payload);
      return;
    }
    this.bar.setTotal(of);
    this.bar.update(at, payload);
  }

  /** A line, where the last one is long ago. */
  private line(text: string): void {
    const now = this.now();
    const pause = this.pictures === 1 ? LINE_MS : Math.max(LINE_MS, (now - this.begun) * LINE_SHARE);
    if (now - this.lastLine >= pause) this.announce(text);
  }

  private announce(text: string): void {
    this.clear();
    this.lastLine = this.now();
    // The model is running: the options are right.
    this.messages.release();
    this.messages.fact(say`Work`, text);
  }
}

/** The option that makes a slow method faster, and the time with it. */
function shorterWords({ total, method }: Progress, perMs: number): string {
  const isChosen = method !== undefined && (METHODS[method].reads?.includes("topChannels") ?? false);
  if (!isChosen || total <= FEW_CHANNELS) return "";
  return say` (--top-channels ${FEW_CHANNELS}: about ${durationWords(FEW_CHANNELS / perMs)})`;
}

const speedWords = (perMs: number, left: number): string =>
  say`, ${rateWords(perMs)}, about ${durationWords(left)} left`;

function rateWords(perMs: number): string {
  const perSecond = perMs * 1000;
  return perSecond >= 1
    ? `${perSecond.toFixed(perSecond < 10 ? 1 : 0)}/s`
    : say`${durationWords(1 / perMs)} each`;
}
