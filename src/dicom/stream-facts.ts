/** @file The facts in a compressed frame's header. */

import type { Size } from "../image/picture.js";

export interface StreamFacts extends Size {
  readonly components: number;
  /** Bits a sample. */
  readonly bits: number;
  /** The low byte of a JPEG's SOFn marker; 0 of JPEG 2000. */
  readonly marker: number;
}
