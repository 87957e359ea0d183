/** @file Runs one task at a time. A new task cancels the running one. */

import { hasCode, throwIfAborted } from "../../errors.js";
import type { WorkerExplainOptions, WorkerExplanation } from "../../web/engine/worker-engine.js";
import { running } from "./engine.js";
import * as store from "./store.js";

let work: AbortController | undefined;

export function cancel(): void {
  if (work === undefined) return;
  work.abort();
  store.notify((w) => w.cancelled, "info");
}

/** Cancels the running task without a notice. */
export const replaceWork = (): void => work?.abort();

/** Cancels the running task and runs this one. Errors become notices. */
export async function inTurn(
  what: string,
  body: (signal: AbortSignal) => Promise<void>,
): Promise<"done" | "aborted" | "failed"> {
  work?.abort();
  const mine = (work = new AbortController());
  store.task.value = { what, canCancel: true };
  try {
    await body(mine.signal);
    return "done";
  } catch (error) {
    if (hasCode(error, "aborted")) return "aborted";
    store.notify(messageOf(error));
    return "failed";
  } finally {
    if (work === mine) {
      work = undefined;
      store.task.value = undefined;
    }
  }
}

/** Runs a task that cannot be cancelled, as loading. An error calls `undo` and becomes a notice. */
export async function runToEnd(body: () => Promise<unknown>, undo?: () => void): Promise<void> {
  try {
    await body();
  } catch (error) {
    undo?.();
    store.notify(messageOf(error));
  } finally {
    // Another task may have started meanwhile.
    if (store.task.value?.canCancel !== true) store.task.value = undefined;
  }
}

/** Explains in the worker and shows the progress. @throws GradlensError "aborted", also after the answer has arrived */
export async function ask(
  picture: number,
  options: WorkerExplainOptions,
  signal: AbortSignal,
  what = store.words.value.explaining,
): Promise<WorkerExplanation> {
  const explanation = await running().explain({ id: picture }, options, {
    signal,
    onProgress: ({ done, total }) => {
      if (!signal.aborted) store.task.value = { what, done, total, canCancel: true };
    },
  });
  throwIfAborted(signal, what);
  store.forwardRuns.value = explanation.forwardRuns;
  return explanation;
}

/** A module that is loaded on demand. If that fails: undefined, and a notice. */
export async function part<T>(loading: Promise<T>): Promise<T | undefined> {
  try {
    return await loading;
  } catch (error) {
    store.notify(messageOf(error));
    return undefined;
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
