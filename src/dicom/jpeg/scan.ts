/** @file The tables and parameters of a JPEG scan. */

import type { Size } from "../../image/picture.js";
import type { BitReader } from "./bit-reader.js";
import type { HuffmanTable } from "./huffman.js";

export interface JpegFrame extends Size {
  /** The low byte of the marker SOFn, which names the process. */
  readonly marker: number;
  readonly bits: number;
  readonly components: readonly FrameComponent[];
}

export interface FrameComponent {
  readonly id: number;
  /** Sampling factors. */
  readonly h: number;
  readonly v: number;
  /** Number of its quantisation table. */
  readonly table: number;
}

export interface ScanComponent extends FrameComponent {
  /** Its index among the frame's components. */
  readonly index: number;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable | undefined;
  /** In zigzag order. */
  readonly quantisation: Uint16Array | undefined;
}

export interface Scan {
  readonly frame: JpegFrame;
  readonly components: readonly ScanComponent[];
  readonly bits: BitReader;
  /** Units (lossless: pixels) between restart markers; 0 without restarts. */
  readonly restartInterval: number;
  /** Ss: the first coefficient, or lossless JPEG's predictor. */
  readonly first: number;
  /** Al: the point transform, the number of low bits left out. */
  readonly shift: number;
}
