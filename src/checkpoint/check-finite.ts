/** @file Refuses weights that are not finite: WGSL may assume finite values, and one NaN makes every map meaningless. */

import { badWeights } from "../errors.js";
import { quote } from "./quote.js";
import { say } from "../language/say.js";

/** @throws GradlensError "bad-weights" with the tensor, the number of its values that are not finite, and the first of them */
export function checkFinite(name: string, floats: Float32Array): void {
  // x - x is 0 for a finite x and NaN otherwise: one running sum instead of a branch for each element.
  let sum = 0;
  for (let i = 0; i < floats.length; i++) sum += floats[i]! - floats[i]!;
  if (sum === 0) return;
  const first = floats.findIndex((x) => !Number.isFinite(x));
  const count = floats.reduce((n, x) => n + (Number.isFinite(x) ? 0 : 1), 0);
  throw badWeights(
    say`tensor ${quote(name)} holds ${count === 1 ? say`one value` : say`${count} values`} of ${floats.length} that are not finite, first ${floats[first]} at index ${first}; the training diverged or the file is damaged: use an earlier checkpoint`,
  );
}
