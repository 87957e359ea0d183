/** @file Which tensor of a checkpoint is which parameter of a model: wrappers peeled off, other spellings rewritten, everything told. */

import { findPrefix, HEAD_NAME, transparent, type KeyedTensor } from "./key-prefix.js";
import type { Checkpoint, CheckpointTensor } from "./types.js";

/** A dimension of an expected shape that may have any size, as the number of classes before it is known. */
export const ANY = -1;

/** A key of another spelling, rewritten to the model's. */
export interface KeyRule {
  /** What is said to the user, as in "old dotted DenseNet keys". */
  readonly name: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

export interface MatchOptions {
  /** The module of the model that makes the logits, as "classifier"; files may call it otherwise. */
  readonly head?: string;
  /** The prefix to peel, dotted, where the file holds several models; found when absent. */
  readonly prefix?: string;
}

export interface KeyReport {
  /** The file's keys that became parameters. */
  readonly used: readonly string[];
  /** Those of them whose name was changed by more than peeling a prefix. */
  readonly renamed: readonly { readonly from: string; readonly to: string; readonly rule: string }[];
  /** Wrapper prefixes peeled off, dotted, as "densenet121"; a layer's path may begin with them too. */
  readonly prefixes: readonly string[];
  /** Other prefixes under which the file has the whole model again, as "teacher". */
  readonly alternatives: readonly string[];
  /** The file's keys that are no parameter of the model. Bookkeeping buffers are not listed. */
  readonly unused: readonly string[];
  /** The model's keys that the file does not have. */
  readonly missing: readonly string[];
  /** Tensors of another shape than the model's. */
  readonly mismatched: readonly {
    readonly key: string;
    readonly from: string;
    readonly expected: readonly number[];
    readonly found: readonly number[];
  }[];
  /** The model's keys that several of the file's could be. */
  readonly ambiguous: readonly { readonly key: string; readonly from: readonly string[] }[];
}

export interface KeyMatch {
  /** By the model's key. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly report: KeyReport;
}

/** Buffers that say nothing about the weights: PyTorch's counters, and tables that follow from the architecture. */
const BOOKKEEPING = /(?:^|\.)(?:num_batches_tracked|relative_position_index|attn_mask)$/;

/** A tensor of the file under the model's key. */
interface Candidate {
  readonly from: string;
  readonly tensor: CheckpointTensor;
  readonly rules: readonly string[];
}

/**
 * Finds each expected parameter in the checkpoint. Nothing is made up: what is not found stands in the report, for requireComplete.
 * @param expected shapes by the model's keys, a dimension that may vary being ANY
 * @param rules tried in order on keys that do not fit as they are
 */
export function matchKeys(
  expected: ReadonlyMap<string, readonly number[]>,
  checkpoint: Pick<Checkpoint, "tensors">,
  rules: readonly KeyRule[] = [],
  options: MatchOptions = {},
): KeyMatch {
  const rewrite = (key: string) => rewritten(key, expected, rules);
  const keyed: KeyedTensor[] = [];
  for (const [from, tensor] of checkpoint.tensors) {
    if (!BOOKKEEPING.test(from)) keyed.push({ from, tensor, parts: transparent(from) });
  }
  const { prefix, alternatives } = findPrefix(keyed, expected, (key) => rewrite(key).key, options.prefix);
  const candidates = collect(keyed, prefix, expected, rewrite);
  if (options.head !== undefined && candidates.size > 0)
    findHead(keyed, prefix, expected, options.head, candidates);
  return {
    tensors: new Map([...candidates].map(([key, [first]]) => [key, first!.tensor])),
    report: report(expected, keyed, candidates, prefix, alternatives),
  };
}

function rewritten(
  key: string,
  expected: ReadonlyMap<string, unknown>,
  rules: readonly KeyRule[],
): { key: string; rules: string[] } {
  const names: string[] = [];
  for (const { name, pattern, replacement } of rules) {
    if (expected.has(key)) break;
    const next = key.replace(pattern, replacement);
    if (next !== key) names.push(name);
    key = next;
  }
  return { key, rules: names };
}

/** Tensors under `prefix` by the model's key. A key that is the model's own comes before those that a rule made. */
function collect(
  keyed: readonly KeyedTensor[],
  prefix: string,
  expected: ReadonlyMap<string, unknown>,
  rewrite: (key: string) => { key: string; rules: string[] },
): Map<string, Candidate[]> {
  const exact = new Map<string, Candidate[]>();
  const byRule = new Map<string, Candidate[]>();
  const start = prefix === "" ? "" : `${prefix}.`;
  for (const { from, tensor, parts } of keyed) {
    const path = parts.join(".");
    if (!path.startsWith(start)) continue;
    const { key, rules } = rewrite(path.slice(start.length));
    if (!expected.has(key)) continue;
    const map = rules.length === 0 ? exact : byRule;
    map.set(key, [...(map.get(key) ?? []), { from, tensor, rules }]);
  }
  return new Map([...byRule, ...exact]);
}

/** A head of another name, or outside the wrapper that holds the rest, where only one module can be it. */
function findHead(
  keyed: readonly KeyedTensor[],
  prefix: string,
  expected: ReadonlyMap<string, readonly number[]>,
  head: string,
  candidates: Map<string, Candidate[]>,
): void {
  const parameters = ["weight", "bias"].filter((p) => expected.has(`${head}.${p}`));
  if (parameters.some((p) => candidates.has(`${head}.${p}`))) return;
  const taken = new Set([...candidates.values()].flat().map((c) => c.from));
  const wrappers = prefix.split(".");
  const found = new Map<string, Candidate[]>(parameters.map((p) => [`${head}.${p}`, []]));
  for (const { from, tensor, parts } of keyed) {
    if (taken.has(from)) continue;
    const outside = parts.findIndex((part, i) => part !== wrappers[i]);
    const module = parts.slice(outside, -1).join(".");
    if (outside < 0 || !HEAD_NAME.test(module)) continue;
    found.get(`${head}.${parts.at(-1)!}`)?.push({ from, tensor, rules: [`head named ${module}`] });
  }
  for (const [key, list] of found) if (list.length > 0) candidates.set(key, list);
}

export const fits = (expected: readonly number[], found: readonly number[]): boolean =>
  expected.length === found.length && expected.every((n, i) => n === ANY || n === found[i]);

function report(
  expected: ReadonlyMap<string, readonly number[]>,
  keyed: readonly KeyedTensor[],
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  prefix: string,
  alternatives: readonly string[],
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
  return {
    used: [...used],
    renamed,
    prefixes: prefix === "" ? [] : [prefix],
    alternatives,
    unused: keyed.filter(({ from }) => !used.has(from)).map(({ from }) => from),
    missing,
    mismatched,
    ambiguous,
  };
}
