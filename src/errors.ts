/** @file The error class of gradlens, and names of bearable length in messages. Every message names the thing and the way out, in one line. */

/** What went wrong, for programs; `message` says it for people. */
export type ErrorCode =
  | "bad-argument" // an option or an argument of a call is wrong
  | "bad-file" // a file is missing, cut off, of another kind, or not writable
  | "bad-weights" // a checkpoint does not fit the architecture
  | "bad-picture" // a picture cannot be read or is too large or too small
  | "unknown-layer" // a layer path means nothing in this model
  | "unsupported" // asked for something this model or adapter cannot do
  | "no-adapter" // no WebGPU adapter of the kind asked for
  | "device-lost" // the GPU device was lost
  | "out-of-memory" // the GPU refused an allocation
  | "gpu" // any other error of the GPU
  | "aborted" // the caller's AbortSignal fired
  | "internal"; // a bug of ours

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

export const hasCode = (error: unknown, code: ErrorCode): error is GradlensError =>
  error instanceof GradlensError && error.code === code;

/** Several that have one outcome, as the reasons of methods none of which can be run. */
export class SeveralErrors extends GradlensError {
  constructor(readonly parts: readonly GradlensError[]) {
    super(parts[0]!.code, parts.map((part) => part.message).join("; "));
  }
}

/** The beginning of a name that is longer than so many letters. */
export function shortened(name: string, most = 120): string {
  if (name.length <= most) return name;
  const letters = [...name];
  return letters.length <= most ? name : `${letters.slice(0, Math.max(most - 1, 0)).join("")}…`;
}

/** @throws GradlensError "aborted" where the signal has fired; `what` it interrupts is named */
export function throwIfAborted(signal: Pick<AbortSignal, "aborted"> | undefined, what: string): void {
  if (signal?.aborted) throw new GradlensError("aborted", `${what} was aborted`);
}

/** Throws a GradlensError when a condition of our own does not hold: a bug, not bad input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new GradlensError("internal", message);
}
