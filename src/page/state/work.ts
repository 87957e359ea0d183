/** @file One piece of work at a time: a newer wish replaces the one that is being worked on. */

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

/** Ends the work that runs, without a word. */
export const replaceWork = (): void => work?.abort();

/** Runs one piece of work: the one before is cancelled, faults become notices. */
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

/** Does what cannot be cancelled, as loading. Where that fails, all is undone, and the fault becomes a notice. */
export async function runToEnd(body: () => Promise<unknown>, undo?: () => void): Promise<void> {
  try {
    await body();
  } catch (error) {
    undo?.();
    store.notify(messageOf(error));
  } finally {
    // Other work may have begun meanwhile.
    if (store.task.value?.canCancel !== true) store.task.value = undefined;
  }
}

/** An explanation by the worker, with its progress shown. @throws GradlensError "aborted" by the signal, also where the answer is there */
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

/** A part of the page that is loaded when it is needed; undefined, with a notice, where that fails. */
export async function part<T>(loading: Promise<T>): Promise<T | undefined> {
  try {
    return await loading;
  } catch (error) {
    store.notify(messageOf(error));
    return undefined;
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
