/**
 * @file One run of a row. Methods that run the model hundreds of times are stopped once enough of their pictures were
 * timed, and the whole is reckoned from these.
 */

import { GradlensError } from "../../src/errors.js";
import type { Model, Picture } from "../../src/index.js";
import type { Row } from "./rows.js";

export interface RowRun {
  /** Of the whole; reckoned where `part` is there. */
  readonly ms: number;
  readonly part?: Part;
}

/** The pictures that were timed. */
export interface Part {
  readonly timed: number;
  readonly of: number;
  readonly msEach: number;
}

/**
 * @param cut milliseconds after which a run is stopped, at the next report of its progress; undefined: never
 * @throws GradlensError "unsupported" where the row is not defined for the model
 */
export async function runRow(
  model: Model,
  picture: Picture,
  row: Row,
  cut: number | undefined,
): Promise<RowRun> {
  if (cut === undefined) {
    const start = performance.now();
    await model.explain(picture, row.options);
    return { ms: performance.now() - start };
  }
  const controller = new AbortController();
  const started = performance.now();
  let first: { what: string; at: number; done: number } | undefined;
  let reckoned: RowRun | undefined;
  try {
    await model.explain(picture, {
      ...row.options,
      signal: controller.signal,
      onProgress({ done, total, what }) {
        const now = performance.now();
        if (first?.what !== what) first = { what, at: now, done };
        const timed = done - first.done;
        if (row.options.augSmooth || timed === 0 || done === total || now - started < cut) return;
        const msEach = (now - first.at) / timed;
        reckoned = {
          ms: first.at - started + msEach * (total - first.done),
          part: { timed, of: total, msEach },
        };
        controller.abort();
      },
    });
  } catch (error) {
    if (reckoned && error instanceof GradlensError && error.code === "aborted") return reckoned;
    throw error;
  }
  return { ms: performance.now() - started };
}
