/** @file Architectures and methods by the names that users give them. */

import type { MethodName } from "../cam/methods.js";
import { GradlensError } from "../errors.js";
import { checkNotRefused } from "../models/refused.js";
import type { Arch } from "../models/registry.js";
import type { Engine } from "./engine.js";
import { suggestion } from "./suggest.js";

/** Names compare without case, `-` and `_`. */
const fold = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");

/** The architecture that `--arch` names. Throws `bad-argument`. */
export function archOf(name: string | undefined, { archNames }: Engine): Arch | undefined {
  if (name === undefined) return undefined;
  const found = archNames.find((one) => fold(one) === fold(name));
  if (found !== undefined) return found as Arch;
  checkNotRefused(name);
  throw new GradlensError(
    "bad-argument",
    `unknown architecture "${name}"${suggestion(name, archNames)} (gradlens models lists all ${archNames.length})`,
  );
}

/** pytorch-grad-cam's names for methods that are called otherwise here. */
const METHOD_ALIASES: Readonly<Record<string, string>> = {
  gradcamelementwise: "elementwise",
  gradcamplusplus: "gradcam++",
  gradcampp: "gradcam++",
};

/** The method that `--method` names. Throws `bad-argument`. */
export function methodOf(name: string, { methods }: Engine): MethodName {
  const names = methods.map((method) => method.name);
  const wanted = METHOD_ALIASES[fold(name)] ?? fold(name);
  if (names.includes(wanted)) return wanted as MethodName;
  const hint = suggestion(name, names) || ` (there are ${names.join(", ")})`;
  throw new GradlensError("bad-argument", `unknown method "${name}"${hint}`);
}
