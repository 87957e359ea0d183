/** @file The comparison of a file's modules with the architecture, in words. */

import type { LoadedModel, ModuleDescription } from "../engine/engine.js";
import { countText } from "../../text/format.js";

/** Assumptions about the network itself, without an option. */
export const ASSUMED_WORDS: Readonly<Partial<Record<LoadedModel["assumed"][number]["what"], string>>> = {
  positions: "positions",
  head: "head",
  pooling: "pooling",
  padding: "padding",
  modules: "modules of",
  forward: "forward of",
  hooks: "forward hooks",
};

const SHOWN = 4;

const firstFew = (all: readonly string[]): string =>
  all.slice(0, SHOWN).join(", ") + (all.length > SHOWN ? `, and ${all.length - SHOWN} more` : "");

/** Lines for a run; none where the file agrees with the architecture. */
export function moduleNotes(modules: ModuleDescription): string[] {
  if (modules === undefined) return [];
  const { computed, notes } = modules;
  return [
    ...(computed.length > 0 ? [`computed as the file's modules say: ${firstFew(computed)}`] : []),
    ...notes,
  ];
}

/** The comparison in one line. */
export function comparedWords({ compared, computed }: NonNullable<ModuleDescription>): string {
  const differing =
    computed.length > 0
      ? `${countText(computed.length, "setting")} computed as the file says: ${firstFew(computed)}`
      : "all as in the architecture";
  return `${countText(compared, "module")} compared, ${differing}`;
}

/** What the model puts out: its number of classes, or that it is an embedding. */
export function outputWords({ classes, embedding }: Pick<LoadedModel, "classes" | "embedding">): string {
  if (embedding === undefined) return `${classes} classes`;
  const { length, without } = embedding;
  const why = without === undefined ? "no classifier in the file" : `without its classifier ${without}`;
  return `${why}: the output is an embedding of ${length} values`;
}
