/** @file f32 elements as narrower ones, rounded to nearest, ties to even, as PyTorch's Tensor.to does. */

/** Bits of a float type below its sign, and whether its exponent is as wide as f32's. */
interface Narrow {
  readonly mantissaBits: number;
  /** The smallest exponent of a normal number. */
  readonly minExponent: number;
  /** The bits of infinity. */
  readonly infinity: number;
  readonly nan: number;
}

const F16: Narrow = { mantissaBits: 10, minExponent: -14, infinity: 0x7c00, nan: 0x7e00 };
const BF16: Narrow = { mantissaBits: 7, minExponent: -126, infinity: 0x7f80, nan: 0x7fc0 };

export const toFloat16 = (floats: Float32Array): Uint8Array => narrowed(floats, F16);

export const toBFloat16 = (floats: Float32Array): Uint8Array => narrowed(floats, BF16);

function narrowed(floats: Float32Array, { mantissaBits, minExponent, infinity, nan }: Narrow): Uint8Array {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  const result = new Uint16Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    const sign = (bits[i]! >>> 16) & 0x8000;
    const value = Math.abs(floats[i]!);
    if (!(value < Infinity)) {
      result[i] = sign | (value === Infinity ? infinity : nan);
      continue;
    }
    const exponent = Math.max(((bits[i]! >>> 23) & 0xff) - 127, minExponent);
    // In units of the last place; doubles hold that exactly, and adding 1.5 * 2^52 rounds it to a whole number.
    const units = value * 2 ** (mantissaBits - exponent) + ROUND - ROUND;
    result[i] = sign | Math.min(((exponent - minExponent) << mantissaBits) + units, infinity);
  }
  return new Uint8Array(result.buffer);
}

const ROUND = 1.5 * 2 ** 52;
