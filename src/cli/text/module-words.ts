/** @file The comparison of a file's modules with the architecture, in words. */

import type { LoadedModel } from "../engine/engine.js";
import { countText, say } from "../../language/say.js";

const SHOWN = 4;

const firstFew = (all: readonly string[]): string =>
  all.slice(0, SHOWN).join(", ") + (all.length > SHOWN ? say`, and ${all.length - SHOWN} more` : "");

/** Lines for a run; none where the file agrees with the architecture. */
export function moduleNotes(modules: LoadedModel["modules"]): string[] {
  if (modules === undefined) return [];
  const { computed, notes } = modules;
  return [
    ...(computed.length > 0 ? [say`computed as the file's modules say: ${firstFew(computed)}`] : []),
    ...notes,
  ];
}

/** The comparison in one line. */
export function comparedWords({ compared, computed }: NonNullable<LoadedModel["modules"]>): string {
  const differing =
    computed.length > 0
      ? say`${countText(computed.length, "setting")} computed as the file says: ${firstFew(computed)}`
      : say`all as in the architecture`;
  return say`${countText(compared, "module")} compared, ${differing}`;
}

/** What the model puts out: its number of classes, or that it is an embedding. */
export function outputWords({ classes, embedding }: Pick<LoadedModel, "classes" | "embedding">): string {
  if (embedding === undefined) return classes === 1 ? say`1 class` : say`${classes} classes`;
  const { length, without } = embedding;
  const why =
    without === undefined ? say`no classifier in the file` : say`without its classifier "${without}"`;
  return say`${why}: the output is an embedding of ${length} values`;
}
