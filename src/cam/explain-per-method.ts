/** @file Explains with a forward pass for each method, where one pass cannot keep the values of all. */

import type { ResolvedOptions } from "./request/resolve-options.js";
import { Refusals } from "./request/refusals.js";
import type { ExplainOptions, Explanation } from "./request/types.js";

/**
 * @param explainOne explains with one of the methods
 * @throws GradlensError the reasons of all methods, if none fits
 */
export async function explainPerMethod(
  resolved: ResolvedOptions,
  options: ExplainOptions,
  explainOne: (options: ExplainOptions) => Promise<Explanation>,
): Promise<Explanation> {
  const refused = new Refusals(resolved.methods, "out-of-memory");
  const parts: Explanation[] = [];
  const add = async (some: ExplainOptions): Promise<void> => {
    parts.push(await explainOne({ ...options, ...some }));
  };
  for (const name of resolved.methods) {
    await refused.attempt(name, () => add({ methods: [name], guided: false }));
  }
  if (resolved.guided) await refused.attempt("guided", () => add({ methods: [], guided: true }));
  const [first] = parts;
  const guided = parts.flatMap((part) => part.guided ?? []);
  const inputGradients = parts.flatMap((part) => part.inputGradients ?? []);
  const allRefused = [...resolved.refused, ...refused.all];
  return {
    logits: first!.logits,
    scores: first!.scores,
    targets: first!.targets,
    maps: parts.flatMap(({ maps }) => maps),
    ...(guided.length > 0 ? { guided } : {}),
    ...(inputGradients.length > 0 ? { inputGradients } : {}),
    ...(allRefused.length > 0 ? { refused: allRefused } : {}),
    timings: sumOf(parts.map(({ timings }) => timings)),
  };
}

function sumOf(all: readonly Explanation["timings"][]): Explanation["timings"] {
  const result: Record<string, number> = {};
  for (const timings of all) {
    for (const [stage, ms] of Object.entries(timings)) result[stage] = (result[stage] ?? 0) + ms;
  }
  return result;
}
