/** @file The colour scales of a grid's maps. */

import type { Scale } from "../../figure/layout/grid-table.js";
import type { MapRecord } from "../../results/manifest.js";

/** One scale for each kind of map, with its methods if there are several kinds. */
export function scalesOf(records: readonly MapRecord[]): Scale[] {
  const kinds = new Map<string, { scale: Scale; methods: Set<string> }>();
  for (const record of records) {
    const scale = scaleOf(record);
    const key = JSON.stringify(scale);
    if (!kinds.has(key)) kinds.set(key, { scale, methods: new Set() });
    kinds.get(key)!.methods.add(record.method);
  }
  if (kinds.size === 1) return [...kinds.values()].map(({ scale }) => scale);
  return [...kinds.values()].map(({ scale, methods }) => ({
    ...scale,
    legend: `${[...methods].join(", ")}: ${scale.legend}`,
  }));
}

function scaleOf({ signed, scaledWith, rendering: { colormap } }: MapRecord): Scale {
  const shared = scaledWith !== undefined;
  if (signed) {
    const over = shared ? "the labels' largest value" : "its largest value";
    return { colormap, ends: ["-1", "1"], legend: `each map over ${over}: below 0 speaks against the label` };
  }
  const legend = shared
    ? "the maps of all labels from their least to their greatest value"
    : "each map from its least to its greatest value";
  return { colormap, ends: ["0", "1"], legend };
}
