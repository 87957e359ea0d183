/** @file The progress bar: on a terminal only, and only where something takes a while. */

import type { SingleBar } from "cli-progress";
import type { Progress } from "../cam/types.js";
import type { Out } from "./host.js";
import type { Messages } from "./messages.js";

/** What is done sooner gets no bar. */
const PATIENCE_MS = 400;

export class ProgressBar {
  readonly #begun = performance.now();
  #make: (() => SingleBar) | undefined;
  #bar: SingleBar | undefined;

  constructor(messages: Messages, out: Out) {
    if (messages.isTerminal && !messages.quiet) void this.#load(out);
  }

  async #load(out: Out): Promise<void> {
    const { default: progress } = await import("cli-progress");
    this.#make = () =>
      new progress.SingleBar(
        {
          format: "{picture} {bar} {value}/{total} {what}",
          stream: out as unknown as NodeJS.WritableStream,
          clearOnComplete: true,
          hideCursor: true,
          gracefulExit: false,
          barsize: 24,
        },
        progress.Presets.shades_classic,
      );
  }

  /** Shows how far the work on a picture is. */
  show({ done, total, what }: Progress, picture: string): void {
    if (this.#bar === undefined) {
      if (this.#make === undefined || performance.now() - this.#begun < PATIENCE_MS) return;
      this.#bar = this.#make();
      this.#bar.start(total, done, { picture, what });
      return;
    }
    this.#bar.setTotal(total);
    this.#bar.update(done, { picture, what });
  }

  /** Takes the bar away, so that lines can be printed. */
  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
