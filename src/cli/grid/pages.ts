/** @file The pages of a grid: which maps stand where, and under which words. */

import type { ColormapName } from "../../image/colormaps.js";
import { MAX_CELLS_A_SIDE, type GridCell, type GridTable, type Label } from "../../image/grid-layout.js";
import type { Size } from "../../image/picture.js";
import type { MapRecord } from "../results/manifest.js";
import { scoreText } from "../messages.js";
import { AXES, entriesOf, layerKey, targetKey } from "./axes.js";
import type { Axis, AxisValues, Entries, Entry, GridSource, GridSpec } from "./axes.js";

/** What a cell shows: an overlay, a picture as it is, or words. */
export type Content =
  | { readonly kind: "overlay"; readonly source: GridSource; readonly record: MapRecord }
  | { readonly kind: "picture"; readonly source: GridSource }
  | { readonly kind: "words"; readonly words: string };

export interface GridPage {
  readonly table: GridTable;
  /** As `table.cells`. */
  readonly contents: readonly (readonly (Content | undefined)[])[];
  readonly colormap: ColormapName;
}

/** A cell before it is known where its facts are told. */
interface Cell {
  readonly content: Content;
  readonly entry?: Entry;
  /** Told below it in any case. */
  readonly name?: string;
}

interface Arrangement {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly (Cell | undefined)[])[];
}

const PLAIN = "picture";
/** More cells than this and a single axis becomes several rows. */
const MOST_IN_A_ROW = 6;

/** A grid's pages; none where there is no map. What is on neither axis and of which there are several gets pages of its own. */
export function gridPages(sources: readonly GridSource[], spec: GridSpec): GridPage[] {
  const all = entriesOf(sources);
  if (all.entries.length === 0) return [];
  const { rows, columns } = axesOf(spec, all);
  const others = AXES.filter((axis) => axis !== rows && axis !== columns);
  const pages = others.reduce<Entry[][]>(
    (groups, axis) =>
      groups.flatMap((group) =>
        all.values[axis].keys.map((key) => group.filter(({ at }) => at[axis] === key)),
      ),
    [[...all.entries]],
  );
  const onAxes = new Set([rows, columns]);
  const arranged = pages
    .filter((entries) => entries.length > 0)
    .flatMap((entries) =>
      (rows === undefined ? flowing(entries, columns, all) : crossed(entries, rows, columns, all)).map(
        (arrangement) => ({ entries, arrangement }),
      ),
    );
  return arranged.map(({ entries, arrangement }, i) => {
    const place = arranged.length > 1 ? `grid ${i + 1} of ${arranged.length}` : undefined;
    return pageOf(arrangement, entries, all, onAxes, place);
  });
}

/** The axes asked for; of "auto" the first and last that there are several values of. */
function axesOf(spec: GridSpec, { values }: Entries): { rows?: Axis; columns: Axis } {
  if (spec !== "auto") return spec;
  const varying = AXES.filter((axis) => values[axis].keys.length > 1);
  const columns = varying.at(-1) ?? "method";
  return varying.length > 1 ? { rows: varying[0]!, columns } : { columns };
}

/** One axis, as rows as long as they are many; the picture first, where all maps are of one. */
function flowing(entries: readonly Entry[], axis: Axis, { values }: Entries): Arrangement[] {
  const keys = valuesIn(entries, axis, values[axis]);
  const names = keys.map(values[axis].shown);
  const cells = keys.map((key) => cellOf(entries.find(({ at }) => at[axis] === key)));
  if (axis !== "image") {
    names.unshift(PLAIN);
    cells.unshift({ content: { kind: "picture", source: entries[0]!.source } });
  }
  if (cells.length <= MOST_IN_A_ROW) return [{ rows: [""], columns: names, cells: [cells] }];
  const named = cells.map((cell, i) => ({ ...cell, name: names[i]! }));
  const width = Math.min(Math.ceil(Math.sqrt(1.5 * cells.length)), MAX_CELLS_A_SIDE);
  return chunks(chunks(named, width), MAX_CELLS_A_SIDE).map((lines) => ({
    rows: lines.map(() => ""),
    columns: Array.from({ length: width }, () => ""),
    cells: lines.map((line) => Array.from({ length: width }, (_, i) => line[i])),
  }));
}

/** Two axes; pictures as they are in a row or column of their own. */
function crossed(entries: readonly Entry[], rows: Axis, columns: Axis, { values }: Entries): Arrangement[] {
  const most = MAX_CELLS_A_SIDE - 1;
  const rowChunks = chunks(valuesIn(entries, rows, values[rows]), most);
  const crossing = (row: string, column: string): string => JSON.stringify([row, column]);
  const crossings = new Map(entries.map((entry) => [crossing(entry.at[rows], entry.at[columns]), entry]));
  const missing = values[rows].byPlace || values[columns].byPlace ? "no further one" : "none";
  const columnChunks = chunks(valuesIn(entries, columns, values[columns]), most);
  return rowChunks.flatMap((rowKeys) =>
    columnChunks.map((columnKeys): Arrangement => {
      const cells = rowKeys.map((row) =>
        columnKeys.map((column) => cellOf(crossings.get(crossing(row, column)), missing)),
      );
      const plain = (axis: Axis, key: string): Cell => {
        const { source } = entries.find(({ at }) => at[axis] === key)!;
        return { content: { kind: "picture", source } };
      };
      const shownRows = rowKeys.map(values[rows].shown);
      const shownColumns = columnKeys.map(values[columns].shown);
      if (columns === "image") {
        const pictures = columnKeys.map((key) => plain(columns, key));
        return { rows: [PLAIN, ...shownRows], columns: shownColumns, cells: [pictures, ...cells] };
      }
      return {
        rows: shownRows,
        columns: [PLAIN, ...shownColumns],
        // In every row, also where it is the same: maps are compared with what is beside them.
        cells: cells.map((row, i) => [plain(rows, rowKeys[i]!), ...row]),
      };
    }),
  );
}

function cellOf(entry: Entry | undefined, missing = "none"): Cell {
  if (entry === undefined) return { content: { kind: "words", words: missing } };
  const { source, record, words } = entry;
  if (record === undefined) return { content: { kind: "words", words: words! }, entry };
  return { content: { kind: "overlay", source, record }, entry };
}

function valuesIn(entries: readonly Entry[], axis: Axis, { keys }: AxisValues): string[] {
  const present = new Set(entries.map(({ at }) => at[axis]));
  return keys.filter((key) => present.has(key));
}

function pageOf(
  { rows, columns, cells }: Arrangement,
  entries: readonly Entry[],
  { values }: Entries,
  onAxes: ReadonlySet<Axis | undefined>,
  place: string | undefined,
): GridPage {
  const named = (axis: Axis): boolean => onAxes.has(axis) && !values[axis].byPlace;
  const label = told(cells, ({ source, target }) => (named("target") ? "" : targetKey(source, target)));
  const score = told(
    cells,
    ({ target }) => scoreText(target.score),
    // Equal scores of different things stand beside each of them.
    ({ source, target }) => JSON.stringify([source.image, source.model, target.index]),
  );
  const layer = told(cells, ({ layers }) => (named("layer") ? "" : layerKey(layers)));
  const headed = (texts: readonly string[], i: number, which: "rows" | "columns"): Label =>
    labelOf(joined(" ", texts[i], layer[which][i], label[which][i]), score[which][i]!);
  const [{ source, at }] = entries as [Entry];
  const { manifest } = source;
  const records = entries.flatMap(({ record }) => record ?? []);
  const one = (axis: Axis): string | undefined =>
    onAxes.has(axis) || values[axis].byPlace ? undefined : values[axis].shown(at[axis]);
  const [record] = source.asked;
  return {
    table: {
      title: titleOf(entries, one("model")),
      notes: [
        joined(
          ", ",
          one("image"),
          one("method"),
          joined(" ", label.all, score.all),
          layer.all && `layer ${layer.all}`,
          record?.augSmooth && "aug smooth",
          record?.eigenSmooth && "eigen smooth",
        ),
        joined(", ", scoresAre(entries, manifest.activation), place),
      ].filter((line) => line !== ""),
      rows: rows.map((_, i) => headed(rows, i, "rows")),
      columns: columns.map((_, i) => headed(columns, i, "columns")),
      cells: cells.map((row, r) =>
        row.map(
          (cell, c) =>
            cell &&
            shownCell(
              cell,
              labelOf(joined(" ", cell.name, layer.cells[r]![c], label.cells[r]![c]), score.cells[r]![c]!),
            ),
        ),
      ),
      ...legendOf(records[0] ?? record),
    },
    contents: cells.map((row) => row.map((cell) => cell?.content)),
    colormap: (records[0] ?? record)?.rendering.colormap ?? "jet",
  };
}

function labelOf(text: string, score: string): Label {
  return { text, ...(score !== "" && { score }) };
}

function shownCell({ content }: Cell, caption: Label): GridCell {
  const told = caption.text === "" && caption.score === undefined ? {} : { caption };
  switch (content.kind) {
    case "words":
      return { words: content.words, ...told };
    case "picture":
      return { picture: content.source.manifest.picture, plain: true, ...told };
    case "overlay":
      return { picture: overlaySize(content.source, content.record), ...told };
  }
}

function overlaySize({ manifest }: GridSource, { rendering }: MapRecord): Size {
  const [height, width] = manifest.preprocessing.size;
  return rendering.overlaySize === "input" ? { width, height } : manifest.picture;
}

function titleOf(entries: readonly Entry[], weights: string | undefined): string {
  const archs = [...new Set(entries.map(({ source }) => source.manifest.arch))];
  return joined(", ", archs.length <= 3 ? archs.join(", ") : `${archs.length} architectures`, weights);
}

function scoresAre(entries: readonly Entry[], activation: string): string {
  if (entries.some(({ source }) => source.manifest.activation !== activation)) return "";
  return activation === "none" ? "scores are logits" : `scores are ${activation} probabilities`;
}

function legendOf(record: MapRecord | undefined): Pick<GridTable, "ends" | "legend"> {
  const shared = record?.scaledWith !== undefined;
  if (record?.signed) {
    const over = shared ? "the labels' largest value" : "its largest value";
    return { ends: ["-1", "1"], legend: `each map over ${over}: below 0 speaks against the label` };
  }
  const legend = shared
    ? "the maps of all labels from their least to their greatest value"
    : "each map from its least to its greatest value";
  return { ends: ["0", "1"], legend };
}

/** Where a fact of the cells is told: once where all have the same, else beside rows or columns that have, else below each. */
interface Told {
  readonly all: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly string[])[];
}

/** `keyOf`: what has to be the same, where that is more than the text. */
function told(
  cells: Arrangement["cells"],
  textOf: (entry: Entry) => string,
  keyOf: (entry: Entry) => string = textOf,
): Told {
  const lines = cells.map((row) => row.map((cell) => cell?.entry));
  const columns = lines[0]!.map((_, c) => lines.map((row) => row[c]));
  /** The text of a line of which all have the same; undefined where they have not. */
  const single = (line: readonly (Entry | undefined)[]): string | undefined => {
    const different = new Map(
      line.flatMap((entry) => (entry ? [[keyOf(entry), textOf(entry)] as const] : [])),
    );
    return different.size <= 1 ? ([...different.values()][0] ?? "") : undefined;
  };
  const nowhere: Told = {
    all: "",
    rows: lines.map(() => ""),
    columns: columns.map(() => ""),
    cells: lines.map((row) => row.map(() => "")),
  };
  const all = single(lines.flat());
  if (all !== undefined) return { ...nowhere, all };
  const isWhole = (texts: readonly (string | undefined)[]): texts is readonly string[] =>
    texts.every((text) => text !== undefined);
  const byRow = lines.map(single);
  if (isWhole(byRow)) return { ...nowhere, rows: byRow };
  const byColumn = columns.map(single);
  if (isWhole(byColumn)) return { ...nowhere, columns: byColumn };
  return { ...nowhere, cells: lines.map((row) => row.map((entry) => (entry ? textOf(entry) : ""))) };
}

function joined(by: string, ...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(by);
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
