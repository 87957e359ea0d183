/** @file Waits for a promise until Ctrl-C. */

import { GradlensError } from "../../errors.js";

/**
 * What the promise gives.
 * @throws GradlensError "aborted" with `message` at once when the signal fires
 */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  message = "interrupted",
): Promise<T> {
  let interrupt = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    interrupt = () => reject(new GradlensError("aborted", message));
  });
  signal.addEventListener("abort", interrupt);
  if (signal.aborted) interrupt();
  return Promise.race([aborted, promise]).finally(() => signal.removeEventListener("abort", interrupt));
}
