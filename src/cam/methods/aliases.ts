/** @file Methods by the names that users type: those of the table, of papers and of other packages. */

import { METHOD_NAMES, METHODS, type MethodName } from "./table.js";

/** Case, spaces, `-` and `_` do not matter, and `++` may be spelled out. */
const fold = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[-_\s]/g, "")
    .replace(/(plusplus|pp)$/, "++");

const KNOWN: ReadonlyMap<string, MethodName> = new Map<string, MethodName>([
  ...METHOD_NAMES.map((name) => [fold(METHODS[name].title), name] as const),
  ...METHOD_NAMES.map((name) => [fold(name), name] as const),
  [fold("GuidedBackpropReLUModel"), "guided"],
]);

/** Undefined for an unknown name. */
export const methodNamed = (name: string): MethodName | undefined => KNOWN.get(fold(name));
