/** @file Compares the factors in TorchScript's code with the graph's. */

import { FACTOR } from "../../checkpoint/torch/setting-names.js";
import type { FileModule } from "../../checkpoint/types.js";
import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import type { NamedModule } from "../network/module-names.js";
import { say } from "../../language/say.js";

/** The wiring ignores factors among a transformer's ops, because attention and position tables have some too. */
export function factorProblem(modules: readonly NamedModule[], graph: Builder): string | undefined {
  for (const { from, path, module } of modules) {
    // The network's own code has a factor for each of the architecture's; a layer's may be part of a function.
    const factor = module.settings.get(FACTOR) ?? (path === "" ? 1 : undefined);
    if (typeof factor !== "number") continue;
    const factors = path === undefined || isFusedAttention(module) ? [] : factorsIn(graph, path);
    const own = factors.reduce((product, one) => product * one, 1);
    if (Math.abs(factor - own) <= 1e-6 * Math.abs(own)) continue;
    const where = from === "" ? say`the network` : from;
    if (!module.settings.has(FACTOR) && factors.length === 1)
      return say`its code lacks the factor of ${own} in ${where}, which the architecture has`;
    if (factors.length === 0)
      return say`its code multiplies by ${factor} in ${where}; the architecture does not`;
    return factors.length === 1
      ? say`its code multiplies by ${factor} in ${where}, the architecture by ${own}`
      : say`its code multiplies by other numbers in ${where} than the architecture`;
  }
  return undefined;
}

/** PyTorch's function for attention applies the scale itself. A number in the code is another factor. */
const isFusedAttention = ({ settings }: FileModule): boolean => settings.has("num_heads");

/** The numbers that our graph multiplies by in a module, such as 1/2 for a distilled DeiT's two heads. */
const factorsIn = (graph: Builder, path: string): number[] =>
  graph.nodes.flatMap((node) => {
    const isScaling = (node.op === "mul" || node.op === "div") && !node.inputs.some(isSum);
    if (!isScaling || node.path !== path) return [];
    return node.inputs.flatMap(({ op, attrs }, i) => {
      if (op !== "constant") return [];
      const numbers = typeof attrs.data === "number" ? [attrs.data] : [...attrs.data];
      return node.op === "div" && i === 1 ? numbers.map((one) => 1 / one) : numbers;
    });
  });

/** Our mean is a sum times a number. PyTorch's code has one function for it. */
const isSum = ({ op }: Node): boolean => op === "reduceSum";
