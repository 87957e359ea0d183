/** @file Decodes the compressed frames of DICOM files. Each decoder is loaded when the first frame needs it. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { CodecRequest } from "../dicom/codecs.js";
import { markedAsRgb } from "../dicom/jpeg/rgb-marker.js";
import { decodeByWasm, type WasmCodec, type WasmModule } from "../dicom/wasm-decoder.js";

const PACKAGES: Readonly<Record<WasmCodec, string>> = {
  "jpeg-ls": "@cornerstonejs/codec-charls",
  "jpeg-2000": "@cornerstonejs/codec-openjpeg",
};

const modules = new Map<WasmCodec, Promise<WasmModule>>();

/** A compressed frame's samples. @throws any error of its decoder */
export async function decodeDicomFrame(request: CodecRequest): Promise<ArrayLike<number>> {
  const { codec, bytes } = request;
  if (codec === "jpeg") return decodeJpeg(request);
  if (!modules.has(codec)) modules.set(codec, loadWasm(PACKAGES[codec]));
  const wasm = await modules.get(codec)!;
  try {
    return decodeByWasm(wasm, codec, bytes);
  } catch (error) {
    modules.delete(codec);
    throw error;
  }
}

/** sharp's libjpeg, which converts YCbCr to RGB unless a marker says that the components are RGB. */
async function decodeJpeg({ bytes, rgb, components }: CodecRequest): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const input = rgb && components === 3 ? markedAsRgb(bytes) : bytes;
  return sharp(input, { failOn: "error", limitInputPixels: false, ignoreIcc: true })
    .toColourspace(components === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer();
}

/** Loads the module's script and its WebAssembly, with its output silenced. */
async function loadWasm(from: string): Promise<WasmModule> {
  const require = createRequire(import.meta.url);
  const wasmBinary = await readFile(require.resolve(`${from}/decodewasm`));
  const open = require(`${from}/decodewasmjs`) as (options: object) => Promise<WasmModule>;
  const quiet = (): void => undefined;
  return open({ wasmBinary, print: quiet, printErr: quiet });
}
