/** @file Tables as CSV: fields between commas, lines ended by CR LF, quotes where a field needs them (RFC 4180). */

import { oneLine } from "./safe-text.js";

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/**
 * The text of a CSV file. Spreadsheets recognise UTF-8 by a byte order mark. Plain ASCII needs none.
 */
export const csvFile = (text: string): string => (/[^\x00-\x7f]/.test(text) ? `\uFEFF${text}` : text);

/** What spreadsheets may interpret as a formula (also behind spaces, and in letters of full width), unless it is a number. */
const FORMULA = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * A text as a cell that means nothing but itself: a formula behind an apostrophe, as spreadsheets expect it, and control
 * characters visible.
 */
export function safeCell(text: string): string {
  const lines = text.split(/\r?\n/).map(oneLine).join("\n");
  return FORMULA.test(lines) && !NUMBER.test(lines) ? `'${lines}` : lines;
}

function field(raw: string): string {
  const text = safeCell(raw);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of a CSV text, whose lines may end in LF alone; undefined where its quotes are not in order. */
export function parseCsv(text: string): string[][] | undefined {
  const rows: string[][] = [];
  // A field, quoted or not, and what ends it.
  const one = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  one.lastIndex = text.startsWith("\uFEFF") ? 1 : 0;
  let row: string[] = [];
  while (one.lastIndex < text.length || row.length > 0) {
    const found = one.exec(text);
    if (!found) return undefined;
    const [, quoted, plain, end] = found;
    row.push(quoted?.replaceAll('""', '"') ?? plain!);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
