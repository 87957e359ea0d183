/** @file Finds the bytes of one frame: a range of native pixels, or an encapsulated frame's fragments (PS3.5 A.4). */

import type { DataSet, Element, Fragment } from "dicom-parser";
import { bytesOf, elementOf, TAGS } from "./data-set.js";
import type { ImageFacts } from "./image-facts.js";
import { joined } from "./joined.js";
import { problem } from "./problem.js";
import { say } from "../language/say.js";

/** Native pixels of frame `index` (from 0). 1-bit frames may begin inside a byte, at bit `bit`. */
export function nativeFrame(
  data: DataSet,
  facts: ImageFacts,
  index: number,
): { bytes: Uint8Array; bit: number } {
  const tag = !facts.float ? TAGS.pixels : facts.bitsAllocated === 32 ? TAGS.floatPixels : TAGS.doublePixels;
  const element = elementOf(data, tag)!;
  if (element.encapsulatedPixelData) {
    throw problem(say`has compressed pixels, but its transfer syntax says native: save it again`);
  }
  const bits = facts.width * facts.height * samplesStored(facts) * facts.bitsAllocated;
  const start = bits * index;
  const first = Math.floor(start / 8);
  const end = Math.ceil((start + bits) / 8);
  const all = bytesOf(data, element);
  if (end > all.length) {
    throw problem(
      say`is cut off: frame ${index + 1} ends at byte ${end} of its pixels, but the file has ${all.length}`,
    );
  }
  const swapped = facts.bigEndian && element.vr === "OW" && facts.bitsAllocated <= 8;
  const bytes = swapped ? swappedPairs(all, first, end) : all.subarray(first, end);
  return { bytes, bit: start % 8 };
}

/** Swaps samples of 8 bits or less in big-endian words (VR OW), whose second sample is stored first (PS3.5 8.1.1). */
function swappedPairs(bytes: Uint8Array, first: number, end: number): Uint8Array {
  const out = new Uint8Array(end - first);
  for (let i = 0; i < out.length; i++) out[i] = bytes[(first + i) ^ 1] ?? 0;
  return out;
}

/** YBR_FULL_422 stores two samples a pixel: its luma, and one of the two chroma samples that it shares with its neighbour. */
function samplesStored({ photometric, samples }: ImageFacts): number {
  return photometric === "YBR_FULL_422" ? 2 : samples;
}

/** The codestream of frame `index` (from 0) of `frames`. @throws GradlensError "bad-picture" */
export function encapsulatedFrame(data: DataSet, frames: number, index: number): Uint8Array {
  const element = elementOf(data, TAGS.pixels)!;
  const { fragments } = element;
  if (fragments === undefined) {
    throw problem(say`has native pixels, but its transfer syntax says compressed: save it again`);
  }
  if (fragments.some(({ position, length }) => position + length > data.byteArray.length)) {
    throw problem(say`is cut off`);
  }
  const own = fragmentsOf(data, element, fragments, frames, index);
  if (own.length === 0) throw problem(say`has no pixels for frame ${index + 1}`);
  return joined(own.map(({ position, length }) => data.byteArray.subarray(position, position + length)));
}

/** Uses the offset tables if present, else one fragment a frame, else the ends of codestreams. */
function fragmentsOf(
  data: DataSet,
  { basicOffsetTable = [] }: Element,
  fragments: readonly Fragment[],
  frames: number,
  index: number,
): readonly Fragment[] {
  if (frames === 1) return fragments;
  const offsets = extendedOffsets(data) ?? basicOffsetTable;
  if (offsets.length >= frames) {
    const from = offsets[index]!;
    const to = index + 1 < frames ? offsets[index + 1]! : Infinity;
    return fragments.filter(({ offset }) => offset >= from && offset < to);
  }
  if (fragments.length === frames) return [fragments[index]!];
  return runsOf(data, fragments)[index] ?? [];
}

/** Extended Offset Table: a 64-bit number a frame, little endian like every encapsulated file. */
function extendedOffsets(data: DataSet): number[] | undefined {
  const element = elementOf(data, TAGS.extendedOffsets);
  if (element === undefined) return undefined;
  const bytes = bytesOf(data, element);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) =>
    Number(view.getBigUint64(i * 8, true)),
  );
}

/** Ends a frame after each fragment with a codestream's last marker: FFD9 in JPEG, JPEG-LS and JPEG 2000. */
function runsOf(data: DataSet, fragments: readonly Fragment[]): Fragment[][] {
  const runs: Fragment[][] = [[]];
  for (const fragment of fragments) {
    runs.at(-1)!.push(fragment);
    const end = data.byteArray.subarray(
      Math.max(fragment.position, fragment.position + fragment.length - 4),
      fragment.position + fragment.length,
    );
    if (Array.from(end).some((byte, i) => byte === 0xff && end[i + 1] === 0xd9)) runs.push([]);
  }
  return runs;
}
