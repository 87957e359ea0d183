/** @file The part of jpeg-lossless-decoder-js that is used: version 2.0 has no types of its own. */

declare module "jpeg-lossless-decoder-js" {
  interface Decoder {
    /** Set by `decode`. */
    readonly frame: { readonly dimX: number; readonly dimY: number; readonly numComp: number };
    /** Samples of `numBytes` bytes each, interleaved. */
    decode(
      buffer: ArrayBuffer,
      offset: number,
      length: number,
      numBytes: 1 | 2,
    ): { readonly buffer: ArrayBuffer };
  }
  const jpeg: { readonly lossless: { readonly Decoder: new () => Decoder } };
  export default jpeg;
}
