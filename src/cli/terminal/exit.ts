/** @file Exit codes of errors, and their text in one safe line. */

import { GradlensError, SeveralErrors, type ErrorCode } from "../../errors.js";
import { oneLine, safeLines } from "../text/safe-text.js";
import { say } from "../../language/say.js";

const EXIT_CODES: { readonly [K in ErrorCode]: number } = {
  "bad-argument": 2,
  "bad-file": 2,
  "bad-weights": 2,
  "bad-picture": 2,
  "unknown-layer": 2,
  unsupported: 2,
  "no-adapter": 3,
  "device-lost": 1,
  "out-of-memory": 1,
  gpu: 1,
  // What a shell reports for a program ended by Ctrl-C.
  aborted: 130,
  internal: 1,
};

/** Any error as a GradlensError; another error is a bug, with the code "internal". */
export function asGradlensError(error: unknown): GradlensError {
  if (error instanceof GradlensError) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return new GradlensError("aborted", say`interrupted`, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new GradlensError("internal", `this is a bug in gradlens: ${message} (--debug shows where)`, {
    cause: error,
  });
}

export function exitCode(error: GradlensError): number {
  return EXIT_CODES[error.code];
}

/** The line for an error, or one for each of several, and with `debug` its stack and causes. */
export function errorText(error: GradlensError, debug: boolean): string {
  if (error instanceof SeveralErrors) return error.parts.map((part) => errorText(part, debug)).join("");
  const line = `gradlens: ${oneLine(error.message)}\n`;
  if (!debug) return line;
  const stacks: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    stacks.push(cause.stack ?? "");
  return `${line}${safeLines(stacks.join("\ncaused by "))}\n`;
}
