/** @file Parses `--grid`. */

import { badArgument } from "../../errors.js";
import { AXES, type GridSpec } from "../../figure/grid/axes.js";
import { suggestion } from "../../models/nearest.js";
import { phrase, say, translated } from "../../language/say.js";

const HINT = phrase`give ROWSxCOLUMNS, as target x method, or one of method, target, layer, image, model`;

/**
 * One or two axes, or "auto".
 * @throws GradlensError "bad-argument"
 */
export function parseGrid(text: string): GridSpec {
  const words = text.toLowerCase().trim();
  if (words === "auto") return "auto";
  const axes = words.split(/\s*[×*,]\s*|\s+x\s+|(?<=[a-z])x(?=[a-z])|\s+/).map((word) => {
    const axis = AXES.find((one) => word === one || word === `${one}s`);
    if (axis !== undefined) return axis;
    throw badArgument(
      say`--grid "${text}": "${word}" is not an axis${suggestion(word, AXES) || `; ${translated(HINT)}`}`,
    );
  });
  const [first, second] = axes;
  if (axes.length > 2)
    throw badArgument(say`--grid "${text}" names ${axes.length} axes: ${translated(HINT)}`);
  if (first === second) throw badArgument(say`--grid "${text}" names ${first} twice: ${translated(HINT)}`);
  return second === undefined ? { columns: first! } : { rows: first!, columns: second };
}
