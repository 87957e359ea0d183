/** @file Notes on options of maps that none of the chosen methods reads. */

import { MAP_OPTION_NAMES, SHARED_OPTIONS } from "../../cam/map-options.js";
import { METHOD_NAMES, METHODS, type MethodName } from "../../cam/methods/table.js";
import { say } from "../../language/say.js";
import { typedName, type OptionValues } from "../../options/table.js";

export function unreadNotes(values: OptionValues, methods: readonly MethodName[]): string[] {
  const read = new Set([...SHARED_OPTIONS, ...methods.flatMap((method) => METHODS[method].reads ?? [])]);
  const unread = MAP_OPTION_NAMES.filter((name) => values[name] !== undefined && !read.has(name));
  return unread.map((name) => {
    const readers = METHOD_NAMES.filter((method) => METHODS[method].reads?.includes(name));
    return say`${typedName(name)} has no effect here: it is an option of ${readers.join(", ")}`;
  });
}
