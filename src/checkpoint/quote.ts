/** @file Quotes a file's own text in a message: short, without control characters. */

import { shortened } from "../errors.js";

export function quote(name: string): string {
  return JSON.stringify(shortened(name)).replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
