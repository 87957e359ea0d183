/** @file The axes of a grid, and their names in `--grid`. */

import { badArgument } from "../../errors.js";
import { suggestion } from "../../text/suggest.js";

export const AXES = ["image", "model", "target", "layer", "method"] as const;
export type Axis = (typeof AXES)[number];

/** `--grid`: one or two axes; "auto": every axis with several values. */
export type GridSpec = "auto" | { readonly rows?: Axis; readonly columns: Axis };

const HINT = "give ROWSxCOLUMNS, as target x method, or one of method, target, layer, image, model";

/**
 * Parses `--grid`.
 * @throws GradlensError "bad-argument"
 */
export function parseGrid(text: string): GridSpec {
  const words = text.toLowerCase().trim();
  if (words === "auto") return "auto";
  const axes = words.split(/\s*[×*,]\s*|\s+x\s+|(?<=[a-z])x(?=[a-z])|\s+/).map((word) => {
    const axis = AXES.find((one) => word === one || word === `${one}s`);
    if (axis !== undefined) return axis;
    throw badArgument(`--grid "${text}": "${word}" is not an axis${suggestion(word, AXES) || `; ${HINT}`}`);
  });
  const [first, second] = axes;
  if (axes.length > 2) throw badArgument(`--grid "${text}" names ${axes.length} axes: ${HINT}`);
  if (first === second) throw badArgument(`--grid "${text}" names ${first} twice: ${HINT}`);
  return second === undefined ? { columns: first! } : { rows: first!, columns: second };
}

/** The position on each axis. An entry without an axis applies to all its values. */
export type GridPosition = Readonly<Partial<Record<Axis, string>>>;

export const isAt = (place: GridPosition, axis: Axis, key: string): boolean => (place[axis] ?? key) === key;
