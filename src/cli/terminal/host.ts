/** @file The process as the command sees it; tests provide their own. */

import type { Engine } from "../engine/engine.js";

/** A stream that text is written to. */
export interface Out {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the user is: relative paths begin here. */
  readonly cwd: string;
  /** Where weights/ and pictures/ lie. */
  readonly packageRoot: string;
  /** Of gradlens, node and what else results may depend on. */
  readonly versions: Readonly<Record<string, string>> & { readonly gradlens: string };
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Out;
  readonly stderr: Out;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Does what keeps this thread for long: Ctrl-C ends the process at once meanwhile. */
  readonly whileBusy?: <T>(work: () => Promise<T>) => Promise<T>;
  engine(): Promise<Engine>;
}
