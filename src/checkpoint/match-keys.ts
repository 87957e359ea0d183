/**
 * @file Matches the tensors of a checkpoint with the parameters of a model. Peels off wrappers, renames the keys of other
 * spellings, and accounts for every tensor of the file.
 */

import { asMatrix, findHeads, isMatrix } from "./find-head.js";
import { findPrefix, transparent, type FoundPrefix, type KeyedTensor } from "./key-prefix.js";
import { renameKey, type KeyRule, type RenamedKey } from "./rename-key.js";
import { auxiliaryBelow, sortUnused, type UnusedTensor } from "./unused-tensors.js";
import type { Checkpoint, CheckpointTensor } from "./types.js";
import { valueAt } from "./value-at.js";
import { say } from "../language/say.js";

/** A dimension of an expected shape that may have any size, as the number of classes before it is known. */
export const ANY = -1;

export interface MatchOptions {
  /** The model's module that computes the logits, such as "classifier"; files may have another name for it. */
  readonly head?: string;
  /** Input features that the head may have, beside those expected. */
  readonly headFeatures?: readonly number[] | undefined;
  /** Keys of classifiers that run in training alone. */
  readonly auxiliary?: readonly string[] | undefined;
  /** The dotted prefix to peel off, for a file of several models. Default: findPrefix chooses. */
  readonly prefix?: string;
  /** A head of several layers: the file's path of its Sequential, and the model's module that it stands for. */
  readonly headLayers?: { readonly module: string; readonly path: string };
}

export interface KeyReport {
  /** The file's keys that became parameters. */
  readonly used: readonly string[];
  /** Those whose names differ from the model's by more than the prefix. */
  readonly renamed: readonly { readonly from: string; readonly to: string; readonly rule: string }[];
  /** Wrapper prefixes peeled off, such as "densenet121"; a layer's path may begin with them too. */
  readonly prefixes: readonly string[];
  /** Other prefixes under which the file has the whole model again, such as "teacher". */
  readonly alternatives: readonly string[];
  /** Tensors beside the parameters that cannot change the output. */
  readonly unused: readonly UnusedTensor[];
  /** All other tensors: the file holds another network than the model. */
  readonly foreign: readonly { readonly key: string; readonly shape: readonly number[] }[];
  readonly missing: readonly string[];
  readonly mismatched: readonly {
    readonly key: string;
    readonly from: string;
    readonly expected: readonly number[];
    readonly found: readonly number[];
  }[];
  /** The model's keys that several keys of the file match. */
  readonly ambiguous: readonly { readonly key: string; readonly from: readonly string[] }[];
}

/** True if every parameter was found, once and in its shape, and no other tensor could change the output. */
export const isComplete = ({ missing, mismatched, ambiguous, foreign }: KeyReport): boolean =>
  missing.length + mismatched.length + ambiguous.length + foreign.length === 0;

export interface KeyMatch {
  /** By the model's key. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Shapes of all tensors below the prefix under the model's names, those that the model lacks included. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly report: KeyReport;
}

/** A tensor of the file under the model's key. */
interface Candidate {
  readonly from: string;
  readonly tensor: CheckpointTensor;
  readonly rules: readonly string[];
}

/**
 * Finds each expected parameter in the checkpoint. The report lists missing ones, for requireComplete.
 * @param expected shapes by the model's keys, a dimension that may vary being ANY
 * @param rules for keys that are not the model's own
 */
export function matchKeys(
  expected: ReadonlyMap<string, readonly number[]>,
  checkpoint: Pick<Checkpoint, "tensors">,
  rules: readonly KeyRule[] = [],
  options: MatchOptions = {},
): KeyMatch {
  const { headLayers } = options;
  const rename = (key: string) => renameKey(key, rules, (one) => expected.has(one));
  const renameLayer = (path: string): RenamedKey | undefined => {
    if (headLayers === undefined || !path.startsWith(`${headLayers.module}.`)) return undefined;
    const key = headLayers.path + path.slice(headLayers.module.length);
    return { key, rules: path.endsWith(key) ? [] : [say`head named ${headLayers.module}`] };
  };
  const isHead = (key: string) => options.head !== undefined && key.startsWith(`${options.head}.`);
  const keyed = [...checkpoint.tensors].map(([from, tensor]) => ({ from, tensor, parts: transparent(from) }));
  const place = findPrefix(keyed, expected, (key) => rename(key).key, isHead, options.prefix);
  const { candidates, shapes } = collect(keyed, place.prefix, expected, rename, renameLayer);
  if (options.head !== undefined && candidates.size > 0)
    findHead(keyed, place.prefix, expected, { head: options.head, others: options.headFeatures }, candidates);
  const tensors = new Map([...candidates].map(([key, [first]]) => [key, first!.tensor]));
  for (const [key, { shape }] of tensors) shapes.set(key, shape);
  return { tensors, shapes, report: report(expected, keyed, candidates, place, options.auxiliary) };
}

/** Tensors under `prefix` by the model's key. The model's own keys come before renamed ones. */
function collect(
  keyed: readonly KeyedTensor[],
  prefix: string,
  expected: ReadonlyMap<string, readonly number[]>,
  rename: (key: string) => RenamedKey,
  renameLayer: (path: string) => RenamedKey | undefined,
): { candidates: Map<string, Candidate[]>; shapes: Map<string, readonly number[]> } {
  const exact = new Map<string, Candidate[]>();
  const byRule = new Map<string, Candidate[]>();
  const shapes = new Map<string, readonly number[]>();
  const start = prefix === "" ? "" : `${prefix}.`;
  for (const { from, tensor, parts } of keyed) {
    const path = parts.join(".");
    const layer = renameLayer(path);
    if (layer === undefined && !path.startsWith(start)) continue;
    const { key, rules } = layer ?? rename(path.slice(start.length));
    shapes.set(key, tensor.shape);
    if (!expected.has(key)) continue;
    const map = rules.length === 0 ? exact : byRule;
    const isConvolution = expected.get(key)!.length === 2 && isMatrix(tensor.shape);
    const read = isConvolution ? asMatrix(tensor) : tensor;
    valueAt(map, key, () => []).push({ from, tensor: read, rules });
  }
  return { candidates: new Map([...byRule, ...exact]), shapes };
}

/** Adds the candidates for a head with another name, or outside the wrapper of the other modules. */
function findHead(
  keyed: readonly KeyedTensor[],
  prefix: string,
  expected: ReadonlyMap<string, readonly number[]>,
  { head, others = [] }: { readonly head: string; readonly others?: readonly number[] | undefined },
  candidates: Map<string, Candidate[]>,
): void {
  const shape = expected.get(`${head}.weight`);
  const channels = shape?.[1];
  if (channels === undefined || candidates.has(`${head}.weight`)) return;
  const used = new Set([...candidates.values()].flat().map((c) => c.from));
  const trunk = new Set([...expected.keys()].filter((key) => !key.startsWith(`${head}.`)).map(firstStep));
  const unused = keyed.filter(({ from }) => !used.has(from));
  const features = [channels, ...others];
  const found = findHeads(unused, { prefix, head, features, convolves: shape?.length === 4, trunk });
  for (const { module, parameters } of found) {
    for (const [parameter, { from, tensor }] of parameters) {
      const rules = [say`head named ${module}`];
      valueAt(candidates, `${head}.${parameter}`, () => []).push({ from, tensor, rules });
    }
  }
}

const firstStep = (key: string): string => key.split(".")[0]!;

export const fits = (expected: readonly number[], found: readonly number[]): boolean =>
  expected.length === found.length && expected.every((n, i) => n === ANY || n === found[i]);

function report(
  expected: ReadonlyMap<string, readonly number[]>,
  keyed: readonly KeyedTensor[],
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  { prefix, copies }: FoundPrefix,
  auxiliary: readonly string[] | undefined,
): KeyReport {
  const used = new Set<string>();
  const renamed: { from: string; to: string; rule: string }[] = [];
  const missing: string[] = [];
  const mismatched: KeyReport["mismatched"][number][] = [];
  const ambiguous: KeyReport["ambiguous"][number][] = [];
  for (const [key, shape] of expected) {
    const list = candidates.get(key) ?? [];
    if (list.length === 0) missing.push(key);
    if (list.length > 1) ambiguous.push({ key, from: list.map((c) => c.from) });
    for (const { from, tensor, rules } of list) {
      used.add(from);
      if (rules.length > 0) renamed.push({ from, to: key, rule: rules.join(", ") });
      if (!fits(shape, tensor.shape)) mismatched.push({ key, from, expected: shape, found: tensor.shape });
    }
  }
  const isAuxiliary = auxiliaryBelow(prefix, auxiliary);
  const { unused, foreign } = sortUnused(keyed, used, { copies, isAuxiliary });
  return {
    used: [...used],
    renamed,
    prefixes: prefix === "" ? [] : [prefix],
    alternatives: copies,
    unused,
    foreign: foreign.map(({ from, tensor }) => ({ key: from, shape: tensor.shape })),
    missing,
    mismatched,
    ambiguous,
  };
}
