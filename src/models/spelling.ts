/**
 * @file Other implementations' names for an architecture's keys and modules, as data: pairs of templates. They turn their keys
 * and paths into ours, and our paths into theirs for the list of layers.
 */

import type { KeyRule } from "../checkpoint/rename-key.js";
import type { ModuleRecord } from "../graph/module-scopes.js";
import { phrase } from "../language/say.js";

/**
 * [theirs, ours] of a module or a parameter, more special ones first. `{i}` stands for a number. Names below a module follow
 * it. Theirs begins with a dot if it lies inside the root, and is empty for a module of ours that they lack.
 */
export type Names = readonly (readonly [theirs: string, ours: string])[];

export interface NameTable {
  /** Names of the wrapper around all but the head, such as "vit". Files may lack it. */
  readonly roots?: readonly string[];
  readonly names: Names;
  /** All names of the implementation's later version, which renamed its modules. They are read too, but never shown. */
  readonly later?: Names;
}

/** Names below a module. An empty key stands for a module of ours that they lack. */
export const below = (theirs: string, ours: string, names: Readonly<Record<string, string>>): Names =>
  Object.entries(names).map(([their, our]) => [their && `${theirs}.${their}`, `${ours}.${our}`]);

/** Names of modules that stand in a Sequential in this order, so that they are numbers. */
export const numberedNames = (...ours: readonly string[]): Names => ours.map((name, i) => [`${i}`, name]);

/** Names of torch.nn.MultiheadAttention, which has the parameters of its first Linear but no module for it. */
export const multiheadAttention = (theirs: string, ours: string): Names => [
  [`${theirs}.in_proj_weight`, `${ours}.qkv.weight`],
  [`${theirs}.in_proj_bias`, `${ours}.qkv.bias`],
  ["", `${ours}.qkv`],
  [`${theirs}.out_proj`, `${ours}.proj`],
  [theirs, ours],
];

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A template as a pattern, with its placeholders as groups. It matches the name itself, or also names below it. */
function pattern(template: string, roots: readonly string[], andBelow: boolean): RegExp {
  const inRoot = template.startsWith(".");
  const body = escape(inRoot ? template.slice(1) : template).replace(/\\\{(\w)\\\}/g, String.raw`(?<$1>\d+)`);
  const start = inRoot && roots.length > 0 ? `(?:(?:${roots.map(escape).join("|")})\\.)?` : "";
  return new RegExp(`^${start}${body}${andBelow ? "(?=\\.|$)" : "$"}`);
}

const replacement = (template: string): string => template.replace(/\{(\w)\}/g, "$<$1>");

/** Name of the rules that a spelling's table makes. */
export const tableRule = (spelling: string): string => phrase`${spelling}'s names`;

/** By table, then by spelling: two may share a table. */
const knownRules = new WeakMap<NameTable, Map<string, readonly KeyRule[]>>();

/** Rules that rename their keys to ours. */
export function keyRulesOf(spelling: string, table: NameTable): readonly KeyRule[] {
  const known = knownRules.get(table) ?? new Map<string, readonly KeyRule[]>();
  knownRules.set(table, known);
  const rules = known.get(spelling) ?? rulesOf(spelling, table);
  known.set(spelling, rules);
  return rules;
}

const rulesOf = (spelling: string, { roots = [], names, later = [] }: NameTable): KeyRule[] =>
  // A longer name comes before one that it begins with, whichever list it is in.
  [...names, ...later]
    .sort(([a], [b]) => b.length - a.length)
    .filter(([theirs]) => theirs !== "")
    .map(([theirs, ours]) => ({
      name: tableRule(spelling),
      pattern: pattern(theirs, roots, true),
      replacement: replacement(ours),
    }));

/** Modules under the names of another implementation. Identities without a name there are left out. */
export function respell(
  modules: readonly ModuleRecord[],
  { roots: [root] = [], names }: NameTable,
): ModuleRecord[] {
  const rules = names.map(([theirs, ours]) => ({
    ours: pattern(ours, [], true),
    exact: pattern(ours, [], false),
    theirs: replacement(theirs.startsWith(".") && root !== undefined ? `${root}${theirs}` : theirs),
  }));
  const result: ModuleRecord[] = [];
  const known = new Set<string>();
  for (const record of modules) {
    const [, plain = "", call = ""] = /^([^#]*)(#\d+)?$/.exec(record.path) ?? [];
    const exact = rules.find((r) => r.exact.test(plain));
    if (exact?.theirs === "" || (!exact && /^(Identity|Dropout|DropPath|Softmax)$/.test(record.kind)))
      continue;
    const rule = exact ?? rules.find((r) => r.theirs !== "" && r.ours.test(plain));
    const path = rule ? plain.replace(rule.ours, rule.theirs.replace(/^\./, "")) : plain;
    for (const parent of enclosingPaths(path)) {
      if (!known.has(parent)) result.push({ path: parent, kind: "Module" });
      known.add(parent);
    }
    // Its parts may have come before it.
    const at = known.has(path) ? result.findIndex((r) => r.path === path + call && !r.output) : -1;
    if (at < 0) result.push({ ...record, path: path + call });
    else result[at] = { ...record, path: path + call };
    known.add(path);
  }
  return result;
}

/** The modules that hold the one at `path`, the outermost first. */
export function enclosingPaths(path: string): string[] {
  const steps = path.split(".");
  return steps.slice(1).map((_, i) => steps.slice(0, i + 1).join("."));
}
