/** @file Decodes a lossless JPEG scan (ITU T.81 annex H, process 14): each sample is a prediction plus a difference. */

import { problem } from "../problem.js";
import { nextCategory, type HuffmanTable } from "./huffman.js";
import type { Scan } from "./scan.js";
import { say } from "../../language/say.js";

/** T.81 table H.1: predictors from the samples on the left (a), above (b), and above left (c). */
const PREDICTORS: readonly ((a: number, b: number, c: number) => number)[] = [
  (a) => a,
  (_, b) => b,
  (_, __, c) => c,
  (a, b, c) => a + b - c,
  (a, b, c) => a + ((b - c) >> 1),
  (a, b, c) => b + ((a - c) >> 1),
  (a, b) => (a + b) >> 1,
];

/** Fills `out`, interleaved, with the scan's components. */
export function losslessScan(scan: Scan, out: Uint16Array): void {
  const { frame, components, bits, restartInterval, first: selection, shift } = scan;
  const { width, height } = frame;
  const samples = frame.components.length;
  const predict = PREDICTORS[selection - 1];
  if (predict === undefined) throw problem(say`has lossless JPEG pixels with an unknown predictor`);
  if (components.some(({ h, v }) => h !== 1 || v !== 1)) {
    throw problem(
      say`has subsampled lossless JPEG pixels, which are not supported: save it as RGB, not compressed`,
    );
  }
  if (restartInterval % width !== 0) throw problem(say`has lossless JPEG pixels that restart inside a row`);
  const middle = 1 << (frame.bits - shift - 1);
  const row = width * samples;
  for (let y = 0, begin = 0; y < height; y++) {
    if (restartInterval > 0 && y > 0 && (y * width) % restartInterval === 0) {
      bits.restart();
      begin = y;
    }
    for (let x = 0; x < width; x++) {
      for (const { index, dc } of components) {
        const at = y * row + x * samples + index;
        let guess = middle;
        if (y === begin) guess = x > 0 ? out[at - samples]! : middle;
        else if (x === 0) guess = out[at - row]!;
        else guess = predict(out[at - samples]!, out[at - row]!, out[at - row - samples]!);
        out[at] = guess + difference(dc, bits);
      }
    }
  }
  if (shift > 0) {
    for (const { index } of components)
      for (let i = index; i < out.length; i += samples) out[i] = out[i]! << shift;
  }
}

/** Table H.2: category 16 is 32768, without further bits. */
function difference(table: HuffmanTable, bits: Scan["bits"]): number {
  const category = nextCategory(table, bits);
  return category === 16 ? 32_768 : bits.signed(category);
}
