/** @file `gradlens models`: lists the architectures with cost, default layers and sources of weights. */

import { summaryOf, type ModelRow } from "../../models/table.js";
import type { Host } from "../terminal/host.js";
import type { OptionValues } from "../../options/table.js";
import { phrase, say, translated } from "../../language/say.js";
import { columnsOf, filledTo, filledToRight } from "../../language/width.js";

const HEADINGS = [
  phrase`architecture`,
  phrase`parameters`,
  "GFLOP",
  phrase`input`,
  phrase`pretrained weights: project, file`,
];

/** Columns of numbers, which end at one place. */
const NUMBERS = [1, 2];

const FOOTNOTE = [
  phrase`GFLOP: of one picture, a multiply-add counted as two. Files are read as they are: gradlens cam --weights FILE`,
  phrase`A file that says all of itself: gradlens convert FILE mine.safetensors --labels NAMES --norm imagenet|half --size N`,
];

export async function runModels(host: Host, { json }: OptionValues): Promise<number> {
  const rows = (await host.engine()).models();
  const lines = json ? [JSON.stringify(rows)] : modelLines(rows);
  host.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

/** A block for each family; the columns go through all of them. */
function modelLines(rows: readonly ModelRow[]): string[] {
  const cells = new Map(rows.map((row) => [row, cellsOf(row)]));
  const headings = HEADINGS.map(translated);
  const all = [headings, ...[...cells.values()].flat()];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => columnsOf(row[column]!))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (NUMBERS.includes(i) ? filledToRight(cell, widths[i]!) : filledTo(cell, widths[i]!)))
      .join("  ")
      .trimEnd();
  const families = [...new Set(rows.map(({ family }) => family))];
  const blocks = families.flatMap((family) => {
    const members = rows.filter((row) => row.family === family);
    const { title, layers, spellings } = summaryOf(members);
    return [
      "",
      say`${title}: explained at ${layers.join(", ")}; names of ${spellings.join(", ")}`,
      ...members.flatMap((row) => cells.get(row)!.map(line)),
    ];
  });
  return [line(headings), ...blocks, "", ...FOOTNOTE.map(translated)];
}

/** One line for each file of weights. */
function cellsOf({ arch, parameters, flops, size, pretrained }: ModelRow): string[][] {
  const files = pretrained.map(({ project, file }) => `${project}: ${file}`);
  const [first = say`none with a head is published`, ...others] = files;
  const millions = `${(parameters / 1e6).toFixed(1)} M`;
  return [
    [arch, millions, (flops / 1e9).toFixed(1), size.join("x"), first],
    ...others.map((file) => ["", "", "", "", file]),
  ];
}
