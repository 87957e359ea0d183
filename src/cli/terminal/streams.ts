/** @file stdout and stderr of the process: a stream that fails does not stop the program. */

import type { Out } from "./host.js";

/** A stream that ignores text after its first error, and reports that error. */
export class SafeOut implements Out {
  /** The first error: EPIPE where nobody reads any more, as behind `| head`. */
  failure: NodeJS.ErrnoException | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on("error", (error: NodeJS.ErrnoException) => void (this.failure ??= error));
  }

  get isTTY(): boolean {
    return this.stream.isTTY;
  }

  get columns(): number {
    return this.stream.columns;
  }

  write(text: string): void {
    if (this.failure !== undefined) return;
    try {
      this.stream.write(text);
    } catch (error) {
      this.failure = error as NodeJS.ErrnoException;
    }
  }

  /** Resolves when all text has arrived, or never will. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.failure !== undefined) resolve();
      else this.stream.write("", () => resolve());
    });
  }
}
