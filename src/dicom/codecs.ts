/** @file The interface of a host's decoders of compressed frames. */

import type { Codec } from "./transfer-syntaxes.js";

export interface CodecRequest {
  readonly codec: Codec;
  readonly bytes: Uint8Array;
  /** Samples a pixel. */
  readonly components: number;
  /** The file says that coloured samples are RGB. */
  readonly rgb: boolean;
}

/**
 * Decodes one frame to interleaved samples, rows from the top. Coloured samples stay as in the codestream, except that JPEG's
 * and JPEG 2000's component transforms are undone to RGB. Any error means that the frame cannot be decoded.
 */
export type DecodeFrame = (request: CodecRequest) => Promise<ArrayLike<number>>;
