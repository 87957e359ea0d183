/**
 * @file One run of a row. Methods that run the model hundreds of times are stopped once enough of their pictures were
 * timed, and the whole is reckoned from these.
 */

import { GradlensError } from "../../src/errors.js";
import type { Model, Picture } from "../../src/index.js";
import { between, clocks, costOf, scaled, sum, type Cost } from "./cost.js";
import type { Row } from "./rows.js";

export interface RowRun {
  /** Of the whole; reckoned where `part` is there. */
  readonly cost: Cost;
  readonly part?: Part;
}

/** The pictures that were timed. */
export interface Part {
  readonly timed: number;
  readonly of: number;
  readonly each: Cost;
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
  if (cut === undefined) return { cost: await costOf(() => model.explain(picture, row.options)) };
  const controller = new AbortController();
  const started = clocks();
  let first: { what: string; at: Cost; done: number } | undefined;
  let reckoned: RowRun | undefined;
  try {
    await model.explain(picture, {
      ...row.options,
      signal: controller.signal,
      onProgress({ done, total, what }) {
        const now = clocks();
        if (first?.what !== what) first = { what, at: now, done };
        const timed = done - first.done;
        if (timed === 0 || done === total || now.ms - started.ms < cut) return;
        const each = scaled(between(first.at, now), 1 / timed);
        reckoned = {
          cost: sum(between(started, first.at), scaled(each, total - first.done)),
          part: { timed, of: total, each },
        };
        controller.abort();
      },
    });
  } catch (error) {
    if (reckoned && error instanceof GradlensError && error.code === "aborted") return reckoned;
    throw error;
  }
  return { cost: between(started, clocks()) };
}
