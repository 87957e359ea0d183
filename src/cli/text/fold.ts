/** @file Wraps text for the terminal at spaces and between Chinese characters. */

import { columnsOf } from "../../language/width.js";

const HAN = "\\u2e80-\\u2fff\\u3005-\\u3007\\u3021-\\u9fff\\uf900-\\ufaff";
const OPENING = "（“《「";
const CLOSING = "，。；：、）”》」？！…";

/** What no line break may divide: a Chinese letter or a word, with the signs that belong to it. */
const PIECE = new RegExp(` ?[${OPENING}]*(?:[${HAN}]|[^\\s${HAN}${OPENING}${CLOSING}]+)?[${CLOSING}]*`, "gu");

/** A text in lines of at most `columns`. */
export function foldText(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const [piece] of text.matchAll(PIECE)) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + columnsOf(piece) <= columns)
      lines[lines.length - 1] = last + piece;
    else lines.push(piece.trimStart());
  }
  return lines.filter((line) => line !== "");
}
