/** @file The WebAssembly decoders of DICOM files, loaded when a file needs them. */

import type { DicomDecoders } from "../web/dicom-codecs.js";

const quiet = (): void => undefined;
const settings = (wasm: string): object => ({
  locateFile: () => new URL(`./codecs/${wasm}`, location.href).href,
  print: quiet,
  printErr: quiet,
});

export const DECODERS: DicomDecoders = {
  "jpeg-ls": async () => {
    const { default: open } = await import("@cornerstonejs/codec-charls/decodewasmjs");
    return open(settings("charlswasm_decode.wasm"));
  },
  "jpeg-2000": async () => {
    const { default: open } = await import("@cornerstonejs/codec-openjpeg/decodewasmjs");
    return open(settings("openjpegwasm_decode.wasm"));
  },
};
