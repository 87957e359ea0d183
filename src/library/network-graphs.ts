/** @file Builds a network's graph as the file's modules describe it, once for each size of pictures in a load. */

import { valueAt } from "../checkpoint/value-at.js";
import { badWeights, GradlensError } from "../errors.js";
import { ShapeError } from "../graph/shape.js";
import type { Pair } from "../graph/types.js";
import { say } from "../language/say.js";
import type { BuildOptions } from "../models/arch.js";
import { buildArch, type NamedArch, type Template } from "../models/template.js";
import type { Assumption } from "./settings.js";

/** A network's graphs by the size of pictures, each built once. */
export class NetworkGraphs {
  private readonly templates = new Map<string, Template>();

  constructor(
    private readonly file: string,
    private readonly named: NamedArch,
    private readonly options: Omit<BuildOptions, "size">,
  ) {}

  /** @throws GradlensError as `buildFromModules` */
  at(size: Pair): Template {
    return buildFromModules(this.file, this.named, { ...this.options, size }, () => this.templateAt(size));
  }

  /** True if the network can be built for pictures of a size. */
  accepts(size: Pair): boolean {
    try {
      this.templateAt(size);
      return true;
    } catch (error) {
      if (error instanceof GradlensError) return false;
      throw error;
    }
  }

  /** A function that builds a graph of its own. It keeps none of the graphs here in memory. */
  rebuilding(size: Pair): () => Template {
    const { file, named, options } = this;
    return () => buildFromModules(file, named, { ...options, size });
  }

  private templateAt(size: Pair): Template {
    return valueAt(this.templates, size.join("x"), () => buildArch(this.named, { ...this.options, size }));
  }
}

/**
 * The template that the file's modules give.
 * @param build makes the graph, which may be kept
 * @throws GradlensError "bad-weights" where they say what cannot be computed, or do not fit together
 */
function buildFromModules(
  file: string,
  named: NamedArch,
  options: BuildOptions,
  build = (): Template => buildArch(named, options),
): Template {
  try {
    const template = build();
    const problem = template.graph.file.modules?.problems[0];
    if (problem !== undefined)
      throw badWeights(say`${file} does not match ${named.arch} as published: ${problem}`);
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
