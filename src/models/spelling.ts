/**
 * @file Other implementations' names for an architecture's keys and modules, as data: pairs of templates, read from theirs
 * to ours for keys and paths, and from ours to theirs for the list of layers.
 */

import type { KeyRule } from "../checkpoint/rename-key.js";
import type { ModuleRecord } from "../graph/builder.js";
import { phrase } from "../language/say.js";

/**
 * [theirs, ours] of a module or a parameter, more special ones first; `{i}` stands for a number. What lies below a module
 * follows it. Theirs begins with a dot where it lies inside the root, and is empty for a module of ours that they lack.
 */
export type Names = readonly (readonly [theirs: string, ours: string])[];

export interface NameTable {
  /** What the wrapper that holds everything but the head is called, as "vit"; files may come without it. */
  readonly roots?: readonly string[];
  readonly names: Names;
  /** All names of the implementation's later version, which renamed its modules: read as well, never shown. */
  readonly later?: Names;
}

/** Pairs for each of several stages, from templates in which `{s}` is the stage. */
export const forStages = (stages: readonly number[], make: (stage: number) => Names): Names =>
  stages.flatMap(make);

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A template as a pattern, its placeholders as groups: for itself alone, or also for what lies below. */
function pattern(template: string, roots: readonly string[], below: boolean): RegExp {
  const inRoot = template.startsWith(".");
  const body = escape(inRoot ? template.slice(1) : template).replace(/\\\{(\w)\\\}/g, String.raw`(?<$1>\d+)`);
  const start = inRoot && roots.length > 0 ? `(?:(?:${roots.map(escape).join("|")})\\.)?` : "";
  return new RegExp(`^${start}${body}${below ? "(?=\\.|$)" : "$"}`);
}

const replacement = (template: string): string => template.replace(/\{(\w)\}/g, "$<$1>");

/** Name of the rules that a spelling's table makes. */
export const tableRule = (spelling: string): string => phrase`${spelling}'s names`;

/** Rules that rename their keys to ours. */
export const keyRulesOf = (spelling: string, { roots = [], names, later = [] }: NameTable): KeyRule[] =>
  // A name that goes on where another ends is longer: it comes before it, whichever list it is in.
  [...names, ...later]
    .sort(([a], [b]) => b.length - a.length)
    .filter(([theirs]) => theirs !== "")
    .map(([theirs, ours]) => ({
      name: tableRule(spelling),
      pattern: pattern(theirs, roots, true),
      replacement: replacement(ours),
    }));

/** Modules under the names of another implementation. Those that do nothing and have no name there are left out. */
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
    for (const parent of parentsOf(path)) {
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
export function parentsOf(path: string): string[] {
  const steps = path.split(".");
  return steps.slice(1).map((_, i) => steps.slice(0, i + 1).join("."));
}
