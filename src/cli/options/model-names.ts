/** @file Architectures and methods by the names that users give them. */

import { likelyMethod, methodNamed } from "../../cam/methods/aliases.js";
import type { MethodName } from "../../cam/methods/table.js";
import { badArgument } from "../../errors.js";
import { archOfTimm } from "../../models/timm-names.js";
import { checkNotRefused } from "../../models/unsupported.js";
import type { Arch } from "../../models/architectures.js";
import type { Engine } from "../engine/engine.js";
import { meantWords, suggestion } from "../../models/nearest.js";
import { say } from "../../language/say.js";

/** The file decides, even if the settings beside the weights name an architecture. */
const AUTO = "auto";

/** Names compare without case, `-` and `_`. */
const fold = (name: string): string => name.toLowerCase().replace(/[-_]/g, "");

/**
 * The architecture that `--arch` names; undefined for "auto", where the file decides.
 * @throws GradlensError "bad-argument"
 */
export function archOf(name = AUTO, { archNames }: Engine): Arch | undefined {
  if (fold(name) === AUTO) return undefined;
  const found = archNames.find((one) => fold(one) === fold(name));
  const arch = found ?? archOfTimm(name);
  if (arch !== undefined) return arch as Arch;
  checkNotRefused(name);
  throw badArgument(
    say`unknown architecture "${name}"${suggestion(name, archNames)} (gradlens models lists all ${archNames.length})`,
  );
}

/** All methods. */
const ALL_METHODS = "all";

/**
 * The methods that `--method` names, alone or by their group, each once.
 * @throws GradlensError "bad-argument"
 */
export function methodsOf(names: readonly string[], engine: Engine): MethodName[] {
  return [...new Set(names.flatMap((name) => methodsNamed(name, engine)))];
}

function methodsNamed(name: string, { methods }: Engine): MethodName[] {
  const wanted = methodNamed(name) ?? fold(name);
  const found = methods.filter((method) => [method.name, fold(method.group), ALL_METHODS].includes(wanted));
  if (found.length > 0) return found.map((method) => method.name);
  const groups = [ALL_METHODS, ...new Set(methods.map((method) => method.group))];
  const known = [...methods.map((method) => method.name), ...groups];
  const meant = likelyMethod(name);
  const hint =
    (meant && meantWords(meant)) || suggestion(name, known) || say` (supported: ${known.join(", ")})`;
  throw badArgument(say`unknown method "${name}"${hint}`);
}
