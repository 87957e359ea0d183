/** @file The methods' table as a picture: bars of forward passes on a logarithmic axis, as SVG. */

import { axesOf, FORWARD, type Cell } from "./cell.js";

/** Okabe and Ito's colours, told apart by colour-blind readers too. */
const COLOURS = ["#0072b2", "#56b4e9", "#e69f00", "#d55e00", "#009e73", "#cc79a7", "#999999", "#f0e442"];
const BAR = 6;
const GAP = 10;
const LABELS = 190;
const WIDTH = 960;
const TOP = 56;
const BOTTOM = 40;
const RIGHT = 30;
/** Where bars begin, in forward passes: a little below the cheapest there can be. */
const LEAST = 0.7;

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** @param cells of any models; rows that have no number are left out */
export function plotCells(cells: readonly Cell[]): string {
  const known = cells.filter((cell) => cell.forwards !== undefined && cell.row !== FORWARD);
  const { rows, models } = axesOf(known);
  const most = Math.max(10, ...known.map((cell) => cell.forwards!));
  const scale = (WIDTH - LABELS - RIGHT) / Math.log(most / LEAST);
  const x = (forwards: number): number => LABELS + scale * Math.log(Math.max(forwards, LEAST) / LEAST);
  const group = models.length * BAR + GAP;
  const height = TOP + rows.length * group + BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    ...legend(models),
    ...grid(most, x, height - BOTTOM),
    `<text x="${WIDTH - RIGHT}" y="${height - 8}" text-anchor="end">cost of one picture in forward passes of the same model (${escape(cells[0]?.adapter ?? "")})</text>`,
    ...rows.flatMap((row, r) => {
      const y = TOP + r * group + GAP / 2;
      const label = `<text x="${LABELS - 8}" y="${y + (models.length * BAR) / 2 + 4}" text-anchor="end">${escape(row)}</text>`;
      return [label, ...models.flatMap((model, m) => bar(known, row, model, m, y + m * BAR, x))];
    }),
    "</svg>",
    "",
  ].join("\n");
}

function bar(
  cells: readonly Cell[],
  row: string,
  model: string,
  index: number,
  y: number,
  x: (forwards: number) => number,
): string[] {
  const cell = cells.find((c) => c.row === row && c.model === model);
  if (!cell) return [];
  const width = Math.max(1, x(cell.forwards!) - LABELS).toFixed(1);
  const title = `<title>${escape(`${row}, ${model}: ${cell.forwards} forwards`)}</title>`;
  return [
    `<rect x="${LABELS}" y="${y}" width="${width}" height="${BAR - 1}" fill="${colourOf(index)}">${title}</rect>`,
  ];
}

const colourOf = (index: number): string => COLOURS[index % COLOURS.length]!;

function legend(models: readonly string[]): string[] {
  const width = (WIDTH - LABELS - RIGHT) / Math.max(1, models.length);
  return models.flatMap((model, m) => [
    `<rect x="${LABELS + m * width}" y="12" width="10" height="10" fill="${colourOf(m)}"/>`,
    `<text x="${LABELS + m * width + 14}" y="21" font-size="11">${escape(model)}</text>`,
  ]);
}

/** Lines at 1, 2, 5, 10, 20, 50 ... forward passes. */
function grid(most: number, x: (forwards: number) => number, bottom: number): string[] {
  const ticks: number[] = [];
  for (let power = 1; power <= most; power *= 10)
    for (const step of [1, 2, 5]) if (step * power <= most) ticks.push(step * power);
  return ticks.flatMap((tick) => [
    `<line x1="${x(tick).toFixed(1)}" y1="${TOP - 8}" x2="${x(tick).toFixed(1)}" y2="${bottom}" stroke="${tick === 1 ? "#333" : "#ddd"}"/>`,
    `<text x="${x(tick).toFixed(1)}" y="${TOP - 12}" text-anchor="middle" fill="#333">${tick}</text>`,
  ]);
}
