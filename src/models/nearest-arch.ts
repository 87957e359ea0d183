/** @file Finds the architecture nearest to an unsupported checkpoint, for the error message. */

import type { Shape } from "../graph/shape.js";
import type { Spelling } from "./arch.js";
import { buildWhile, fitsShape, readAlike, readings, withoutTables } from "./detect.js";
import type { Arch } from "./architectures.js";
import { ALL_NAMED } from "./registry.js";
import { channelsKey, classesKey, type NamedArch } from "./template.js";

interface NearArch {
  readonly arch: Arch;
  readonly spelling: string;
  /** The number of the architecture's parameters, and of those that the file has with their shapes. */
  readonly parameters: number;
  readonly fitting: number;
  /** The share of parameters that both have, among those of either. */
  readonly shared: number;
  /** A parameter, in our names, that the file lacks or has in another shape. */
  readonly missing: string | undefined;
  /** A tensor, in our names, that the architecture lacks. */
  readonly foreign: string | undefined;
}

/** Below this share of the architecture's parameters a match means nothing. */
const LEAST_SHARE = 0.3;

/**
 * The architecture that shares most tensors with the file, among those whose first convolution the file has. Undefined if they
 * share little.
 */
export function nearestArch(shapes: ReadonlyMap<string, Shape>): NearArch | undefined {
  let best: NearArch | undefined;
  for (const archs of readAlike(ALL_NAMED)) {
    for (const { spelling, ours } of readings(shapes, archs[0]!)) {
      for (const named of archs) {
        const near = likeness(ours, named, spelling, best?.shared ?? 0);
        if (near !== undefined && (best === undefined || near.shared > best.shared)) best = near;
      }
    }
  }
  return best && best.fitting >= LEAST_SHARE * best.parameters ? best : undefined;
}

/** Undefined as soon as the graph's parameters show that the share stays below `least`. */
function likeness(
  ours: ReadonlyMap<string, Shape>,
  named: NamedArch,
  spelling: Spelling,
  least: number,
): NearArch | undefined {
  const identity = { ...named, spelling: spelling.name };
  const [, channels = 3] = ours.get(channelsKey(identity)) ?? [];
  const [classes = 1000] = ours.get(classesKey(identity)) ?? [];
  const { size } = named.def.preprocessing;
  const options = { size, channels, classes, spelling: spelling.name, shapes: withoutTables(ours) };
  const misfits = new Set<string>();
  // Tensors of the file that no parameter can fit any more.
  let lost = 0;
  const graph = buildWhile(named, options, (key, shape) => {
    if (misfits.has(key) || fitsShape(key, shape, ours.get(key))) return true;
    misfits.add(key);
    if (ours.has(key)) lost++;
    return (ours.size - lost) / (ours.size + misfits.size) >= least;
  });
  if (graph === undefined) return undefined;
  const params = [...graph.params.keys()];
  const fitting = params.length - misfits.size;
  return {
    arch: named.arch,
    spelling: spelling.name,
    parameters: params.length,
    fitting,
    missing: params.find((key) => misfits.has(key)),
    foreign: [...ours.keys()].find((key) => !graph.params.has(key)),
    shared: fitting / (params.length + ours.size - fitting),
  };
}
