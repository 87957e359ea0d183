/** @file Detects a checkpoint's architecture and spelling from its keys and shapes alone. */

import { renameKey, type RenamedKey } from "../checkpoint/rename-key.js";
import type { Builder } from "../graph/builder.js";
import { sameShape, type Shape } from "../graph/shape.js";
import type { BuildOptions, Spelling } from "./arch.js";
import { tableRule, type NameTable } from "./spelling.js";
import {
  buildArch,
  channelsKey,
  classesKey,
  keyRulesFor,
  ownSpelling,
  type Identity,
  type NamedArch,
} from "./template.js";

export interface Detected extends Identity {
  /** The prefix of every key, dotted, as "module.densenet121"; "" for none. */
  readonly prefix: string;
}

type Shapes = ReadonlyMap<string, Shape>;

/**
 * The architectures and spellings that fit a file; empty where none fits. The file has each of their parameters, but perhaps
 * the head's, and its trunk has no others. Several fit if their keys and shapes are equal, as those of a ViT and a DeiT of one
 * size, or of torchvision's and timm's DenseNet. The first is then the one to use.
 * @param shapes of the file's tensors by its keys, without those that cannot change the output (`isHarmless`)
 */
export function detectAmong(shapes: Shapes, archs: readonly NamedArch[]): Detected[] {
  const fits = readAlike(archs).flatMap((group) => groupFits(shapes, group));
  // A deeper network has all keys of a shallower one. Position tables show the picture's size.
  const most = Math.max(...fits.map((f) => f.matched));
  const deepest = fits.filter((f) => f.matched === most);
  const native = deepest.filter((f) => f.native);
  // Positions are resampled for other sizes, so their size excludes no network whose results differ.
  const isRival = (f: Fit): boolean =>
    f.resamples && native.every(({ def }) => def.differs !== f.def.differs);
  const kept = native.length === 0 ? deepest : deepest.filter((f) => f.native || isRival(f));
  const place = ({ arch }: Fit): number => archs.findIndex((one) => one.arch === arch);
  return withHeads(kept)
    .sort((a, b) => rank(b) - rank(a) || place(a) - place(b))
    .map(({ arch, def, spelling, prefix }) => ({ arch, def, spelling, prefix }))
    .filter(isFirst);
}

/**
 * The readings of an architecture whose head is in the file. All readings if the file lacks it, for example under a name of
 * the user's own.
 */
const withHeads = (fits: readonly Fit[]): Fit[] =>
  fits.filter((fit) => fit.headed || !fits.some(({ arch, headed }) => arch === fit.arch && headed));

/** A file may hold a network twice, below two prefixes. */
const isFirst = ({ arch, spelling }: Detected, i: number, all: readonly Detected[]): boolean =>
  all.findIndex((one) => one.arch === arch && one.spelling === spelling) === i;

/** Architectures whose keys are read alike: they have one family, the same spellings and the same tables. */
export function readAlike(archs: readonly NamedArch[]): NamedArch[][] {
  const groups = new Map<string, NamedArch[]>();
  const tables = new Map<NameTable, number>();
  const nameOf = ({ name, table }: Spelling): string => {
    if (table === undefined) return name;
    if (!tables.has(table)) tables.set(table, tables.size);
    return `${name} ${tables.get(table)}`;
  };
  for (const named of archs) {
    const { family, spellings, classesFrom, channelsFrom } = named.def;
    const group = [family.name, classesFrom, channelsFrom, ...spellings.map(nameOf)].join();
    groups.set(group, [...(groups.get(group) ?? []), named]);
  }
  return [...groups.values()];
}

/** A spelling of one set of weights comes first, then networks of the file's size. */
const rank = (fit: Fit): number => 2 * Number(ownSpelling(fit).only !== undefined) + Number(fit.native);

interface Fit extends Detected {
  readonly matched: number;
  /** The file has the head's weight under the spelling's name. */
  readonly headed: boolean;
  /** Tensors that depend on the picture's size have the architecture's own shape too. */
  readonly native: boolean;
  /** The tensors that have another shape can be resampled for any size. */
  readonly resamples: boolean;
}

const isStemOf = ({ def: { stem } }: NamedArch, [out, , kernel]: Shape = []): boolean =>
  stem === undefined || (stem[0] === out && stem[1] === kernel);

const groupFits = (shapes: Shapes, archs: readonly NamedArch[]): Fit[] => {
  const mayBeStem = (shape: Shape): boolean => archs.some((named) => isStemOf(named, shape));
  return readings(shapes, archs[0]!, mayBeStem).flatMap(({ spelling, prefix, ours }) =>
    archs.flatMap((named) => {
      const fit = fitOf(ours, named, spelling);
      return fit ? [{ ...named, spelling: spelling.name, prefix, ...fit }] : [];
    }),
  );
};

/** A file's tensors as parameters of some architectures, for one spelling and one prefix. */
interface Reading {
  readonly spelling: Spelling;
  readonly prefix: string;
  /** Shapes by our keys. */
  readonly ours: Shapes;
}

/**
 * Every reading of a file as an architecture, or as one that is read alike. None if the first convolution is missing.
 * @param mayBeStem tests the shape of a first convolution's weight. Keys of other shapes are not tried, which saves most of
 * the time
 */
export function readings(
  shapes: Shapes,
  named: NamedArch,
  mayBeStem: (shape: Shape) => boolean = () => true,
): Reading[] {
  const kernels = [...shapes].flatMap(([key, shape]) => {
    const isKernel = shape.length === 4 && key.endsWith(".weight") && shape[2]! >= 3;
    return isKernel && mayBeStem(shape) ? [key] : [];
  });
  return named.def.spellings.flatMap((spelling) => {
    const identity = { ...named, spelling: spelling.name };
    const keyRules = keyRulesFor(identity);
    const rename = (key: string): RenamedKey => renameKey(key, keyRules);
    const found: Reading[] = [];
    for (const prefix of stemPrefixes(kernels, channelsKey(identity), rename)) {
      const start = prefix === "" ? "" : `${prefix}.`;
      const ours = new Map<string, Shape>();
      // The table leaves names of other spellings unchanged. Such names do not count.
      let isOwn = spelling.table === undefined;
      for (const [from, shape] of shapes) {
        if (!from.startsWith(start)) continue;
        const { key, rules } = rename(from.slice(start.length));
        isOwn ||= rules.includes(tableRule(spelling.name));
        ours.set(key, shape);
      }
      // A spelling's root (`vit.`) may be read as a prefix too.
      if (isOwn && !found.some((other) => isSame(other.ours, ours))) found.push({ spelling, prefix, ours });
    }
    return found;
  });
}

/** True for the same tensors of a file under the same keys. */
const isSame = (a: Shapes, b: Shapes): boolean =>
  a.size === b.size && [...a].every(([key, shape]) => b.get(key) === shape);

/** The prefixes below which a key could be the architecture's first convolution. */
function stemPrefixes(
  kernels: readonly string[],
  stem: string,
  rename: (key: string) => RenamedKey,
): string[] {
  const found = new Set<string>();
  // Blocks of a network share most of their keys' ends.
  const others = new Set<string>();
  for (const key of kernels) {
    const steps = key.split(".");
    for (let drop = 0; drop < steps.length - 1; drop++) {
      const end = steps.slice(drop).join(".");
      if (others.has(end)) continue;
      if (rename(end).key === stem) found.add(steps.slice(0, drop).join("."));
      else others.add(end);
    }
  }
  return [...found];
}

interface Resizable {
  readonly key: RegExp;
  /** The axes that vary, counted from the last one, -1. */
  readonly axes: readonly number[];
  readonly grows: boolean;
  /** The architecture has it only where the file has. */
  readonly optional?: true;
}

/** Tables may be for another size than the architecture's own. */
const RESIZABLE: readonly Resizable[] = [
  { key: /^pos_embed$/, axes: [-2], grows: true },
  { key: /^blocks\.\d+\.attn\.relative_position_bias_table$/, axes: [-2], grows: true },
  // A Swin's table of more rows belongs to a larger window, which is another architecture.
  { key: /\.relative_position_bias_table$/, axes: [-2], grows: false },
  { key: /\.relative_coords_table$/, axes: [-3, -2], grows: false, optional: true },
];

const resizable = (key: string): Resizable | undefined => RESIZABLE.find((r) => r.key.test(key));

/** The axes along which a parameter, such as a position table, may differ from the architecture's own. The last axis is -1. */
export const resizableAxes = (key: string): readonly number[] => resizable(key)?.axes ?? [];

export function fitsShape(key: string, expected: Shape, found: Shape | undefined): boolean {
  if (!found || sameShape(expected, found)) return found !== undefined;
  const table = resizable(key);
  return (
    table !== undefined &&
    found.length === expected.length &&
    expected.every(
      (d, i) =>
        d === found[i] || (table.axes.includes(i - expected.length) && (table.grows || found[i]! < d)),
    )
  );
}

/** Resizable tables are left out, because they may be for other picture sizes. Optional parameters have no shape here. */
export const withoutTables = (shapes: Shapes): Shapes =>
  new Map(
    [...shapes].flatMap(([key, shape]): [string, Shape][] => {
      const table = resizable(key);
      return table === undefined ? [[key, shape]] : table.optional ? [[key, []]] : [];
    }),
  );

/** The table is for the architecture's own size, with or without positions for the tokens before the patches. */
const isNative = (key: string, expected: Shape, found: Shape = []): boolean =>
  sameShape(expected, found) ||
  (key === "pos_embed" &&
    found.at(-2) === Math.floor(Math.sqrt(expected.at(-2)!)) ** 2 &&
    expected.length === found.length);

class Misfit extends Error {}

/** The graph, or undefined as soon as `accepts` refuses one of its parameters: most architectures differ early. */
export function buildWhile(
  named: NamedArch,
  options: BuildOptions,
  accepts: (key: string, shape: Shape) => boolean,
): Builder | undefined {
  const onParameter = (key: string, shape: Shape): void => {
    if (!accepts(key, shape)) throw new Misfit();
  };
  try {
    return buildArch(named, { ...options, onParameter }).graph;
  } catch (error) {
    if (error instanceof Misfit) return undefined;
    throw error;
  }
}

function fitOf(
  ours: Shapes,
  named: NamedArch,
  spelling: Spelling,
): Pick<Fit, "matched" | "native" | "resamples" | "headed"> | undefined {
  const { arch, def } = named;
  const identity = { ...named, spelling: spelling.name };
  const stem = ours.get(channelsKey(identity));
  const channels = stem?.[1];
  if (channels === undefined || !isStemOf(named, stem)) return undefined;
  const told = Object.entries(def.tells ?? {});
  if (!told.every(([key, shape]) => (shape ? fitsShape(key, shape, ours.get(key)) : !ours.has(key))))
    return undefined;
  const { only } = spelling;
  const headKey = classesKey(identity);
  const classes = ours.get(headKey)?.[0];
  if (only && (only.arch !== arch || only.channels !== channels || only.classes !== classes))
    return undefined;
  // Users replace the whole Sequential, for example VGG's.
  const parent = headKey.split(".").slice(0, -2).join(".");
  const linear = headKey.replace(/weight$/, "");
  const isBelow = (start: string) => (key: string) => key.startsWith(start) || key.startsWith("head_dist.");
  const mayBeHead = isBelow(parent === "" ? linear : `${parent}.`);
  const shapes = withoutTables(ours);
  const options = { size: def.preprocessing.size, channels, classes: 1, spelling: spelling.name, shapes };
  const graph = buildWhile(
    named,
    options,
    (key, shape) => mayBeHead(key) || fitsShape(key, shape, ours.get(key)),
  );
  if (graph === undefined) return undefined;
  const { params, modules: built } = graph;
  const isAround = built.some(({ path, kind }) => path === parent && kind === "Sequential");
  const isHead = isBelow(isAround ? `${parent}.` : linear);
  const trunk = [...params].filter(([key]) => !isHead(key));
  if (!trunk.every(([key, { shape }]) => fitsShape(key, shape, ours.get(key)))) return undefined;
  const modules = new Set(trunk.map(([key]) => key.split(".")[0]));
  // A bias decides nothing: the file's modules say whether it is computed.
  const isBias = (key: string): boolean => params.has(key.replace(/\.bias$/, ".weight"));
  // Another block, an extra norm, a register token: another architecture.
  const isForeign = (key: string): boolean =>
    !params.has(key) &&
    !isHead(key) &&
    !isBias(key) &&
    (!key.includes(".") || modules.has(key.split(".")[0]));
  if ([...ours.keys()].some(isForeign)) return undefined;
  const resized = trunk.filter(([key, { shape }]) => !isNative(key, shape, ours.get(key)));
  const resamples = resized.every(([key]) => resizable(key)?.grows);
  return { matched: trunk.length, native: resized.length === 0, resamples, headed: ours.has(headKey) };
}
