/** @file Methods by the names that users type: those of the table, of papers and of other packages. */

import { foldedName, likelyMeant } from "../../models/nearest.js";
import { METHOD_NAMES, METHODS, type MethodName } from "./table.js";

/** `++` may be spelled out. */
const fold = (name: string): string => foldedName(name).replace(/(plusplus|pp)$/, "++");

const KNOWN: ReadonlyMap<string, MethodName> = new Map<string, MethodName>([
  ...METHOD_NAMES.map((name) => [fold(METHODS[name].title), name] as const),
  ...METHOD_NAMES.map((name) => [fold(name), name] as const),
  [fold("GuidedBackpropReLUModel"), "guided"],
]);

/** Names with `++` written out too, which are near to `GradCamPlus`. */
const SPELLED: ReadonlyMap<string, MethodName> = new Map(
  [...KNOWN].flatMap(([name, method]): [string, MethodName][] => [
    [name, method],
    [name.replace("++", "plusplus"), method],
  ]),
);

/** The method that an unknown name most likely means; undefined where none is near. */
export function likelyMethod(name: string): MethodName | undefined {
  const found = likelyMeant(name, [...SPELLED.keys()]);
  return found === undefined ? undefined : SPELLED.get(found);
}

/** Undefined for an unknown name. */
export const methodNamed = (name: string): MethodName | undefined => KNOWN.get(fold(name));
