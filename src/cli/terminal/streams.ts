/** @file stdout and stderr of the process: what cannot be written there is no reason to stop. */

import type { Out } from "./host.js";

/** A stream that takes no more once it has failed, and says how it did. */
export class SafeOut implements Out {
  #failure: NodeJS.ErrnoException | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on("error", (error: NodeJS.ErrnoException) => void (this.#failure ??= error));
  }

  /** What the system said: EPIPE where nobody reads any more, as behind `| head`. */
  get failure(): NodeJS.ErrnoException | undefined {
    return this.#failure;
  }

  get isTTY(): boolean {
    return this.stream.isTTY;
  }

  get columns(): number {
    return this.stream.columns;
  }

  write(text: string): void {
    if (this.#failure !== undefined) return;
    try {
      this.stream.write(text);
    } catch (error) {
      this.#failure = error as NodeJS.ErrnoException;
    }
  }

  /** Resolves when all has arrived, or never will. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#failure !== undefined) resolve();
      else this.stream.write("", () => resolve());
    });
  }
}
