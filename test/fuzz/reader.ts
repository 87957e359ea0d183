/** @file What a reader of foreign bytes needs to be fuzzed, and which errors it may throw. */

import { GradlensError, type ErrorCode } from "../../src/errors.js";
import { oneOf, type Random } from "./random.js";

/** A file as it was, or a changed one. */
export interface FuzzFile {
  /** Of the file that it was made of. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type Outcome = "read" | "refused";

export type MakeFile = (random: Random) => FuzzFile;

export interface Reader {
  /** Reads what files are made of; gives what makes a file by random choices. */
  readonly prepare: () => MakeFile | Promise<MakeFile>;
  /** Reads a file with random options. Throws where it is neither read rightly nor refused rightly. */
  readonly read: (file: FuzzFile, random: Random) => Promise<Outcome> | Outcome;
  /** A case may take so long on a busy machine. */
  readonly maxMs: number;
}

/** Throws unless the error is of one of the codes, and one line of text. Gives its message. */
export function checkRefusal(error: unknown, codes: readonly ErrorCode[]): string {
  if (!(error instanceof GradlensError) || !codes.includes(error.code)) throw error;
  const { message } = error;
  check(/^[^\0-\x1f\x7f-\x9f]+$/.test(message), `the message is not one line: ${JSON.stringify(message)}`);
  return message;
}

/** Throws unless it holds. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Of two, mostly the smaller: more cases in the same time. And another one for it to take bytes of. */
export function chosen<F extends FuzzFile>(all: readonly F[], random: Random): { file: F; other: F } {
  const [small, large] = [oneOf(all, random), oneOf(all, random)].sort(
    (a, b) => a.bytes.length - b.bytes.length,
  ) as [F, F];
  return { file: random(8) === 0 ? large : small, other: oneOf(all, random) };
}
