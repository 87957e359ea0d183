/** @file Tells flat maps why they are flat; what is looked at is computed only for them. */

import { mapLayout, toMap, type Tap } from "../models/taps.js";
import { flatFacts, flatReason, isFlat, readFacts } from "./flat.js";
import type { WeightsOf } from "./map-plan.js";
import { summands } from "./maps.js";
import { isMeasured } from "./method.js";
import { METHODS } from "./methods.js";
import type { Forward, Passes } from "./passes.js";
import type { CamMap } from "./types.js";

export interface FlatContext {
  readonly passes: Passes;
  /** Which ran on the picture and keeps what the maps were made of. */
  readonly forward: Forward;
  readonly tapOf: (path: string) => Tap;
  readonly defaultLayer: string;
  /** The seed of some class indexes. */
  readonly seedFor: (targets: readonly number[]) => Float32Array;
  /** Measured weights of some class indexes. */
  readonly weightsFor: (targets: readonly number[]) => WeightsOf;
}

export async function withReasons(maps: readonly CamMap[], context: FlatContext): Promise<CamMap[]> {
  const reasons = new Map<CamMap, string>();
  const flat = maps.filter((map) => isFlat(map.data));
  for (const first of flat) {
    if (reasons.has(first)) continue;
    const alike = flat.filter((map) => map.method === first.method && map.layers === first.layers);
    const found = await reasonsFor(alike, context);
    alike.forEach((map, i) => reasons.set(map, found[i]!));
  }
  return maps.map((map) => (reasons.has(map) ? { ...map, flat: reasons.get(map)! } : map));
}

/** @param maps of one method and layer, for several targets */
async function reasonsFor(maps: readonly CamMap[], context: FlatContext): Promise<string[]> {
  const { passes, forward } = context;
  const { device, weights } = passes.model;
  const [first] = maps;
  const method = METHODS[first!.method];
  const targets = maps.map((map) => map.target.index);
  // Of several layers the last one is looked at: all are flat where the average is.
  const tap = context.tapOf(first!.layers.at(-1)!);
  const gradients = method.needs === "gradients" ? passes.gradients([tap.output]) : [];
  const { graph: b, values } = passes.reverse(forward, gradients, [tap.output], maps.length);
  const layout = mapLayout(tap, context.defaultLayer);
  const A = toMap(b, forward.savedInput(b, tap.output), layout);
  const G = values[0] && toMap(b, values[0], layout);
  const W = isMeasured(method) ? b.input("weights", [maps.length, 1, 1, A.shape[3]!]) : undefined;
  const terms = summands(b, method, A, G ?? W);
  const raw = b.reshape(b.sum(terms, [3]), terms.shape.slice(0, 3));
  const plan = await device.compile(b, [flatFacts(b, raw, A, G)], { weights, sources: forward.sourcesOf(b) });
  try {
    plan.write("seed", context.seedFor(targets));
    if (W) plan.write("weights", context.weightsFor(targets)(first!.method, tap));
    await plan.run();
    const [facts] = await plan.read(0);
    const perTarget = readFacts(facts!, terms.shape[0]!);
    return maps.map((_, i) => flatReason(perTarget[perTarget.length === 1 ? 0 : i]!, tap.path));
  } finally {
    plan.dispose();
  }
}
