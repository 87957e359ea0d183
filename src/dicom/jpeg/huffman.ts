/** @file Decodes JPEG's Huffman codes (ITU T.81 annex C): the next 16 bits give a symbol and the length of its code. */

import { problem } from "../problem.js";
import type { BitReader } from "./bit-reader.js";
import { say } from "../../language/say.js";

/** Symbol + 256 · length for each 16 bits; 0 for an unused code. */
export type HuffmanTable = Uint16Array;

/** `counts`: the number of codes of each length, 1 to 16 bits; `symbols` in their order. @throws GradlensError "bad-picture" */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const table = new Uint16Array(2 ** 16);
  let at = 0;
  let symbol = 0;
  for (let length = 1; length <= 16; length++) {
    const width = 2 ** (16 - length);
    for (let i = 0; i < counts[length - 1]!; i++, at += width) {
      if (at + width > table.length) throw problem(say`has an invalid JPEG code table`);
      table.fill(symbols[symbol++]! + 256 * length, at, at + width);
    }
  }
  return table;
}

/** The number of further bits of a difference, 0 to 16. @throws GradlensError "bad-picture" */
export function nextCategory(table: HuffmanTable, bits: BitReader): number {
  const category = nextSymbol(table, bits);
  if (category > 16) throw problem(say`has damaged JPEG pixels`);
  return category;
}

export function nextSymbol(table: HuffmanTable, bits: BitReader): number {
  const entry = table[bits.peek16()]!;
  if (entry === 0) throw problem(say`has damaged JPEG pixels`);
  bits.skip(entry >> 8);
  return entry & 255;
}
