/**
 * @file Divides a picture's methods into calls. Methods that share one forward pass come first. Each method that runs the model
 * many times has its own call, so that Ctrl-C loses only that one.
 */

import type { MethodName } from "../../cam/methods/table.js";
import type { ExplainOptions } from "../../cam/request/types.js";
import type { LoadedModel } from "../engine/engine.js";

/** At least one stage, if only without methods. */
export function stagesOf(
  model: LoadedModel,
  options: ExplainOptions & Required<Pick<ExplainOptions, "methods">>,
): readonly (readonly MethodName[])[] {
  const { methods } = options;
  const long = model.manyRuns(options);
  const quick = methods.filter((name) => !long.includes(name));
  const each = long.map((name) => [name]);
  return quick.length > 0 || each.length === 0 ? [quick, ...each] : each;
}
