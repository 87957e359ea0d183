/** @file Writes the texts around the maps of one grid page. */

import type { GridCell, GridTable, Label } from "../../figure/layout/grid-table.js";
import type { Size } from "../../image/picture.js";
import { scoreText } from "../results/words.js";
import type { MapRecord } from "../../results/manifest.js";
import { cellsOf, type Arrangement, type Cell, type Content, type Group } from "./arrange.js";
import type { Axis } from "./axes.js";
import {
  isLayerMethod,
  layerKey,
  targetKey,
  type Entries,
  type Entry,
  type GridSource,
  type RefusedEntry,
} from "./entries.js";
import { scalesOf } from "./scales.js";
import { placeFact, type PlacedFact } from "./place-facts.js";

export interface GridPage {
  readonly table: GridTable;
  /** In the order of `table.cells`. */
  readonly contents: readonly (readonly (Content | undefined)[])[];
}

/** The axes along a page's rows and columns. */
interface PageAxes {
  readonly rows?: Axis;
  readonly columns: Axis;
}

/** Some of a group's maps, and their positions. */
export interface Arranged {
  readonly group: Group;
  readonly arrangement: Arrangement;
}

/** Where a page prints the names of maps, and the facts that go with them. */
interface PageFacts {
  /** The headings that print the target's labels; undefined where the captions do. */
  readonly labels: "rows" | "columns" | undefined;
  readonly label: PlacedFact;
  readonly score: PlacedFact;
  readonly layer: PlacedFact;
}

function factsOf(
  { group, arrangement: { cells } }: Arranged,
  { values }: Entries,
  axes: PageAxes,
): PageFacts {
  const named = (axis: Axis): boolean => group.at[axis] === undefined && !values[axis].byPlace;
  const labels = (["rows", "columns"] as const).find((which) => axes[which] === "target" && named("target"));
  return {
    labels,
    label: placeFact(cells, ({ source, record }) =>
      named("target") ? undefined : targetKey(source, record.target),
    ),
    score: placeFact(
      cells,
      ({ record }) => scoreText(record.target.score),
      // Equal scores of different targets are printed beside each.
      ({ source, record }) => JSON.stringify([source.image, source.model, record.target.index]),
      labels,
    ),
    layer: placeFact(cells, ({ record }) =>
      named("layer") || !isLayerMethod(record) ? undefined : layerKey(record),
    ),
  };
}

/** The heading of row or column `i`, whose own name is `name`. */
function headingOf(
  { labels, label, score, layer }: PageFacts,
  which: "rows" | "columns",
  name: string,
  i: number,
): Label {
  const [words, by] = labels === which ? ["", name] : [name, label[which][i]];
  return labelOf(joined(", ", words, layer[which][i]), score[which][i]!, by);
}

function captionOf(
  { labels, label, score, layer }: PageFacts,
  { name }: Cell,
  row: number,
  column: number,
): Label {
  const [words, by] = labels ? ["", name] : [name, ""];
  const text = joined(", ", words, layer.cells[row]![column]);
  return labelOf(text, score.cells[row]![column]!, by || label.cells[row]![column]);
}

/**
 * @param refused the methods whose refusal this page prints
 * @param place the page's number; empty for the only page
 */
export function pageOf(
  arranged: Arranged,
  maps: Entries,
  axes: PageAxes,
  refused: readonly RefusedEntry[],
  place: string,
): GridPage {
  const { group, arrangement } = arranged;
  const { values } = maps;
  const { rows, columns, cells } = arrangement;
  const entries = cellsOf(arrangement).flatMap(({ entry }) => entry ?? []);
  const facts = factsOf(arranged, maps, axes);
  const one = (axis: Axis): string | undefined => {
    const key = group.at[axis];
    return key === undefined || values[axis].byPlace ? undefined : values[axis].shown(key);
  };
  return {
    table: {
      title: titleOf(entries, one("model")),
      notes: [
        joined(
          "; ",
          joined(
            ", ",
            one("image"),
            one("method"),
            joined(" ", facts.label.all, facts.score.all),
            facts.layer.all && `layer ${facts.layer.all}`,
            ...smoothingOf(entries),
          ),
          wholeModelWords(entries),
        ),
        joined(", ", scoresAre(entries), place),
      ].filter((line) => line !== ""),
      rows: rows.map((name, i) => headingOf(facts, "rows", name, i)),
      columns: columns.map((name, i) => headingOf(facts, "columns", name, i)),
      cells: cells.map((row, r) =>
        row.map((cell, c) => cell && shownCell(cell, captionOf(facts, cell, r, c))),
      ),
      scales: scalesOf(entries.map(({ record }) => record).filter(({ flat }) => flat === undefined)),
      foot: refusedLines(refused, one("model") === undefined ? values.model.shown : undefined),
    },
    contents: cells.map((row) => row.map((cell) => cell?.content)),
  };
}

/** Puts a score right after its label, or after other words and a comma. */
function labelOf(words: string, score: string, label = ""): Label {
  const text = joined(", ", words, label);
  if (score === "") return { text };
  return { text: label === "" && text !== "" ? `${text},` : text, score };
}

function shownCell({ content }: Cell, caption: Label): GridCell {
  const below = caption.text === "" && caption.score === undefined ? {} : { caption };
  switch (content.kind) {
    case "words":
      return { words: content.words, ...below };
    case "picture":
      return { picture: content.source.manifest.picture, plain: true, ...below };
    case "overlay":
      return { picture: overlaySize(content.source, content.record), ...below };
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

function smoothingOf(entries: readonly Entry[]): string[] {
  const some = (is: (record: MapRecord) => boolean): boolean => entries.some(({ record }) => is(record));
  return [
    ...(some(({ augSmooth }) => augSmooth) ? ["aug smooth"] : []),
    ...(some(({ eigenSmooth }) => eigenSmooth) ? ["eigen smooth"] : []),
  ];
}

/** Names the methods whose maps have no layer, if others on the page do. */
function wholeModelWords(entries: readonly Entry[]): string {
  const [of, wholeModelMethods] = [true, false].map((is) =>
    entries.filter(({ record }) => isLayerMethod(record) === is),
  );
  if (of!.length === 0 || wholeModelMethods!.length === 0) return "";
  return `of the whole model: ${[...new Set(wholeModelMethods!.map(({ record }) => record.method))].join(", ")}`;
}

function scoresAre(entries: readonly Entry[]): string {
  const [activation, ...others] = new Set(entries.map(({ source }) => source.manifest.activation));
  if (others.length > 0) return "";
  return activation === "none" ? "scores are logits" : `scores are ${activation} probabilities`;
}

/** A line for each reason. `modelName` names models if the page does not. */
function refusedLines(
  refused: readonly RefusedEntry[],
  modelName: ((key: string) => string) | undefined,
): string[] {
  const methods = new Map<string, string[]>();
  for (const { reason, at } of refused) {
    const why = joined(" ", "refused", modelName && `for ${modelName(at.model)}`) + `: ${reason}`;
    methods.set(why, [...(methods.get(why) ?? []), at.method]);
  }
  return [...methods].map(([why, names]) => `${names.join(", ")}: ${why}`);
}

function joined(by: string, ...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(by);
}
