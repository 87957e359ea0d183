/** @file The words of a figure for methods, labels, layers, pictures and models. */

import { isMethodName, METHODS } from "../../cam/methods/table.js";

/** The word that a figure prints for a name. */
export type Word = (name: string) => string;

export interface Headings {
  /** For a method. */
  readonly method: Word;
  /** For a label, a layer, a picture, a model, and the heading "picture". */
  readonly other: Word;
  /** The names of `own` that no figure so far has printed. */
  readonly unused: () => string[];
}

/** Guided backprop pictures stand beside methods, under this name. */
export const GUIDED_BACKPROP = "guided backprop";
const GUIDED = "guided ";

/** The name of a method's guided Grad-CAM picture beside the methods. */
export const guidedName = (method: string): string => GUIDED + method;

/**
 * @param own words by name
 * @param proper prints other methods by the names of their papers, as "Grad-CAM++"
 */
export function headingsOf(own: ReadonlyMap<string, string> = new Map(), proper = false): Headings {
  const used = new Set<string>();
  const ownOr =
    (other: Word): Word =>
    (name) => {
      const word = own.get(name);
      if (word !== undefined) used.add(name);
      return word ?? other(name);
    };
  return {
    method: ownOr(proper ? properName : same),
    other: ownOr(same),
    unused: () => [...own.keys()].filter((name) => !used.has(name)),
  };
}

const same: Word = (name) => name;

function properName(name: string): string {
  if (isMethodName(name)) return METHODS[name].title;
  const guided = name.startsWith(GUIDED) ? name.slice(GUIDED.length) : "";
  if (isMethodName(guided)) return `Guided ${METHODS[guided].title}`;
  return name === GUIDED_BACKPROP ? METHODS.guided.title : name;
}
