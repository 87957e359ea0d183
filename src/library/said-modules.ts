/** @file Builds the graph as a file's modules describe it, and says what is assumed of a file without modules. */

import type { FileModule } from "../checkpoint/types.js";
import { badWeights } from "../errors.js";
import { ShapeError } from "../graph/shape.js";
import { say } from "../language/say.js";
import type { BuildOptions } from "../models/arch.js";
import { buildArch, type NamedArch, type Template } from "../models/template.js";
import type { NamedModule } from "./module-names.js";
import type { Assumption } from "./settings.js";

export const byPath = (named: readonly NamedModule[]): ReadonlyMap<string, FileModule> =>
  new Map(named.flatMap(({ path, module }) => (path === undefined ? [] : [[path, module] as const])));

/**
 * The template that the file's modules give.
 * @throws GradlensError "bad-weights" where they say what cannot be computed, or do not fit together
 */
export function buildAsSaid(file: string, named: NamedArch, options: BuildOptions): Template {
  try {
    const template = buildArch(named, options);
    const problem = template.graph.file.modules?.problems[0];
    if (problem !== undefined) throw badWeights(say`${file} is no ${named.arch} as published: ${problem}`);
    return template;
  } catch (error) {
    if (!(error instanceof ShapeError) || options.modules === undefined) throw error;
    throw badWeights(
      say`${file}: its modules do not fit together at ${options.size.join("x")} pixels (${error.message}); try another --size`,
    );
  }
}

/** For a state dict, which holds names and numbers alone. */
export const stateDictAssumption = (arch: string): Assumption => ({
  what: "modules",
  value: arch,
  because: say`a state dict does not hold strides, activations and pooling: they are those of the architecture`,
});
