/** @file The report's filters, and the maps that match them. */

import type { ReportEntry, ReportIndex } from "../data.js";

export const SORTS = ["byName", "byHighScore", "byLowScore", "byPeak"] as const;
export type Sort = (typeof SORTS)[number];
export const SHOWN = ["everything", "withHeat", "withNotes"] as const;

export interface Filter {
  readonly find: string;
  /** Empty: all. */
  readonly label: string;
  readonly method: string;
  /** Index into the models, as text. */
  readonly model: string;
  readonly leastScore: number;
  readonly sort: Sort;
  readonly show: (typeof SHOWN)[number];
}

export const NO_FILTER: Filter = {
  find: "",
  label: "",
  method: "",
  model: "",
  leastScore: 0,
  sort: "byName",
  show: "everything",
};

/** An entry with the indexes of its matching maps. */
export interface Found {
  readonly entry: number;
  readonly maps: readonly number[];
}

/** Sorts "b2" before "b10". */
const byName = new Intl.Collator(undefined, { numeric: true });

/** The entries with a matching map, in the filter's order. */
export function findMaps({ entries }: ReportIndex, filter: Filter): Found[] {
  return entries
    .map((entry, i) => {
      const maps = fitting(entry, filter);
      return { found: { entry: i, maps }, key: sortKey(entry, maps, filter.sort), name: entry.name };
    })
    .filter(({ found }) => found.maps.length > 0)
    .sort((a, b) => a.key - b.key || byName.compare(a.name, b.name))
    .map(({ found }) => found);
}

function fitting(entry: ReportEntry, filter: Filter): number[] {
  const { find, model, label, method, leastScore, show } = filter;
  if (!`${entry.name} ${entry.file ?? ""}`.toLowerCase().includes(find.trim().toLowerCase())) return [];
  if (model !== "" && entry.model !== Number(model)) return [];
  return [...entry.maps.keys()].filter((i) => {
    const map = entry.maps[i]!;
    if (show === "withHeat" && map.flat) return false;
    if (show === "withNotes" && map.notes.length === 0) return false;
    return (
      (label === "" || map.label === label) &&
      (method === "" || map.method === method) &&
      (leastScore === 0 || map.score >= leastScore)
    );
  });
}

function sortKey({ maps }: ReportEntry, shown: readonly number[], sort: Sort): number {
  if (sort === "byName") return 0;
  const all = shown.map((i) => maps[i]!);
  if (sort === "byPeak") return leastOf(all.map((map) => (map.flat ? 1 : map.peakToBorder)));
  const scores = all.map((map) => map.score);
  return sort === "byHighScore" ? leastOf(scores.map((score) => -score)) : leastOf(scores);
}

// Math.max(...values) would fail: a report may have more maps than a call may have arguments.
const leastOf = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
/** The greatest value; at least 0. */
export const mostOf = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** The different values, sorted. */
export const valuesOf = (index: ReportIndex, key: "label" | "method"): string[] =>
  [...new Set(index.entries.flatMap(({ maps }) => maps.map((map) => map[key])))].sort(byName.compare);
