/** @file A tensor in several parts, as sharded training saves it. */

import { byteLengthOf, dtypeInfo, type DType } from "../dtype.js";
import { say } from "../../language/say.js";

export interface Chunk {
  /** The offset of the box in the tensor, and its extent, by axis. */
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
  /** Its elements in row-major order. */
  readonly read: () => Promise<Uint8Array>;
}

/** Boxes are compared in pairs, and no tensor has so many. */
const MAX_CHUNKS = 1024;

const countOf = (sizes: readonly number[]): number => sizes.reduce((n, size) => n * size, 1);

const overlap = (a: Chunk, b: Chunk): boolean =>
  a.sizes.every(
    (size, i) => a.offsets[i]! < b.offsets[i]! + b.sizes[i]! && b.offsets[i]! < a.offsets[i]! + size,
  );

/** The reason why the boxes do not cover the tensor once; undefined if they do. */
export function coverageProblem(shape: readonly number[], chunks: readonly Chunk[]): string | undefined {
  const isInside = ({ offsets, sizes }: Chunk) =>
    offsets.length === shape.length &&
    sizes.length === shape.length &&
    shape.every((n, i) => offsets[i]! + sizes[i]! <= n);
  if (chunks.length > MAX_CHUNKS) return say`lies in more than ${MAX_CHUNKS} parts`;
  if (!chunks.every(isInside)) return say`has a part outside itself: the file is damaged`;
  const filled = chunks.filter(({ sizes }) => !sizes.includes(0));
  const covered = filled.reduce((n, { sizes }) => n + countOf(sizes), 0);
  if (covered !== countOf(shape))
    return say`is not whole: its parts hold ${covered} of ${countOf(shape)} elements`;
  if (filled.some((a, i) => filled.slice(i + 1).some((b) => overlap(a, b))))
    return say`has parts that overlap: the file is damaged`;
  return undefined;
}

/** The tensor's elements in row-major order, from boxes that cover it. */
export async function joinChunks(
  dtype: DType,
  shape: readonly number[],
  chunks: readonly Chunk[],
): Promise<Uint8Array> {
  const filled = chunks.filter(({ sizes }) => !sizes.includes(0));
  if (filled.length === 1) return filled[0]!.read();
  const whole = new Uint8Array(byteLengthOf(dtype, shape)!);
  for (const chunk of filled) copyBox(whole, await chunk.read(), dtypeInfo(dtype).bits / 8, shape, chunk);
  return whole;
}

/** Copies a box row by row, a row being a run along the last axis. */
function copyBox(
  whole: Uint8Array,
  box: Uint8Array,
  size: number,
  shape: readonly number[],
  { offsets, sizes }: Chunk,
): void {
  const row = (sizes.at(-1) ?? 1) * size;
  for (let at = 0, number = 0; at < box.length; at += row, number++) {
    let [rest, step, start] = [number, shape.at(-1) ?? 1, offsets.at(-1) ?? 0];
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      start += ((rest % sizes[axis]!) + offsets[axis]!) * step;
      rest = Math.floor(rest / sizes[axis]!);
      step *= shape[axis]!;
    }
    whole.set(box.subarray(at, at + row), start * size);
  }
}
