/** @file The registry of architectures, and the graph of one. */

import type { KeyRule } from "../checkpoint/rename-key.js";
import { GradlensError } from "../errors.js";
import { Builder, SYMBOLIC_BATCH, type FileFacts, type ModuleRecord } from "../graph/builder.js";
import { FileModules } from "../graph/file-modules.js";
import { sameShape } from "../graph/shape.js";
import type { Node } from "../graph/types.js";
import type { ArchDef, BuildOptions, ModelGraph, Spelling } from "./arch.js";
import { keyRulesOf, respell } from "./spelling.js";
import { CONVNEXTS } from "./convnext.js";
import { ALEXNETS } from "./alexnet.js";
import { BEITS } from "./beit.js";
import { CLIPS } from "./clip.js";
import { DEIT3S } from "./deit3.js";
import { DENSENETS } from "./densenet.js";
import { DINOV2S } from "./dinov2.js";
import { EFFICIENTNETS } from "./efficientnet.js";
import { GOOGLENETS } from "./googlenet.js";
import { INCEPTIONS } from "./inception.js";
import { MNASNETS } from "./mnasnet.js";
import { MOBILENETS } from "./mobilenet.js";
import { nearest } from "./nearest.js";
import { PVTS } from "./pvt-v2.js";
import { checkNotRefused } from "./refused.js";
import { REGNETS } from "./regnet.js";
import { RESNESTS } from "./resnest.js";
import { RESNET_DS } from "./resnet-d.js";
import { RESNETS } from "./resnet.js";
import { SE_RESNETS } from "./se-resnet.js";
import { SIGLIPS } from "./siglip.js";
import { SHUFFLENETS } from "./shufflenet.js";
import { SQUEEZENETS } from "./squeezenet.js";
import { SWIN_V2S } from "./swin-v2.js";
import { SWINS } from "./swin.js";
import { archOfTimm } from "./timm-names.js";
import { VGGS } from "./vgg.js";
import { VITS } from "./vit.js";
import { XCEPTIONS } from "./xception.js";
import { say } from "../language/say.js";

export const ARCHITECTURES = {
  ...DENSENETS,
  ...RESNETS,
  ...RESNET_DS,
  ...SE_RESNETS,
  ...RESNESTS,
  ...REGNETS,
  ...VGGS,
  ...ALEXNETS,
  ...SQUEEZENETS,
  ...SHUFFLENETS,
  ...INCEPTIONS,
  ...GOOGLENETS,
  ...XCEPTIONS,
  ...MNASNETS,
  ...EFFICIENTNETS,
  ...MOBILENETS,
  ...CONVNEXTS,
  ...DINOV2S,
  ...BEITS,
  ...CLIPS,
  ...SIGLIPS,
  // A ViT of timm's may have layer scales as well: DeiT III comes first.
  ...DEIT3S,
  ...VITS,
  ...SWINS,
  ...SWIN_V2S,
  ...PVTS,
} satisfies Record<string, ArchDef>;

export type Arch = keyof typeof ARCHITECTURES;

/** An architecture, and whose implementation of it. */
export interface Identity {
  readonly arch: Arch;
  /** A spelling of the architecture's. */
  readonly spelling: string;
}

export const ARCH_NAMES = Object.keys(ARCHITECTURES) as readonly Arch[];

/** The architecture called `name`, also where that is timm's name. @throws GradlensError "bad-argument", naming near ones */
export function findArch(name: string): { arch: Arch; def: ArchDef } {
  if (Object.hasOwn(ARCHITECTURES, name)) return { arch: name as Arch, def: ARCHITECTURES[name as Arch] };
  const alias = archOfTimm(name) as Arch | undefined;
  if (alias) return { arch: alias, def: ARCHITECTURES[alias] };
  checkNotRefused(name);
  throw new GradlensError(
    "bad-argument",
    say`unknown architecture "${name}"; nearest: ${nearest(name, ARCH_NAMES).join(", ")} (gradlens models lists all ${ARCH_NAMES.length})`,
  );
}

export interface Template extends ModelGraph {
  readonly graph: Builder;
  /** Under the spelling's names. */
  readonly modules: readonly ModuleRecord[];
  /** The same modules under the names of the architecture's other spellings. */
  readonly otherNames: () => (readonly ModuleRecord[])[];
  /** Without a classifier: what that would read, [B, features]. */
  readonly embedding?: Node;
}

/**
 * The architecture's graph at a symbolic batch.
 * @throws GradlensError "bad-argument" for a size, a number of classes or channels or a spelling that the architecture
 *   cannot have
 */
export function buildTemplate(arch: Arch, options: BuildOptions): Template {
  const def: ArchDef = ARCHITECTURES[arch];
  const [height, width] = options.size;
  if (![height, width].every((n) => Number.isInteger(n) && n >= def.minSize)) {
    throw new GradlensError(
      "bad-argument",
      say`${arch} needs pictures of at least ${def.minSize}x${def.minSize} pixels, not ${height}x${width}; choose a larger size`,
    );
  }
  for (const [what, least] of [
    ["classes", 0],
    ["channels", 1],
  ] as const) {
    if (!Number.isInteger(options[what]) || options[what] < least) {
      throw new GradlensError("bad-argument", say`${arch}: ${options[what]} is no number of ${what}`);
    }
  }
  const graph = new Builder(SYMBOLIC_BATCH, fileFacts(options));
  const own = findSpelling(arch, options.spelling);
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

const fileFacts = ({ shapes, modules, head, onParameter }: BuildOptions): FileFacts => ({
  ...(shapes && { shapes }),
  ...(head && { head }),
  ...(onParameter && { onParameter }),
  ...(modules && { modules: new FileModules(modules) }),
});

/**
 * The modules of a spelling that has no table but is built, with the values of `graph`, as far as both graphs are node by
 * node the same: names change nothing but names, and where heads differ, what comes before is shared.
 */
function builtNames(graph: Builder, def: ArchDef, options: BuildOptions): ModuleRecord[] {
  // A file's modules are under the names of its own spelling.
  const { shapes, head } = options;
  const other = new Builder(SYMBOLIC_BATCH, { ...(shapes && { shapes }), ...(head && { head }) });
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
export function findSpelling(arch: Arch, name?: string): Spelling {
  const { spellings }: ArchDef = ARCHITECTURES[arch];
  const found = name === undefined ? spellings[0] : spellings.find((s) => s.name === name);
  if (found) return found;
  throw new GradlensError(
    "bad-argument",
    say`${arch} has no spelling "${name}"; it has ${spellings.map((s) => s.name).join(", ")}`,
  );
}

/** Rules from a spelling's keys to ours. */
export function keyRulesFor({ arch, spelling }: Identity): KeyRule[] {
  const { name, table, keyRules = [] } = findSpelling(arch, spelling);
  return [...(table ? keyRulesOf(name, table) : []), ...keyRules, ...ARCHITECTURES[arch].keyRules];
}

/** Key of the head's weight, whose axis 0 is the number of classes. */
export const classesKey = ({ arch, spelling }: Identity): string =>
  findSpelling(arch, spelling).classesFrom ?? ARCHITECTURES[arch].classesFrom;

/** Key of the first convolution's weight, whose axis 1 is the number of channels. */
export const channelsKey = ({ arch, spelling }: Identity): string =>
  findSpelling(arch, spelling).channelsFrom ?? ARCHITECTURES[arch].channelsFrom;

/** Path of the layer explained when none is named. */
export const defaultLayerOf = (arch: Arch, spelling?: string): string =>
  findSpelling(arch, spelling).defaultLayer ?? ARCHITECTURES[arch].defaultLayer;
