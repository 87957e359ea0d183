/** @file Every architecture by name. */

import { GradlensError } from "../errors.js";
import { Builder, type ModuleRecord } from "../graph/builder.js";
import type { ArchDef, BuildOptions, ModelGraph } from "./arch.js";
import { DENSENETS } from "./densenet.js";
import { MNASNETS } from "./mnasnet.js";
import { nearest } from "./nearest.js";
import { RESNETS } from "./resnet.js";
import { VGGS } from "./vgg.js";

export const ARCHITECTURES = { ...DENSENETS, ...RESNETS, ...VGGS, ...MNASNETS } satisfies Record<
  string,
  ArchDef
>;

export type Arch = keyof typeof ARCHITECTURES;

export const ARCH_NAMES = Object.keys(ARCHITECTURES) as readonly Arch[];

/** The architecture called `name`. @throws GradlensError "bad-argument", naming near ones */
export function findArch(name: string): { arch: Arch; def: ArchDef } {
  if (Object.hasOwn(ARCHITECTURES, name)) return { arch: name as Arch, def: ARCHITECTURES[name as Arch] };
  throw new GradlensError(
    "bad-argument",
    `unknown architecture "${name}"; nearest: ${nearest(name, ARCH_NAMES).join(", ")} (all: ${ARCH_NAMES.join(", ")})`,
  );
}

export interface Template extends ModelGraph {
  readonly graph: Builder;
  readonly modules: readonly ModuleRecord[];
}

/**
 * The architecture's graph at a symbolic batch.
 * @throws GradlensError "bad-argument" for a size or a number of classes or channels that the architecture cannot have
 */
export function buildTemplate(arch: Arch, options: BuildOptions): Template {
  const def: ArchDef = ARCHITECTURES[arch];
  const [height, width] = options.size;
  if (![height, width].every((n) => Number.isInteger(n) && n >= def.minSize)) {
    throw new GradlensError(
      "bad-argument",
      `${arch} needs pictures of at least ${def.minSize}x${def.minSize} pixels, not ${height}x${width}; choose a larger size`,
    );
  }
  for (const what of ["classes", "channels"] as const) {
    if (!Number.isInteger(options[what]) || options[what] < 1) {
      throw new GradlensError("bad-argument", `${arch}: ${options[what]} is no number of ${what}`);
    }
  }
  const graph = new Builder();
  return { graph, modules: graph.modules, ...def.build(graph, options) };
}
