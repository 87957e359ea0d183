/** @file The error class of gradlens, and shortened names for messages. A message names the fault and the fix in one line. */

import { say } from "./language/say.js";

/** The kind of error, for programs; `message` is for people. */
export type ErrorCode =
  | "bad-argument" // an option or an argument of a call is wrong
  | "bad-file" // a file is missing, cut off, of another kind, or not writable
  | "bad-weights" // a checkpoint does not fit the architecture
  | "bad-picture" // a picture cannot be read or is too large or too small
  | "unknown-layer" // a layer path means nothing in this model
  | "unsupported" // this model or adapter cannot do it
  | "no-adapter" // no WebGPU adapter of the requested kind
  | "device-lost" // the GPU device was lost
  | "out-of-memory" // the GPU refused an allocation
  | "gpu" // any other error of the GPU
  | "aborted" // the caller's AbortSignal fired
  | "internal"; // a bug in gradlens

export class GradlensError extends Error {
  override readonly name = "GradlensError";
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const badArgument = (message: string): GradlensError => new GradlensError("bad-argument", message);
export const badPicture = (message: string, options?: ErrorOptions): GradlensError =>
  new GradlensError("bad-picture", message, options);
export const badWeights = (message: string): GradlensError => new GradlensError("bad-weights", message);
export const unsupported = (message: string): GradlensError => new GradlensError("unsupported", message);

export const hasCode = (error: unknown, code: ErrorCode): error is GradlensError =>
  error instanceof GradlensError && error.code === code;

/** Several errors with one outcome: why none of several methods can run. */
export class SeveralErrors extends GradlensError {
  constructor(readonly parts: readonly GradlensError[]) {
    super(parts[0]!.code, parts.map((part) => part.message).join("; "));
  }
}

/** A name, cut to `most` letters. */
export function shortened(name: string, most = 120): string {
  if (name.length <= most) return name;
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, Math.max(most - 1, 0)).join("")}…`;
}

/** @throws GradlensError "aborted" where the signal has fired; `what` it interrupts is named */
export function throwIfAborted(signal: Pick<AbortSignal, "aborted"> | undefined, what: string): void {
  if (signal?.aborted) throw new GradlensError("aborted", say`${what} was aborted`);
}

/** @throws GradlensError "internal" if the condition is false: a bug, not bad input */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new GradlensError("internal", message);
}
