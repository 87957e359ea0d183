/** @file Finds the architecture nearest to an unsupported checkpoint, for the error message. */

import type { Shape } from "../graph/shape.js";
import type { Spelling } from "./arch.js";
import { fitsShape, readAlike, readings, withoutTables } from "./detect.js";
import type { Arch } from "./architectures.js";
import { ALL_NAMED } from "./registry.js";
import { buildArch, channelsKey, classesKey, type NamedArch } from "./template.js";

interface NearArch {
  readonly arch: Arch;
  readonly spelling: string;
  /** The number of the architecture's parameters, and of those that the file has with their shapes. */
  readonly parameters: number;
  readonly fitting: number;
  /** The share of parameters that both have, among those of either. */
  readonly shared: number;
  /** A parameter, in our names, that the file lacks or has in another shape. */
  readonly missing?: string;
  /** A tensor, in our names, that the architecture lacks. */
  readonly foreign?: string;
}

/** Below this share of the architecture's parameters a match means nothing. */
const LEAST_SHARE = 0.3;

/**
 * The architecture that shares most tensors with the file, among those whose first convolution the file has. Undefined if they
 * share little.
 */
export function nearestArch(shapes: ReadonlyMap<string, Shape>): NearArch | undefined {
  const all = readAlike(ALL_NAMED).flatMap((archs) =>
    readings(shapes, archs[0]!).flatMap(({ spelling, ours }) =>
      archs.map((named) => likeness(ours, named, spelling)),
    ),
  );
  const [best] = all.sort((a, b) => b.shared - a.shared);
  return best && best.fitting >= LEAST_SHARE * best.parameters ? best : undefined;
}

function likeness(ours: ReadonlyMap<string, Shape>, named: NamedArch, spelling: Spelling): NearArch {
  const { arch, def } = named;
  const identity = { ...named, spelling: spelling.name };
  const [, channels = 3] = ours.get(channelsKey(identity)) ?? [];
  const [classes = 1000] = ours.get(classesKey(identity)) ?? [];
  const shapes = withoutTables(ours);
  const options = { size: def.preprocessing.size, channels, classes, spelling: spelling.name, shapes };
  const params = [...buildArch(named, options).graph.params];
  const fits = ([key, { shape }]: (typeof params)[number]): boolean => fitsShape(key, shape, ours.get(key));
  const fitting = params.filter(fits).length;
  const known = new Set(params.map(([key]) => key));
  const missing = params.find((param) => !fits(param))?.[0];
  const foreign = [...ours.keys()].find((key) => !known.has(key));
  return {
    arch,
    spelling: spelling.name,
    parameters: params.length,
    fitting,
    ...(missing !== undefined && { missing }),
    ...(foreign !== undefined && { foreign }),
    shared: fitting / (params.length + ours.size - fitting),
  };
}
