/** @file A setting that a weights file states, in words. */

import type { LoadedModel } from "../engine/engine.js";
import { shown } from "../../library/settler.js";
import { say } from "../../language/say.js";

/** `mean 0.5,0.5,0.5 (args.mean)`, and whether it is used. */
export function fileWordText({ what, value, from, used, note }: LoadedModel["said"][number]): string {
  const use = used ? note : say`not used: ${note ?? say`said otherwise`}`;
  return `${what} ${settingText(what, value)} (${from})${use === undefined ? "" : `; ${use}`}`;
}

/** A setting as its option is typed; of labels the count. */
export const settingText = (what: string, value: unknown): string =>
  what === "size" && Array.isArray(value)
    ? value.join("x")
    : what === "labels" && Array.isArray(value)
      ? say`of ${value.length} classes`
      : shown(value);
