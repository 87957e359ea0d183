/** @file The colour scales of a grid's maps. */

import { isMethodName, METHODS } from "../../cam/methods/table.js";
import type { ColorScale } from "../layout/grid-table.js";
import type { Word } from "./headings.js";
import type { GridMap } from "./sources.js";

/** One scale for each kind of map, with its methods if there are several kinds. */
export function scalesOf(maps: readonly GridMap[], methodWord: Word): ColorScale[] {
  const kinds = new Map<string, { scale: ColorScale; methods: Set<string> }>();
  for (const map of maps) {
    const scale = scaleOf(map);
    const key = JSON.stringify(scale);
    if (!kinds.has(key)) kinds.set(key, { scale, methods: new Set() });
    kinds.get(key)!.methods.add(methodWord(map.method));
  }
  return [...kinds.values()].map(({ scale, methods }) =>
    kinds.size === 1 ? scale : { ...scale, legend: `${[...methods].join(", ")}: ${scale.legend}` },
  );
}

function scaleOf(map: GridMap): ColorScale {
  const { signed, compareScale, colormap } = map;
  const isShared = compareScale === "shared";
  if (signed) {
    const over = isShared ? "the labels' largest value" : "its largest value";
    const meaning = signIsEvidence(map) ? ": below 0 speaks against the label" : "";
    return { colormap, ends: ["-1", "1"], legend: `each map over ${over}${meaning}` };
  }
  const legend = isShared
    ? "the maps of all labels from their least to their greatest value"
    : "each map from its least to its greatest value";
  return { colormap, ends: ["0", "1"], legend };
}

/** Whether a negative value speaks against the label; the sign of an eigen map is a convention. */
const signIsEvidence = ({ method, eigenSmooth }: GridMap): boolean =>
  isMethodName(method) && METHODS[method].signIsEvidence === true && !eigenSmooth;
