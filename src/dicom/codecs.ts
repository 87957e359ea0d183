/** @file The decoders of compressed frames that a host provides. */

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
 * Decodes one frame to interleaved samples, rows from the top. Coloured ones come as they are in the codestream, but of JPEG
 * and of JPEG 2000's component transforms as RGB. Whatever it throws means that the frame cannot be decoded.
 */
export type DecodeFrame = (request: CodecRequest) => Promise<ArrayLike<number>>;
