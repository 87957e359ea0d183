/** @file Decodes the Huffman-coded JPEG (ITU T.81) that sharp does not: lossless, and sequential with more than 8 bits. */

import { checkStream } from "../codestream.js";
import { problem } from "../problem.js";
import { BitReader } from "./bit-reader.js";
import { huffmanTable, type HuffmanTable } from "./huffman.js";
import { losslessScan } from "./lossless.js";
import type { JpegFrame, Scan, ScanComponent } from "./scan.js";
import { sequentialScan } from "./sequential.js";
import { say } from "../../language/say.js";

/** SOFn markers' low bytes. */
export const LOSSLESS = 0xc3;
const SEQUENTIAL: readonly number[] = [0xc0, 0xc1];

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const DQT = 0xdb;
const DRI = 0xdd;

interface Tables {
  readonly dc: HuffmanTable[];
  readonly ac: HuffmanTable[];
  readonly quantisation: Uint16Array[];
  restartInterval: number;
}

/** Samples, interleaved. @throws GradlensError "bad-picture" */
export function decodeJpeg(bytes: Uint8Array): Uint16Array {
  const tables: Tables = { dc: [], ac: [], quantisation: [], restartInterval: 0 };
  let frame: JpegFrame | undefined;
  let out = new Uint16Array(0);
  const decoded = new Set<number>();
  for (let at = 0; at + 1 < bytes.length;) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) throw problem(say`has damaged JPEG pixels`);
    if (marker === 0xff || marker === SOI) {
      at += marker === SOI ? 2 : 1;
      continue;
    }
    if (marker === EOI) break;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const body = bytes.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    if (length < 2 || at > bytes.length) throw problem(say`is cut off: its JPEG pixels end early`);
    if (marker === DHT) readHuffman(body, tables);
    else if (marker === DQT) readQuantisation(body, tables);
    else if (marker === DRI) tables.restartInterval = (body[0]! << 8) | body[1]!;
    else if (marker === LOSSLESS || SEQUENTIAL.includes(marker)) {
      if (frame !== undefined) throw problem(say`has JPEG pixels of several frames in one`);
      frame = readFrame(marker, body);
      checkStream("jpeg", bytes, frame.width, frame.height);
      out = new Uint16Array(frame.width * frame.height * frame.components.length);
    } else if (marker === SOS && frame !== undefined) {
      const scan = readScan(body, frame, tables, new BitReader(bytes, at));
      if (frame.marker === LOSSLESS) losslessScan(scan, out);
      else sequentialScan(scan, out);
      for (const { index } of scan.components) decoded.add(index);
      if (decoded.size === frame.components.length) return out;
      at = scan.bits.at;
    }
  }
  throw problem(say`is cut off: its JPEG pixels end early`);
}

function readFrame(marker: number, body: Uint8Array): JpegFrame {
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count || count === 0) throw problem(say`has an invalid JPEG header`);
  const components = Array.from({ length: count }, (_, i) => {
    const [id, factors, table] = body.subarray(6 + 3 * i) as unknown as [number, number, number];
    return { id, h: factors >> 4, v: factors & 15, table };
  });
  const [bits, ...size] = body as unknown as [number, number, number, number, number];
  return { marker, bits, height: (size[0] << 8) | size[1], width: (size[2] << 8) | size[3], components };
}

function readScan(body: Uint8Array, frame: JpegFrame, tables: Tables, bits: BitReader): Scan {
  const count = body[0] ?? 0;
  if (count === 0 || body.length < 4 + 2 * count) throw problem(say`has an invalid JPEG header`);
  const components = Array.from({ length: count }, (_, i): ScanComponent => {
    const index = frame.components.findIndex(({ id }) => id === body[1 + 2 * i]);
    const component = frame.components[index];
    const choice = body[2 + 2 * i]!;
    const dc = tables.dc[choice >> 4];
    if (component === undefined || dc === undefined) throw problem(say`has JPEG pixels without their tables`);
    return {
      ...component,
      index,
      dc,
      ac: tables.ac[choice & 15],
      quantisation: tables.quantisation[component.table],
    };
  });
  const { restartInterval } = tables;
  return {
    frame,
    components,
    bits,
    restartInterval,
    first: body[1 + 2 * count]!,
    shift: body[3 + 2 * count]! & 15,
  };
}

function readHuffman(body: Uint8Array, { dc, ac }: Tables): void {
  for (let at = 0; at + 17 <= body.length;) {
    const head = body[at]!;
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = body.subarray(at + 17, at + 17 + total);
    if (symbols.length < total || (head & 15) > 3) throw problem(say`has an invalid JPEG code table`);
    (head >> 4 === 0 ? dc : ac)[head & 15] = huffmanTable(counts, symbols);
    at += 17 + total;
  }
}

function readQuantisation(body: Uint8Array, { quantisation }: Tables): void {
  for (let at = 0; at < body.length;) {
    const head = body[at]!;
    const wide = head >> 4 !== 0;
    const values = body.subarray(at + 1, at + 1 + (wide ? 128 : 64));
    quantisation[head & 15] = Uint16Array.from({ length: 64 }, (_, i) =>
      wide ? (values[2 * i]! << 8) | values[2 * i + 1]! : values[i]!,
    );
    at += 1 + values.length;
  }
}
