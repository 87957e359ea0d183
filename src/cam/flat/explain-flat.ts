/** @file Adds to each all-zero map the reason why. The statistics are computed for such maps only. */

import { hasCode } from "../../errors.js";
import type { Tap } from "../../models/taps.js";
import { chunksOf } from "../lists.js";
import { flatFacts, flatReason, isFlat, readFacts } from "./reason.js";
import type { WeightsOf } from "../layer-maps/map-request.js";
import { summands } from "../layer-maps/raw-map.js";
import { gradientsAt, methodInputs, weightsName } from "../layer-maps/method-inputs.js";
import { isMeasured, type WholeModelMethod } from "../methods/method.js";
import { isWholeModelMethod, METHODS, type LayerMethodName } from "../methods/table.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import type { CamMap } from "../request/types.js";

export interface FlatContext {
  readonly symbolic: SymbolicModel;
  /** Which ran on the picture and keeps what the maps were made of. */
  readonly forward: ForwardPass;
  readonly tapOf: (path: string) => Tap;
  readonly defaultLayer: string;
  /** The architecture, for messages. */
  readonly name: string;
  /** Targets at once. */
  readonly batchSize: number;
  /** Memory is bounded: plans of batches have what is left of it. */
  readonly bounded: boolean;
  /** The seed of some class indexes. */
  readonly seedFor: (targets: readonly number[], method: LayerMethodName) => Float32Array;
  /** Channel weights of some class indexes. */
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
      ? alike.map(() => directReason(METHODS[method]))
      : await reasonsInParts(method, alike, context);
    alike.forEach((map, i) => reasons.set(map, found[i]!));
  }
  return maps.map((map) => (reasons.has(map) ? { ...map, flat: reasons.get(map)! } : map));
}

/** Of methods that look at no layer. */
const directReason = (def: WholeModelMethod): string =>
  def.needs === "input"
    ? "the logit's gradient at the picture is zero everywhere, or has the same size at every pixel"
    : def.flat;

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
      reasons.push(...part.map(() => "the GPU has no memory left to see why"));
    }
  }
  return reasons;
}

async function reasonsFor(
  name: LayerMethodName,
  maps: readonly CamMap[],
  context: FlatContext,
): Promise<string[]> {
  const { symbolic, forward } = context;
  const { device, weights } = symbolic.model;
  const [first] = maps;
  const method = METHODS[name];
  const targets = maps.map((map) => map.target.index);
  // Of several layers the last one is looked at: all are flat where the average is.
  const tap = context.tapOf(first!.layers.at(-1)!);
  const [wanted] = gradientsAt(symbolic, [tap], [name]);
  const nodes = [wanted!.gradient ?? [], wanted!.curvature ?? []].flat();
  const { graph: b, values } = symbolic.reverse(forward, nodes, [tap.output], maps.length);
  const [gradient, curvature] = values;
  const found = { ...(gradient && { gradient }), ...(curvature && { curvature }) };
  const plan = { ...context, b, targets: maps.length };
  const { A, given } = methodInputs(plan, name, tap, found);
  const terms = summands(b, method, A, given);
  const raw = b.reshape(b.sum(terms, [3]), terms.shape.slice(0, 3));
  const G = method.needs === "gradients" ? given : undefined;
  const compiled = await device.compile(b, [flatFacts(b, raw, A, G)], {
    weights,
    sources: forward.sourcesOf(b),
  });
  try {
    compiled.write("seed", context.seedFor(targets, name));
    if (isMeasured(method)) {
      compiled.write(weightsName(name, tap), context.weightsFor(targets)(name, tap));
    }
    await compiled.run();
    const [facts] = await compiled.read(0);
    const perTarget = readFacts(facts!, terms.shape[0]!);
    return maps.map((_, i) =>
      flatReason(perTarget[perTarget.length === 1 ? 0 : i]!, tap.path, method.needs !== "activations"),
    );
  } finally {
    compiled.dispose();
  }
}
