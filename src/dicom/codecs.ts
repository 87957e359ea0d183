/** @file What a host gives: decoders of compressed frames. */

import type { Codec } from "./transfer-syntaxes.js";

/** A decoded frame: interleaved samples, rows from the top. */
export interface DecodedFrame {
  readonly data: Uint8Array | Int8Array | Uint16Array | Int16Array | Int32Array;
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

export interface CodecRequest {
  readonly codec: Codec;
  readonly bytes: Uint8Array;
  readonly components: number;
  /** Bits a sample. */
  readonly bits: number;
  /** The file says that coloured samples are RGB. */
  readonly rgb: boolean;
}

/**
 * Decodes one frame. Coloured samples come as they are in the codestream, but of JPEG (not lossless) and of JPEG 2000's
 * component transforms as RGB. Whatever it throws means that the frame cannot be decoded.
 */
export type DecodeFrame = (request: CodecRequest) => Promise<DecodedFrame>;
