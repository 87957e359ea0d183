/** @file An explanation whose methods do not fit behind one forward pass, which keeps values for all: each behind one of its own. */

import type { Asked } from "./request/resolve-options.js";
import { Refusals } from "./request/refusals.js";
import type { ExplainOptions, Explanation } from "./request/types.js";

/**
 * @param explainOne explains with one of the methods asked for
 * @throws GradlensError the reasons of all methods, where none fits
 */
export async function explainApart(
  asked: Asked,
  options: ExplainOptions,
  explainOne: (options: ExplainOptions) => Promise<Explanation>,
): Promise<Explanation> {
  const refused = new Refusals(asked.methods, "out-of-memory");
  const parts: Explanation[] = [];
  const add = async (some: ExplainOptions): Promise<void> => {
    parts.push(await explainOne({ ...options, ...some }));
  };
  for (const name of asked.methods) {
    await refused.attempt(name, () => add({ methods: [name], guided: false }));
  }
  if (asked.guided) await refused.attempt("guided", () => add({ methods: [], guided: true }));
  const [first] = parts;
  const guided = parts.flatMap((part) => part.guided ?? []);
  const inputGradients = parts.flatMap((part) => part.inputGradients ?? []);
  const allRefused = [...asked.refused, ...refused.all];
  return {
    logits: first!.logits,
    scores: first!.scores,
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
