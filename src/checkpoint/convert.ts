/** @file Converts little-endian elements of every type to f32 with tables and bit patterns, fast enough for large files. */

import { invariant } from "../errors.js";

// Typed arrays use the machine's byte order. Every machine with WebGPU is little-endian; any other gets an error.
invariant(new Uint8Array(new Uint16Array([1]).buffer)[0] === 1, "this machine is big-endian");

interface View<T> {
  new (buffer: ArrayBufferLike, offset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** The same bytes as another typed array; copied only if they are unaligned. */
function viewAs<T>(type: View<T>, bytes: Uint8Array): T {
  const size = type.BYTES_PER_ELEMENT;
  // Not by `slice`, because that of Node's Buffer does not copy.
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new type(aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
}

export const fromFloat32 = (bytes: Uint8Array): Float32Array => viewAs(Float32Array, bytes);

export const fromNumbers =
  (type: View<ArrayLike<number>>) =>
  (bytes: Uint8Array): Float32Array =>
    new Float32Array(viewAs(type, bytes));

export const fromBigInts =
  (type: View<ArrayLike<bigint>>) =>
  (bytes: Uint8Array): Float32Array =>
    mapped(viewAs(type, bytes), Number);

export const fromBools = (bytes: Uint8Array): Float32Array => mapped(bytes, (byte) => (byte === 0 ? 0 : 1));

/** `Float32Array.from` makes a list of all elements first, whose length limit would end the process. */
function mapped<T>(values: ArrayLike<T>, valueOf: (value: T) => number): Float32Array {
  const floats = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) floats[i] = valueOf(values[i]!);
  return floats;
}

/** bfloat16 is the upper half of an f32. */
export function fromBFloat16(bytes: Uint8Array): Float32Array {
  const halves = viewAs(Uint16Array, bytes);
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

interface SmallFloat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  /** IEEE: the largest exponent means infinity or NaN. "fn": only all ones mean NaN, and infinity does not exist. */
  readonly ieee: boolean;
}

/** Every value of a float type of up to 16 bits, by its bits. */
function tableOf({ exponentBits, mantissaBits, ieee }: SmallFloat): Float32Array {
  const magnitudes = 2 ** (exponentBits + mantissaBits);
  const largestExponent = 2 ** exponentBits - 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  const unit = 2 ** -mantissaBits;
  const table = new Float32Array(2 * magnitudes);
  for (let bits = 0; bits < magnitudes; bits++) {
    const exponent = bits >> mantissaBits;
    const mantissa = (bits & (2 ** mantissaBits - 1)) * unit;
    let value = exponent === 0 ? mantissa * 2 ** (1 - bias) : (1 + mantissa) * 2 ** (exponent - bias);
    if (ieee && exponent === largestExponent) value = mantissa === 0 ? Infinity : NaN;
    if (!ieee && bits === magnitudes - 1) value = NaN;
    table[bits] = value;
    table[magnitudes + bits] = -value;
  }
  return table;
}

/** A converter with a lookup table, built at first use. */
function byTable(
  type: View<Uint8Array | Uint16Array>,
  format: SmallFloat,
): (bytes: Uint8Array) => Float32Array {
  let table: Float32Array | undefined;
  return (bytes) => {
    table ??= tableOf(format);
    const elements = viewAs(type, bytes);
    const floats = new Float32Array(elements.length);
    for (let i = 0; i < elements.length; i++) floats[i] = table[elements[i]!]!;
    return floats;
  };
}

export const fromFloat16 = byTable(Uint16Array, { exponentBits: 5, mantissaBits: 10, ieee: true });
export const fromFloat8E4M3 = byTable(Uint8Array, { exponentBits: 4, mantissaBits: 3, ieee: false });
export const fromFloat8E5M2 = byTable(Uint8Array, { exponentBits: 5, mantissaBits: 2, ieee: true });
