/** @file Decoders of the compressed frames of DICOM files, each loaded when the first frame needs it. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { CodecRequest, DecodedFrame } from "../dicom/codecs.js";
import type { Codec } from "../dicom/transfer-syntaxes.js";
import { GradlensError } from "../errors.js";

const DECODERS: Readonly<Record<Codec, (request: CodecRequest) => Promise<DecodedFrame>>> = {
  jpeg: decodeJpeg,
  "jpeg-lossless": decodeJpegLossless,
  "jpeg-ls": decodeJpegLs,
  "jpeg-2000": decodeJpeg2000,
};

/** A compressed frame's samples. Throws whatever its decoder throws. */
export function decodeDicomFrame(request: CodecRequest): Promise<DecodedFrame> {
  return DECODERS[request.codec](request);
}

/** By sharp's libjpeg, which makes RGB of brightness and colours unless a marker says that they are RGB. */
async function decodeJpeg({ bytes, bits, rgb, components }: CodecRequest): Promise<DecodedFrame> {
  if (bits !== 8) {
    throw new GradlensError(
      "bad-picture",
      `this DICOM file holds JPEG pixels of ${bits} bits, which are not read: save it as Explicit VR Little Endian`,
    );
  }
  const { default: sharp } = await import("sharp");
  const input = rgb && components === 3 ? markedAsRgb(bytes) : bytes;
  const { data, info } = await sharp(input, { failOn: "error", limitInputPixels: false, ignoreIcc: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, components: info.channels };
}

/** An Adobe segment (APP14) with transform 0 after the first marker: three components are RGB as they are. */
function markedAsRgb(bytes: Uint8Array): Uint8Array {
  const known = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString("latin1");
  // A file that says itself what its components are is believed.
  if (known.includes("JFIF\0") || known.includes("Adobe")) return bytes;
  const segment = Buffer.from("\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0", "latin1");
  return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2)]);
}

async function decodeJpegLossless({ bytes, bits }: CodecRequest): Promise<DecodedFrame> {
  const { default: jpeg } = await import("jpeg-lossless-decoder-js");
  const decoder = new jpeg.lossless.Decoder();
  const width = bits <= 8 ? 1 : 2;
  const buffer = decoder.decode(ownBuffer(bytes), 0, bytes.length, width);
  const { dimX, dimY, numComp } = decoder.frame;
  const data = width === 1 ? new Uint8Array(buffer.buffer) : new Uint16Array(buffer.buffer);
  return { data, width: dimX, height: dimY, components: numComp };
}

function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}

/** A WebAssembly decoder's module, as CharLS and OpenJPEG are wrapped by cornerstone. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned?: boolean;
  };
  /** CharLS: 0: one component after the other. */
  getInterleaveMode?(): number;
  delete(): void;
}

type WasmModule = Readonly<Record<string, new () => WasmDecoder>>;

function decodeJpegLs({ bytes }: CodecRequest): Promise<DecodedFrame> {
  return decodeByWasm("@cornerstonejs/codec-charls", "JpegLSDecoder", bytes);
}

function decodeJpeg2000({ bytes }: CodecRequest): Promise<DecodedFrame> {
  return decodeByWasm("@cornerstonejs/codec-openjpeg", "J2KDecoder", bytes);
}

const modules = new Map<string, Promise<WasmModule>>();

async function decodeByWasm(from: string, name: string, bytes: Uint8Array): Promise<DecodedFrame> {
  if (!modules.has(from)) modules.set(from, loadWasm(from));
  const wasm = await modules.get(from)!;
  try {
    const decoder = new wasm[name]!();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    const raw = decoder.getDecodedBuffer().slice();
    const planes = componentCount > 1 && decoder.getInterleaveMode?.() === 0;
    decoder.delete();
    const data = samplesOf(raw, bitsPerSample, isSigned ?? false);
    return {
      data: planes ? interleave(data, componentCount) : data,
      width,
      height,
      components: componentCount,
    };
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

function samplesOf(raw: Uint8Array, bits: number, signed: boolean): DecodedFrame["data"] {
  if (bits <= 8) return signed ? new Int8Array(raw.buffer) : raw;
  return signed ? new Int16Array(raw.buffer) : new Uint16Array(raw.buffer);
}

function interleave(planes: DecodedFrame["data"], components: number): DecodedFrame["data"] {
  const pixels = planes.length / components;
  return planes.map((_, i) => planes[(i % components) * pixels + Math.floor(i / components)]!);
}
