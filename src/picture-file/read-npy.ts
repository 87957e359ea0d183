/** @file Reads NumPy's .npy format of floating-point numbers, as `np.save` writes it. */

import { GradlensError, shortened } from "../errors.js";
import { phrase, say, translated } from "../language/say.js";

export interface NpyArray {
  readonly shape: readonly number[];
  /** In C order: the last index is the fastest. */
  readonly data: Float64Array;
}

const MAGIC = "\x93NUMPY";

const HOW = phrase`save it with np.save as float16, float32 or float64`;

/** The bytes of an element, and how it is read. */
const TYPES: Readonly<
  Record<string, readonly [size: number, read: (view: DataView, at: number, little: boolean) => number]>
> = {
  f2: [2, (view, at, little) => halfOf(view.getUint16(at, little))],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
};

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * @param name for messages
 * @throws GradlensError "bad-file" for anything but floating-point numbers
 */
export function decodeNpy(bytes: Uint8Array, name: string): NpyArray {
  const bad = (problem: string): GradlensError =>
    new GradlensError("bad-file", `${name} ${problem}; ${translated(HOW)}`);
  const { header, start } = headerOf(bytes) ?? {};
  if (header === undefined || start === undefined) throw bad(say`is not a .npy file`);
  const [, order, type] = /'descr':\s*'([<>|=])(\w+)'/.exec(header) ?? [];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sides = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (type === undefined || fortran === undefined || sides === undefined)
    throw bad(say`holds no plain array of numbers`);
  const [size, read] = TYPES[type] ?? [];
  if (size === undefined || read === undefined)
    throw bad(say`holds values of the type ${order}${shortened(type, 40)}`);
  const shape = sides.split(",").flatMap((side) => (side.trim() === "" ? [] : [Number(side)]));
  const count = shape.reduce((product, side) => product * side, 1);
  if (bytes.length - start !== count * size)
    throw bad(
      say`is cut off, or too long: ${bytes.length - start} bytes of values instead of ${count * size}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const values = Float64Array.from({ length: count }, (_, i) => read(view, i * size, order !== ">"));
  return { shape, data: fortran === "True" ? inCOrder(values, shape) : values };
}

/** The header's text, and where the values begin. */
function headerOf(bytes: Uint8Array): { header: string; start: number } | undefined {
  const text = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes.length < 12 || text(0, MAGIC.length) !== MAGIC) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Version 1 has two bytes of header length, later ones four.
  const isFirst = bytes[MAGIC.length] === 1;
  const begin = MAGIC.length + 2 + (isFirst ? 2 : 4);
  const length = isFirst ? view.getUint16(begin - 2, true) : view.getUint32(begin - 4, true);
  const start = begin + length;
  return start > bytes.length || length > 65_536 ? undefined : { header: text(begin, start), start };
}

/** From the first index being the fastest to the last. */
function inCOrder(values: Float64Array, shape: readonly number[]): Float64Array {
  const result = new Float64Array(values.length);
  const place = shape.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    let at = 0;
    for (const [axis, side] of shape.entries()) at = at * side + place[axis]!;
    result[at] = values[i]!;
    for (let axis = 0; axis < shape.length && ++place[axis]! === shape[axis]; axis++) place[axis] = 0;
  }
  return result;
}
