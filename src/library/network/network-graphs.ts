/** @file Builds a network's graph as the file's modules describe it. A load builds it once for each size of pictures. */

import { badWeights, GradlensError } from "../../errors.js";
import { ShapeError } from "../../graph/shape.js";
import type { Pair } from "../../graph/types.js";
import { say } from "../../language/say.js";
import type { BuildOptions } from "../../models/arch.js";
import { buildArch, type NamedArch, type Template } from "../../models/template.js";

export class NetworkGraphs {
  private last: { readonly size: string; readonly template: Template } | undefined;

  constructor(
    private readonly file: string,
    private readonly named: NamedArch,
    private readonly options: Omit<BuildOptions, "size">,
  ) {}

  /** @throws GradlensError "bad-weights" for modules that cannot be computed, or do not fit together */
  at(size: Pair): Template {
    try {
      const template = this.build(size);
      const problem = template.graph.file.modules?.problems[0];
      if (problem === undefined) return template;
      throw badWeights(say`${this.file} does not match ${this.named.arch} as published: ${problem}`);
    } catch (error) {
      if (!(error instanceof ShapeError) || this.options.modules === undefined) throw error;
      throw badWeights(
        say`${this.file}: its modules do not fit together at ${size.join("x")} pixels (${error.message}); try another --size`,
      );
    }
  }

  /** The same with a graph of its own. */
  rebuild(size: Pair): Template {
    return new NetworkGraphs(this.file, this.named, this.options).at(size);
  }

  /** True if the network can be built for pictures of a size. */
  accepts(size: Pair): boolean {
    try {
      this.build(size);
      return true;
    } catch (error) {
      if (error instanceof GradlensError) return false;
      throw error;
    }
  }

  private build(size: Pair): Template {
    const key = size.join("x");
    if (this.last?.size !== key)
      this.last = { size: key, template: buildArch(this.named, { ...this.options, size }) };
    return this.last.template;
  }
}
