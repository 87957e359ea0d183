/** @file What a weights file says of its model, in a line. */

import type { LoadedModel } from "../engine/engine.js";
import { shown } from "../../library/settler.js";

/** `mean 0.5,0.5,0.5 (args.mean)`, and what became of it. */
export function fileWordText({ what, value, from, used, note }: LoadedModel["said"][number]): string {
  const use = used ? note : `not used: ${note ?? "said otherwise"}`;
  return `${what} ${settingText(what, value)} (${from})${use === undefined ? "" : `; ${use}`}`;
}

/** A setting as its option takes it; of many values the number. */
export const settingText = (what: string, value: unknown): string =>
  what === "size" && Array.isArray(value)
    ? value.join("x")
    : what === "labels" && Array.isArray(value)
      ? `of ${value.length} classes`
      : shown(value);
