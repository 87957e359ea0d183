/** @file Finds a file's modules under the graph's paths, and counts what architectures have in common with them. */

import { transparent } from "../../checkpoint/key-prefix.js";
import type { FileModule } from "../../checkpoint/types.js";
import { INERT } from "../../models/activations.js";
import { MODULE_ALIASES } from "../../models/container-classes.js";
import { kindOf } from "../../models/file-layer.js";
import { keyRulesFor, type Identity } from "../../models/template.js";
import type { DeepHead } from "../network/deep-head.js";
import { nameModules, type NamedModule } from "../network/module-names.js";
import type { Network } from "../network/read-network.js";
import { buildPublished, publishedOutline, type Sketches } from "../network/sketch.js";
import { wiringOf } from "./graph-wiring.js";
import { wiringProblem } from "./wiring.js";

/** The network with the file's modules, where it holds any. */
export function withModules(network: Network): Network {
  const { sketches, identity, deepHead, build } = network;
  const modules = namedModules(sketches, identity, deepHead);
  return modules === undefined
    ? network
    : { ...network, modules, build: { ...build, modules: byPath(modules) } };
}

const byPath = (named: readonly NamedModule[]): ReadonlyMap<string, FileModule> =>
  new Map(named.flatMap(({ path, module }) => (path === undefined ? [] : [[path, module] as const])));

/** The file's modules under our paths; undefined where it holds tensors alone. */
function namedModules(
  sketches: Sketches,
  identity: Identity,
  head?: DeepHead,
): readonly NamedModule[] | undefined {
  const { modules } = sketches.file;
  if (modules === undefined) return undefined;
  const { kinds } = publishedOutline(identity);
  const rules = [...keyRulesFor(identity), ...MODULE_ALIASES];
  const named = nameModules(modules, sketches.match(identity), rules, (path) => kinds.has(path));
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
export function commonModules(sketches: Sketches, identity: Identity): number {
  const { kinds } = publishedOutline(identity);
  const named = namedModules(sketches, identity) ?? [];
  return named.filter(
    ({ path, module }) => path !== undefined && kinds.has(path) && !INERT.has(kindOf(module)),
  ).length;
}

/** The number of settings in which the file's modules differ from the architecture; one more if its code differs. */
export function settingsOtherwise(sketches: Sketches, identity: Identity): number {
  const named = namedModules(sketches, identity) ?? [];
  const modules = byPath(named);
  const { graph, logits } = buildPublished(identity, { classes: 1, modules });
  const { computed, problems } = graph.file.modules!;
  const { calls } = sketches.file;
  const runsOtherwise =
    calls && wiringProblem(calls, named, wiringOf(graph, logits), identity.def.family) !== undefined;
  return computed.size + problems.length + (runsOtherwise ? 1 : 0);
}
