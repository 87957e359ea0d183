/** @file Decodes a sequential JPEG scan (ITU T.81 annexes A and F) of one component with 12 bits, which sharp's libjpeg lacks. */

import { problem } from "../problem.js";
import { nextCategory, nextSymbol } from "./huffman.js";
import type { Scan } from "./scan.js";
import { say } from "../../language/say.js";

/** T.81 figure A.6: the position of each zigzag coefficient in a block of 8 rows of 8. */
const ZIGZAG = zigzag();

/** T.81 A.3.3: COSINE[8 · x + u] = C(u) / 2 · cos((2x + 1) u π / 16). */
const COSINE = Float64Array.from({ length: 64 }, (_, i) => {
  const u = i % 8;
  const scale = u === 0 ? Math.SQRT1_2 : 1;
  return (scale / 2) * Math.cos(((2 * Math.floor(i / 8) + 1) * u * Math.PI) / 16);
});

/** Fills `out` with the only component. */
export function sequentialScan(scan: Scan, out: Uint16Array): void {
  const { frame, components, bits, restartInterval } = scan;
  const { width, height } = frame;
  const [component] = components;
  if (component === undefined || frame.components.length !== 1) {
    throw problem(
      say`has coloured JPEG pixels of ${frame.bits} bits, which are not supported: save it as RGB, not compressed`,
    );
  }
  const { dc, ac, quantisation } = component;
  if (ac === undefined || quantisation === undefined)
    throw problem(say`has JPEG pixels without their tables`);
  const coefficients = new Float64Array(64);
  const block = new Float64Array(64);
  const most = 2 ** frame.bits - 1;
  const middle = 2 ** (frame.bits - 1);
  const across = Math.ceil(width / 8);
  const count = across * Math.ceil(height / 8);
  let level = 0;
  for (let n = 0; n < count; n++) {
    if (restartInterval > 0 && n > 0 && n % restartInterval === 0) {
      bits.restart();
      level = 0;
    }
    coefficients.fill(0);
    level += bits.signed(nextCategory(dc, bits));
    coefficients[0] = level * quantisation[0]!;
    for (let k = 1; k < 64; k++) {
      const symbol = nextSymbol(ac, bits);
      const size = symbol & 15;
      if (size === 0 && symbol !== 0xf0) break;
      k += symbol >> 4;
      const value = bits.signed(size);
      if (k > 63) throw problem(say`has damaged JPEG pixels`);
      coefficients[ZIGZAG[k]!] = value * quantisation[k]!;
    }
    inverse(coefficients, block);
    const left = (n % across) * 8;
    const top = Math.floor(n / across) * 8;
    for (let y = top; y < Math.min(top + 8, height); y++) {
      for (let x = left; x < Math.min(left + 8, width); x++) {
        const value = Math.round(block[(y - top) * 8 + x - left]!) + middle;
        out[y * width + x] = Math.min(Math.max(value, 0), most);
      }
    }
  }
}

/** The inverse cosine transform: columns, then rows. */
function inverse(coefficients: Float64Array, block: Float64Array): void {
  const half = new Float64Array(64);
  for (let y = 0; y < 8; y++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let v = 0; v < 8; v++) sum += COSINE[8 * y + v]! * coefficients[8 * v + u]!;
      half[8 * y + u] = sum;
    }
  }
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += COSINE[8 * x + u]! * half[8 * y + u]!;
      block[8 * y + x] = sum;
    }
  }
}

/** Diagonals of a block, up and down in turn. */
function zigzag(): Uint8Array {
  const places: number[] = [];
  for (let sum = 0; sum < 15; sum++) {
    for (let i = 0; i <= sum; i++) {
      const [row, column] = sum % 2 === 0 ? [sum - i, i] : [i, sum - i];
      if (row < 8 && column < 8) places.push(8 * row + column);
    }
  }
  return Uint8Array.from(places);
}
