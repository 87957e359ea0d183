/** @file Writes the texts around the maps of one grid page. */

import type { GridCell, GridTable, Label } from "../layout/grid-table.js";
import { scoreText } from "../layout/score-text.js";
import { cellsOf, type Arrangement, type Cell, type Content, type Group } from "./arrange.js";
import type { Axis, GridSpec } from "./axes.js";
import { hasLayers, layerKey, targetKey, type Entries, type Entry, type RefusedEntry } from "./entries.js";
import type { Headings, Word } from "./headings.js";
import { scalesOf } from "./scales.js";
import { placeFact, type PlacedFact } from "./place-facts.js";
import type { GridMap } from "./sources.js";

export interface GridPage {
  readonly table: GridTable;
  /** In the order of `table.cells`. */
  readonly contents: readonly (readonly (Content | undefined)[])[];
}

/** The axes along a page's rows and columns. */
type PageAxes = Exclude<GridSpec, "auto">;

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
  word: Word,
): PageFacts {
  const named = (axis: Axis): boolean => group.at[axis] === undefined && !values[axis].byPlace;
  const labels = (["rows", "columns"] as const).find((which) => axes[which] === "target" && named("target"));
  return {
    labels,
    label: placeFact(cells, ({ source, target }) =>
      named("target") ? undefined : word(targetKey(source, target)),
    ),
    score: placeFact(
      cells,
      ({ target }) => scoreText(target.score),
      // Equal scores of different targets are printed beside each.
      ({ source, target }) => JSON.stringify([source.image.key, source.model.key, target.index]),
      labels,
    ),
    layer: placeFact(cells, (entry) =>
      named("layer") || !hasLayers(entry) ? undefined : word(layerKey(entry)),
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

/** What the texts of all pages depend on. */
export interface PageText {
  readonly headings: Headings;
  /** In place of the title; null leaves out all lines above the grid. */
  readonly title?: string | null | undefined;
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
  { headings, title }: PageText,
): GridPage {
  const { group, arrangement } = arranged;
  const { values } = maps;
  const { rows, columns, cells } = arrangement;
  const entries = cellsOf(arrangement).flatMap(({ entry }) => entry ?? []);
  const facts = factsOf(arranged, maps, axes, headings.other);
  const one = (axis: Axis): string | undefined => {
    const key = group.at[axis];
    return key === undefined || values[axis].byPlace ? undefined : values[axis].shown(key);
  };
  const above = [title ?? titleOf(entries, one("model")), ...notesOf(entries, one, facts, place, headings)];
  const [first = "", ...notes] = title === null ? [] : above;
  return {
    table: {
      title: first,
      notes,
      rows: rows.map((name, i) => headingOf(facts, "rows", name, i)),
      columns: columns.map((name, i) => headingOf(facts, "columns", name, i)),
      cells: cells.map((row, r) =>
        row.map((cell, c) => cell && shownCell(cell, captionOf(facts, cell, r, c))),
      ),
      scales: scalesOf(
        mapsOf(entries).filter(({ flat }) => flat === undefined),
        headings.method,
      ),
      foot: refusedLines(refused, headings, one("model") === undefined ? values.model.shown : undefined),
    },
    contents: cells.map((row) => row.map((cell) => cell?.content)),
  };
}

const mapsOf = (entries: readonly Entry[]): GridMap[] => entries.flatMap(({ map }) => map ?? []);

/** The facts that all maps of a page share. */
function notesOf(
  entries: readonly Entry[],
  one: (axis: Axis) => string | undefined,
  { label, score, layer }: PageFacts,
  place: string,
  { method }: Headings,
): string[] {
  const maps = mapsOf(entries);
  const shared = joined(
    ", ",
    one("image"),
    one("method"),
    joined(" ", label.all, score.all),
    layer.all && `layer ${layer.all}`,
    maps.some(({ augSmooth }) => augSmooth) && "aug smooth",
    maps.some(({ eigenSmooth }) => eigenSmooth) && "eigen smooth",
  );
  const lines = [
    joined("; ", shared, wholeModelWords(entries, method)),
    joined(", ", scoresAre(entries), place),
  ];
  return lines.filter((line) => line !== "");
}

/** Puts a score right after its label, or after other words and a comma. */
function labelOf(words: string, score: string, label = ""): Label {
  const text = joined(", ", words, label);
  if (score === "") return { text };
  return { text: label === "" && text !== "" ? `${text},` : text, score };
}

function shownCell({ content }: Cell, caption: Label): GridCell {
  const below = caption.text === "" && caption.score === undefined ? {} : { caption };
  if (content.kind === "words") return { words: content.words, ...below };
  const plain = content.kind === "plain" && { plain: true as const };
  return { picture: content.shown.size, ...plain, ...below };
}

function titleOf(entries: readonly Entry[], weights: string | undefined): string {
  const archs = [...new Set(entries.map(({ source }) => source.arch))];
  return joined(", ", archs.length <= 3 ? archs.join(", ") : `${archs.length} architectures`, weights);
}

/** Names the methods whose maps have no layer, if others on the page do. */
function wholeModelWords(entries: readonly Entry[], methodWord: Word): string {
  const [of, whole] = [true, false].map((is) => entries.filter((entry) => hasLayers(entry) === is));
  if (of!.length === 0 || whole!.length === 0) return "";
  return `of the whole model: ${[...new Set(whole!.map(({ method }) => methodWord(method)))].join(", ")}`;
}

function scoresAre(entries: readonly Entry[]): string {
  const [activation, ...others] = new Set(entries.map(({ source }) => source.activation));
  if (others.length > 0) return "";
  return activation === "none" ? "scores are logits" : `scores are ${activation} probabilities`;
}

/** A line for each reason. `modelName` names models if the page does not. */
function refusedLines(
  refused: readonly RefusedEntry[],
  { method }: Headings,
  modelName: Word | undefined,
): string[] {
  const methods = new Map<string, string[]>();
  for (const { reason, at } of refused) {
    const why = joined(" ", "refused", modelName && `for ${modelName(at.model)}`) + `: ${reason}`;
    methods.set(why, [...(methods.get(why) ?? []), method(at.method)]);
  }
  return [...methods].map(([why, names]) => `${names.join(", ")}: ${why}`);
}

function joined(by: string, ...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === "string" && part !== "").join(by);
}
