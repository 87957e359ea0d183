/** @file Finds a file's modules under the graph's paths, and counts what architectures have in common with them. */

import { transparent } from "../checkpoint/key-prefix.js";
import type { KeyMatch } from "../checkpoint/match-keys.js";
import { INERT } from "../models/activations.js";
import { MODULE_ALIASES } from "../models/container-classes.js";
import { kindOf } from "../models/file-layer.js";
import { keyRulesFor, type Identity } from "../models/template.js";
import type { DeepHead } from "./deep-head.js";
import { nameModules, type NamedModule } from "./module-names.js";
import { byPath } from "./said-modules.js";
import { buildPublished, outlineOf } from "./sketch.js";
import { wiringOf } from "./graph-wiring.js";
import { wiringProblem } from "./wiring.js";
import type { Tensors } from "./tensors.js";

/** The file's modules under our paths; undefined where it holds tensors alone. */
export function namedModules(
  { modules }: Tensors,
  identity: Identity,
  match: KeyMatch,
  head?: DeepHead,
): readonly NamedModule[] | undefined {
  if (modules === undefined) return undefined;
  const { kinds } = outlineOf(identity);
  const rules = [...keyRulesFor(identity), ...MODULE_ALIASES];
  const named = nameModules(modules, match, rules, (path) => kinds.has(path));
  return head === undefined
    ? named
    : named.map((one) => ({ ...one, path: pathInHead(one.from, head) ?? one.path }));
}

function pathInHead(from: string, { module, path }: DeepHead): string | undefined {
  const own = transparent(from).join(".");
  return own === module || own.startsWith(`${module}.`) ? path + own.slice(module.length) : undefined;
}

/**
 * The number of the file's modules without tensors that the architecture has. It distinguishes implementations with the same
 * keys.
 */
export function commonModules(checkpoint: Tensors, identity: Identity, match: KeyMatch): number {
  const { kinds } = outlineOf(identity);
  const named = namedModules(checkpoint, identity, match) ?? [];
  return named.filter(
    ({ path, module }) => path !== undefined && kinds.has(path) && !INERT.has(kindOf(module)),
  ).length;
}

/** The number of settings in which the file's modules differ from the architecture; one more if its code differs. */
export function settingsOtherwise(checkpoint: Tensors, identity: Identity, match: KeyMatch): number {
  const named = namedModules(checkpoint, identity, match) ?? [];
  const modules = byPath(named);
  const { graph, logits } = buildPublished(identity, { classes: 1, modules });
  const { computed, problems } = graph.file.modules!;
  const { calls } = checkpoint;
  const runsOtherwise =
    calls && wiringProblem(calls, named, wiringOf(graph, logits), identity.def.family) !== undefined;
  return computed.size + problems.length + (runsOtherwise ? 1 : 0);
}
