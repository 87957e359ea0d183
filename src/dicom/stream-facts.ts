/** @file What the header of a compressed frame says. */

export interface StreamFacts {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits a sample. */
  readonly bits: number;
  /** The low byte of a JPEG's SOFn marker; 0 of JPEG 2000. */
  readonly marker: number;
}
