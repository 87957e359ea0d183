/** @file In a page: DICOM files of every coding by readDicom, and how far they are from pydicom's pixels. */

import { readDicom, type DicomDecoders, type DicomOptions, type DicomView } from "../../src/web/index.js";

const FOLDER = "/test/data/dicom";

interface Case {
  readonly file: string;
  readonly options: DicomOptions;
  readonly view: DicomView;
  /** Where its values begin in expected.f32. */
  readonly at: number;
  readonly tolerance: number;
}

/** One of cornerstone's modules, by a script element as a page without a bundler has it. */
function opener(path: string, name: string): NonNullable<DicomDecoders["jpeg-ls"]> {
  const source = `/node_modules/@cornerstonejs/${path}`;
  const script = document.createElement("script");
  script.src = `${source}.js`;
  const loaded = new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error(script.src));
  });
  document.head.append(script);
  return async () => {
    await loaded;
    const open = (globalThis as unknown as Record<string, (options: object) => Promise<never>>)[name]!;
    return open({ locateFile: () => `${source}.wasm` });
  };
}

async function blob(name: string): Promise<Blob> {
  return (await fetch(`${FOLDER}/${name}`)).blob();
}

export default async function main() {
  const cases = (await (await fetch(`${FOLDER}/expected.json`)).json()) as Case[];
  const expected = new Float32Array(await (await blob("expected.f32")).arrayBuffer());
  const decoders = {
    "jpeg-ls": opener("codec-charls/dist/charlswasm_decode", "CharLSWASM"),
    "jpeg-2000": opener("codec-openjpeg/dist/openjpegwasm_decode", "OpenJPEGWASM"),
  };
  const results = [];
  for (const { file, options, view, at, tolerance } of cases) {
    const { data, dicom } = await readDicom(await blob(file), { ...options, decoders });
    let worst = 0;
    for (let i = 0; i < data.length; i++) worst = Math.max(worst, Math.abs(data[i]! - expected[at + i]!));
    results.push({ file, worst, tolerance, view, dicom });
  }
  const refused = await readDicom(await blob("jpeg-2000.dcm"), { name: "x.dcm" }).catch(String);
  const png = await readDicom(Uint8Array.of(137, 80, 78, 71)).catch(String);
  return { results, refused, png };
}
