/** @file Divides the maps of a grid into pages. */

import { cellsOf, crossed, flowing, MOST_IN_A_ROW, type Group } from "./arrange.js";
import { AXES, isAt, type Axis, type GridSpec } from "./axes.js";
import { entriesOf, valuesIn, type Entries, type RefusedEntry } from "./entries.js";
import { pageOf, type Arranged, type GridPage, type PageText } from "./page-text.js";
import type { GridSource } from "./sources.js";

/** The order of pages. Layers come last: methods without layers have one page. */
const PAGE_AXES = ["image", "model", "target", "method", "layer"] as const satisfies readonly Axis[];

/** A grid's pages; none without maps. Each value of an axis that is not on the page gets its own pages. */
export function gridPages(sources: readonly GridSource[], spec: GridSpec, text: PageText): GridPage[] {
  const { headings } = text;
  const all = entriesOf(sources, headings);
  if (all.entries.length === 0) return [];
  const axes = axesOf(spec, all);
  const { rows, columns } = axes;
  const arranged = groupsOf(all, new Set([rows, columns])).flatMap((group) =>
    (rows === undefined
      ? flowing(group, columns, all, headings.other)
      : crossed(group, rows, columns, all, headings.other)
    ).map((arrangement): Arranged => ({ group, arrangement })),
  );
  const refused = all.refused.filter(
    (one) => !arranged.some(({ arrangement }) => cellsOf(arrangement).some((cell) => cell.refused === one)),
  );
  return arranged.map((page, i) => {
    const place = arranged.length > 1 ? `grid ${i + 1} of ${arranged.length}` : "";
    return pageOf(
      page,
      all,
      axes,
      refused.filter((one) => pageOfRefused(one, arranged) === page),
      place,
      text,
    );
  });
}

/** The requested axes. "auto" uses the first and last axis with several values; the longer one becomes the rows. */
function axesOf(spec: GridSpec, all: Entries): Exclude<GridSpec, "auto"> {
  if (spec !== "auto") return spec;
  const count = (axis: Axis): number => valuesIn(all.entries, axis, all).length;
  const varying = AXES.filter((axis) => count(axis) > 1);
  const [first, last = "method"] = [varying[0], varying.at(-1)];
  if (first === undefined || first === last) return { columns: last };
  const isLong = count(last) > Math.max(count(first), MOST_IN_A_ROW);
  return isLong ? { rows: last, columns: first } : { rows: first, columns: last };
}

function groupsOf(all: Entries, onAxes: ReadonlySet<Axis | undefined>): Group[] {
  return PAGE_AXES.filter((axis) => !onAxes.has(axis)).reduce<Group[]>(
    (groups, axis) =>
      groups.flatMap(({ entries, at }) =>
        valuesIn(entries, axis, all).map((key) => ({
          entries: entries.filter((entry) => isAt(entry.at, axis, key)),
          at: { ...at, [axis]: key },
        })),
      ),
    [{ entries: all.entries, at: {} }],
  );
}

/** The first page that a method without maps belongs to, else the first of its model. */
function pageOfRefused(
  { at: { model, method } }: RefusedEntry,
  pages: readonly Arranged[],
): Arranged | undefined {
  const ofModel = pages.filter(({ group }) => isAt(group.at, "model", model));
  return ofModel.find(({ group }) => isAt(group.at, "method", method)) ?? ofModel[0];
}
