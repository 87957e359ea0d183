/** @file Decodes JPEG-LS and JPEG 2000 with CharLS and OpenJPEG, as cornerstone builds them. A host opens the modules. */

import { interleaved } from "./stored-values.js";
import type { Codec } from "./transfer-syntaxes.js";

export type WasmCodec = Exclude<Codec, "jpeg">;

/** A decoder of one frame. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    bitsPerSample: number;
    componentCount: number;
    isSigned?: boolean;
  };
  /** CharLS: 0 stores one component after the other. */
  getInterleaveMode?(): number;
  delete(): void;
}

/** The result of the function in decodewasmjs of `@cornerstonejs/codec-charls` or `-openjpeg`. */
export type WasmModule = Readonly<Record<string, new () => WasmDecoder>>;

type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array;

const DECODERS: Readonly<Record<WasmCodec, string>> = {
  "jpeg-ls": "JpegLSDecoder",
  "jpeg-2000": "J2KDecoder",
};

/** The last marker of both codestreams. CharLS searches half a minute where it is missing; a second one does no harm. */
const END_OF_IMAGE = [0xff, 0xd9];

/** A frame's samples, interleaved. @throws any error of the decoder, after which the module must not be used again */
export function decodeByWasm(wasm: WasmModule, codec: WasmCodec, bytes: Uint8Array): Samples {
  const decoder = new wasm[DECODERS[codec]]!();
  const encoded = decoder.getEncodedBuffer(bytes.length + END_OF_IMAGE.length);
  encoded.set(bytes);
  encoded.set(END_OF_IMAGE, bytes.length);
  decoder.decode();
  const { bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
  const raw = decoder.getDecodedBuffer().slice();
  const planes = componentCount > 1 && decoder.getInterleaveMode?.() === 0;
  decoder.delete();
  const data = samplesOf(raw, bitsPerSample, isSigned ?? false);
  return planes ? interleaved(data, componentCount) : data;
}

function samplesOf(raw: Uint8Array, bits: number, signed: boolean): Samples {
  if (bits <= 8) return signed ? new Int8Array(raw.buffer) : raw;
  return signed ? new Int16Array(raw.buffer) : new Uint16Array(raw.buffer);
}
