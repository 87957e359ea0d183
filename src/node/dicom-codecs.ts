/** @file Decoders of the compressed frames of DICOM files, each loaded when the first frame needs it. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { CodecRequest } from "../dicom/codecs.js";
import type { Codec } from "../dicom/transfer-syntaxes.js";

type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array;

const DECODERS: Readonly<Record<Codec, (request: CodecRequest) => Promise<Samples>>> = {
  jpeg: decodeJpeg,
  "jpeg-ls": decodeJpegLs,
  "jpeg-2000": decodeJpeg2000,
};

/** A compressed frame's samples. Throws whatever its decoder throws. */
export function decodeDicomFrame(request: CodecRequest): Promise<Samples> {
  return DECODERS[request.codec](request);
}

/** By sharp's libjpeg, which makes RGB of brightness and colours unless a marker says that they are RGB. */
async function decodeJpeg({ bytes, rgb, components }: CodecRequest): Promise<Samples> {
  const { default: sharp } = await import("sharp");
  const input = rgb && components === 3 ? markedAsRgb(bytes) : bytes;
  return sharp(input, { failOn: "error", limitInputPixels: false, ignoreIcc: true })
    .toColourspace(components === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer();
}

/** An Adobe segment (APP14) with transform 0 after the first marker: three components are RGB as they are. */
function markedAsRgb(bytes: Uint8Array): Uint8Array {
  const known = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString("latin1");
  // A file that says itself what its components are is believed.
  if (known.includes("JFIF\0") || known.includes("Adobe")) return bytes;
  const segment = Buffer.from("\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0", "latin1");
  return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)]);
}

/** A WebAssembly decoder's module, as CharLS and OpenJPEG are wrapped by cornerstone. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    bitsPerSample: number;
    componentCount: number;
    isSigned?: boolean;
  };
  /** CharLS: 0: one component after the other. */
  getInterleaveMode?(): number;
  delete(): void;
}

type WasmModule = Readonly<Record<string, new () => WasmDecoder>>;

function decodeJpegLs({ bytes }: CodecRequest): Promise<Samples> {
  return decodeByWasm("@cornerstonejs/codec-charls", "JpegLSDecoder", bytes);
}

function decodeJpeg2000({ bytes }: CodecRequest): Promise<Samples> {
  return decodeByWasm("@cornerstonejs/codec-openjpeg", "J2KDecoder", bytes);
}

const modules = new Map<string, Promise<WasmModule>>();

async function decodeByWasm(from: string, name: string, bytes: Uint8Array): Promise<Samples> {
  if (!modules.has(from)) modules.set(from, loadWasm(from));
  const wasm = await modules.get(from)!;
  try {
    const decoder = new wasm[name]!();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    const raw = decoder.getDecodedBuffer().slice();
    const planes = componentCount > 1 && decoder.getInterleaveMode?.() === 0;
    decoder.delete();
    const data = samplesOf(raw, bitsPerSample, isSigned ?? false);
    return planes ? interleave(data, componentCount) : data;
  } catch (error) {
    // What failed may have left its memory in any state.
    modules.delete(from);
    throw error;
  }
}

/** The module's own script and its WebAssembly, quiet. */
async function loadWasm(from: string): Promise<WasmModule> {
  const require = createRequire(import.meta.url);
  const wasmBinary = await readFile(require.resolve(`${from}/decodewasm`));
  const open = require(`${from}/decodewasmjs`) as (options: object) => Promise<WasmModule>;
  const quiet = (): void => undefined;
  return open({ wasmBinary, print: quiet, printErr: quiet });
}

function samplesOf(raw: Uint8Array, bits: number, signed: boolean): Samples {
  if (bits <= 8) return signed ? new Int8Array(raw.buffer) : raw;
  return signed ? new Int16Array(raw.buffer) : new Uint16Array(raw.buffer);
}

function interleave(planes: Samples, components: number): Samples {
  const pixels = planes.length / components;
  return planes.map((_, i) => planes[(i % components) * pixels + Math.floor(i / components)]!);
}
