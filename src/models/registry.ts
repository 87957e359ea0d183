/** @file Architectures by name. */

import { badArgument } from "../errors.js";
import { say } from "../language/say.js";
import type { Shape } from "../graph/shape.js";
import type { BuildOptions } from "./arch.js";
import { ARCH_NAMES, ARCHITECTURES, type Arch } from "./architectures.js";
import { detectAmong, type Detected } from "./detect.js";
import { nearest } from "./nearest.js";
import { checkNotRefused } from "./unsupported.js";
import { buildArch, type NamedArch, type Template } from "./template.js";
import { archOfTimm } from "./timm-names.js";

export const named = (arch: Arch): NamedArch => ({ arch, def: ARCHITECTURES[arch] });

export const ALL_NAMED: readonly NamedArch[] = ARCH_NAMES.map(named);

/** The architecture called `name` here or in timm. @throws GradlensError "bad-argument", naming near ones */
export function findArch(name: string): NamedArch {
  if (Object.hasOwn(ARCHITECTURES, name)) return named(name as Arch);
  const alias = archOfTimm(name) as Arch | undefined;
  if (alias) return named(alias);
  checkNotRefused(name);
  throw badArgument(
    say`unknown architecture "${name}"; nearest: ${nearest(name, ARCH_NAMES).join(", ")} (gradlens models lists all ${ARCH_NAMES.length})`,
  );
}

/** `buildArch` by name. @throws GradlensError as that */
export const buildTemplate = (arch: Arch, options: BuildOptions): Template => buildArch(named(arch), options);

/** `detectAmong` all architectures, by name. */
export const detectArch = (shapes: ReadonlyMap<string, Shape>): Omit<Detected, "def">[] =>
  detectAmong(shapes, ALL_NAMED).map(({ arch, spelling, prefix }) => ({ arch, spelling, prefix }));
