/** @file Ctrl-C: the first press ends the program in order; the second, or a long wait, ends it at once. */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A terminal's Ctrl-C may come twice, from the terminal and from the starter; a second one of the user comes later. */
const SAME_PRESS_MS = 500;
/** After this time an orderly end is given up. */
const ORDERLY_MS = 800;

export class Interruption {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  private readonly onSignal = (): void => this.press();
  private pressed: number | undefined;

  /** `atOnce` is called before an end that is not in order. */
  constructor(private readonly atOnce: () => void) {
    this.listen();
  }

  /** While `work` keeps this thread, signals end the process by themselves: nobody here would hear them. */
  readonly whileBusy = async <T>(work: () => Promise<T>): Promise<T> => {
    for (const name of SIGNALS) process.off(name, this.onSignal);
    try {
      return await work();
    } finally {
      this.listen();
    }
  };

  private listen(): void {
    for (const name of SIGNALS) process.on(name, this.onSignal);
  }

  private press(): void {
    const now = performance.now();
    if (this.pressed !== undefined && now - this.pressed > SAME_PRESS_MS) this.end();
    if (this.pressed !== undefined) return;
    this.pressed = now;
    this.controller.abort();
    setTimeout(() => this.end(), ORDERLY_MS).unref();
  }

  private end(): void {
    this.atOnce();
    dieInterrupted();
  }
}

/**
 * Ends the process as a signal does, which shells report as 130. process.exit would wait for threads of native code, as one
 * that decodes a picture.
 */
export function dieInterrupted(): void {
  if (process.platform === "win32") process.exit(130);
  process.removeAllListeners("SIGINT");
  process.kill(process.pid, "SIGINT");
}
