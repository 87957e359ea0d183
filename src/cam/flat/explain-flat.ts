/** @file Adds to each all-zero map the reason why. The statistics are computed for such maps only. */

import { hasCode } from "../../errors.js";
import { chunksOf } from "../split-lists.js";
import type { MapOptionValues } from "../map-options.js";
import type { WeightsOf } from "../layer-maps/map-request.js";
import { gradientsAt, methodInputs, nodesOf, weightInputs } from "../layer-maps/method-inputs.js";
import { sumOverChannels } from "../layer-maps/raw-map.js";
import { isWholeModelMethod, METHODS, type LayerMethodName } from "../methods/table.js";
import { layerAt, type ExplainerModel } from "../model.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import { ReversePlan } from "../passes/reverse-plan.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { CamMap } from "../request/types.js";
import { flatFacts, flatReason, isFlat, readFacts } from "./reason.js";
import { say, translated } from "../../language/say.js";

export interface FlatContext {
  readonly model: ExplainerModel;
  readonly symbolic: SymbolicModel;
  /** Ran on the picture and keeps the values that the maps were made of. */
  readonly forward: ForwardPass;
  readonly mapOptions: MapOptionValues;
  /** The most targets that run at once. */
  readonly batchSize: number;
  /** Plans of batches hold all memory that is left of a budget. */
  readonly bounded: boolean;
  /** SymbolicModel.seedRows of some class indexes. */
  readonly seedFor: (targets: readonly number[], method: LayerMethodName) => Float32Array;
  /** The channel weights of some class indexes. */
  readonly weightsFor: (targets: readonly number[]) => WeightsOf;
}

export async function withReasons(maps: readonly CamMap[], context: FlatContext): Promise<CamMap[]> {
  const reasons = new Map<CamMap, string>();
  const flat = maps.filter((map) => isFlat(map.data));
  for (const first of flat) {
    const { method } = first;
    if (reasons.has(first)) continue;
    const alike = flat.filter((map) => map.method === method && map.layers === first.layers);
    const found = isWholeModelMethod(method)
      ? alike.map(() => translated(METHODS[method].flat))
      : await reasonsInParts(method, alike, context);
    alike.forEach((map, i) => reasons.set(map, found[i]!));
  }
  return maps.map((map) => (reasons.has(map) ? { ...map, flat: reasons.get(map)! } : map));
}

/** @param maps of one method and layer, for several targets */
async function reasonsInParts(
  name: LayerMethodName,
  maps: readonly CamMap[],
  context: FlatContext,
): Promise<string[]> {
  if (context.bounded) await context.forward.releaseBatches();
  const reasons: string[] = [];
  for (const part of chunksOf(maps, Math.min(context.batchSize, context.forward.targetsAtOnce))) {
    try {
      reasons.push(...(await reasonsFor(name, part, context)));
    } catch (error) {
      if (!hasCode(error, "out-of-memory")) throw error;
      reasons.push(...part.map(() => say`the GPU lacks memory to find out why`));
    }
  }
  return reasons;
}

async function reasonsFor(
  name: LayerMethodName,
  maps: readonly CamMap[],
  { model, symbolic, forward, mapOptions, seedFor, weightsFor }: FlatContext,
): Promise<string[]> {
  const method = METHODS[name];
  const targets = maps.map((map) => map.target.index);
  // The last of several layers: all are flat where their mean is.
  const tap = layerAt(model, maps[0]!.layers.at(-1)!);
  const [found] = gradientsAt(symbolic, [tap], [name]);
  const reverse = symbolic.reverse(forward, nodesOf(found!), [tap.output], targets.length);
  const b = reverse.graph;
  const [gradient, curvature] = reverse.values;
  const graph = { b, symbolic, forward, targets: targets.length, defaultLayer: model.defaultLayer };
  const { A, X } = methodInputs(graph, name, tap, { gradient, curvature });
  const raw = sumOverChannels(b, method.summands(b, A, X, mapOptions));
  const facts = flatFacts(b, raw, A, method.gradient && X);
  const plan = await ReversePlan.compile(symbolic, forward, b, [facts]);
  try {
    const inputs = weightInputs([name], [tap], weightsFor(targets));
    const [values] = await plan.run(seedFor(targets, name), { inputs });
    const rows = readFacts(values!, raw.shape[0]!);
    const signIsEvidence = method.signIsEvidence === true && !mapOptions.eigenSmooth;
    const layer = { path: tap.path, positions: raw.shape[1]! * raw.shape[2]! };
    return maps.map((_, i) => flatReason(rows[rows.length === 1 ? 0 : i]!, layer, signIsEvidence));
  } finally {
    plan.dispose();
  }
}
