/** @file Decoders of compressed DICOM frames: the browser's for JPEG, the page's for the others. */

import type { CodecRequest, DecodeFrame } from "../dicom/codecs.js";
import { markedAsRgb } from "../dicom/jpeg/rgb-marker.js";
import { problem } from "../dicom/problem.js";
import { decodeByWasm, type WasmCodec, type WasmModule } from "../dicom/wasm-decoder.js";
import { say } from "../language/say.js";

/** Opens a new WebAssembly module of cornerstone's, for each frame that needs it. */
export type DicomDecoders = Readonly<Partial<Record<WasmCodec, () => Promise<WasmModule>>>>;

const NAMES: Readonly<Record<WasmCodec, string>> = { "jpeg-ls": "JPEG-LS", "jpeg-2000": "JPEG 2000" };

export function browserDecoder(decoders: DicomDecoders): DecodeFrame {
  return async (request) => {
    const { codec, bytes } = request;
    if (codec === "jpeg") return decodeJpeg(request);
    const open = decoders[codec];
    if (open === undefined) {
      throw problem(
        say`holds ${NAMES[codec]} pixels, for which the page gives no decoder: decoders["${codec}"] (docs/DICOM.md)`,
      );
    }
    return decodeByWasm(await open(), codec, bytes);
  };
}

/** Decodes by the browser, as it shows the frame: RGB unless it is grey. */
async function decodeJpeg({ bytes, rgb, components }: CodecRequest): Promise<Uint8Array> {
  const input = rgb && components === 3 ? markedAsRgb(bytes) : bytes;
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(input)], { type: "image/jpeg" }), {
    colorSpaceConversion: "none",
    imageOrientation: "none",
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgba = context.getImageData(0, 0, width, height).data;
  const samples = new Uint8Array(width * height * components);
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < components; c++) samples[p * components + c] = rgba[4 * p + c]!;
  }
  return samples;
}
