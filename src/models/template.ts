/** @file The graph of an architecture, and what its spelling says of a file's keys. */

import type { KeyRule } from "../checkpoint/rename-key.js";
import { badArgument } from "../errors.js";
import { Builder, SYMBOLIC_BATCH } from "../graph/builder.js";
import type { ModuleRecord } from "../graph/module-scopes.js";
import { FileModules } from "../graph/file-modules.js";
import { sameShape } from "../graph/shape.js";
import type { Node } from "../graph/types.js";
import type { ArchDef, BuildOptions, ModelGraph, Spelling } from "./arch.js";
import type { Arch } from "./architectures.js";
import { keyRulesOf, respell } from "./spelling.js";
import { say } from "../language/say.js";

export interface NamedArch {
  readonly arch: Arch;
  readonly def: ArchDef;
}

/** An architecture, and one of its implementations. */
export interface Identity extends NamedArch {
  /** The name of one of the architecture's spellings. */
  readonly spelling: string;
}

export interface Template extends ModelGraph {
  readonly graph: Builder;
  /** Under the spelling's names. */
  readonly modules: readonly ModuleRecord[];
  /** The same modules under the names of other spellings. */
  readonly otherNames: () => (readonly ModuleRecord[])[];
  /** Without a classifier: the values that it would read, [B, features]. */
  readonly embedding?: Node;
}

/**
 * The architecture's graph at a symbolic batch.
 * @throws GradlensError "bad-argument" for a size, a number of classes or channels or a spelling that the architecture
 *   cannot have
 */
export function buildArch({ arch, def }: NamedArch, options: BuildOptions): Template {
  const [height, width] = options.size;
  if (![height, width].every((n) => Number.isInteger(n) && n >= def.minSize)) {
    throw badArgument(
      say`${arch} needs pictures of at least ${def.minSize}x${def.minSize} pixels, not ${height}x${width}; choose a larger size`,
    );
  }
  for (const [what, least] of [
    ["classes", 0],
    ["channels", 1],
  ] as const) {
    if (!Number.isInteger(options[what]) || options[what] < least) {
      throw badArgument(say`${arch}: ${options[what]} is not a number of ${what}`);
    }
  }
  const { shapes, head, onParameter, modules } = options;
  const file = { shapes, head, onParameter, modules: modules && new FileModules(modules) };
  const graph = new Builder(SYMBOLIC_BATCH, file);
  const own = spellingOf({ arch, def }, options.spelling);
  const built = def.build(graph, { ...options, spelling: own.name });
  const named = ({ table }: Spelling): readonly ModuleRecord[] =>
    table ? respell(graph.modules, table) : graph.modules;
  const later = ({ table }: Spelling): (readonly ModuleRecord[])[] =>
    table?.later ? [respell(graph.modules, { ...table, names: table.later })] : [];
  return {
    ...built,
    graph,
    modules: named(own),
    ...(options.classes === 0 && { embedding: built.logits }),
    otherNames: () => [
      ...def.spellings
        .filter((s) => s !== own)
        .map((s) =>
          s.table || own.table ? named(s) : builtNames(graph, def, { ...options, spelling: s.name }),
        ),
      ...def.spellings.flatMap(later),
    ],
  };
}

/**
 * The modules of a spelling that has no table but is built, with the values of `graph`. Only modules whose values are the same
 * node by node in both graphs are listed: where heads differ, the modules before them are.
 */
function builtNames(graph: Builder, def: ArchDef, options: BuildOptions): ModuleRecord[] {
  // A file's modules are under the names of its own spelling.
  const { shapes, head } = options;
  const other = new Builder(SYMBOLIC_BATCH, { shapes, head });
  def.build(other, options);
  const isSame = (node: Node, i: number): boolean => {
    const ours = graph.nodes[i];
    if (ours?.op !== node.op || !sameShape(ours.shape, node.shape)) return false;
    return node.inputs.every((input, k) => ours.inputs[k]?.id === input.id);
  };
  const end = other.nodes.findIndex((node, i) => !isSame(node, i));
  const shared = end < 0 ? other.nodes.length : end;
  return other.modules.flatMap(({ output, ...record }) => {
    if (output === undefined) return [record];
    return output.id < shared ? [{ ...record, output: graph.nodes[output.id]! }] : [];
  });
}

/** The spelling called `name`, or the architecture's first. @throws GradlensError "bad-argument" */
export function spellingOf({ arch, def: { spellings } }: NamedArch, name?: string): Spelling {
  const found = name === undefined ? spellings[0] : spellings.find((s) => s.name === name);
  if (found) return found;
  throw badArgument(
    say`${arch} has no spelling "${name}"; it has ${spellings.map((s) => s.name).join(", ")}`,
  );
}

/** What an identity's spelling says. */
export const ownSpelling = (identity: Identity): Spelling => spellingOf(identity, identity.spelling);

/** Rules from a spelling's keys to ours. */
export function keyRulesFor(identity: Identity): KeyRule[] {
  const { name, table, keyRules = [] } = ownSpelling(identity);
  return [...(table ? keyRulesOf(name, table) : []), ...keyRules, ...(identity.def.keyRules ?? [])];
}

/** Key of the head's weight, whose axis 0 is the number of classes. */
export const classesKey = (identity: Identity): string =>
  ownSpelling(identity).classesFrom ?? identity.def.classesFrom;

/** Key of the first convolution's weight, whose axis 1 is the number of channels. */
export const channelsKey = (identity: Identity): string =>
  ownSpelling(identity).channelsFrom ?? identity.def.channelsFrom;

/** Path of the layer explained when none is named. */
export const defaultLayerOf = (named: NamedArch, spelling?: string): string =>
  spellingOf(named, spelling).defaultLayer ?? named.def.defaultLayer;
