/** @file Conversion to f32, against each format's definition evaluated in f64 and against JavaScript's own arrays. */

import { describe, expect, it } from "vitest";
import { checkFinite } from "../../src/checkpoint/check-finite.js";
import { dtypeInfo, type DType } from "../../src/checkpoint/dtype.js";

const floats = (dtype: DType, bytes: ArrayBufferView) =>
  dtypeInfo(dtype).toFloats!(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));

describe("floats", () => {
  // Values by hand from IEEE 754 and from OCP 8-bit Floating Point (OFP8), table 1.
  it.each<[DType, number[], number[]]>([
    [
      "F16",
      [0x0000, 0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x3555],
      [0, 1, -2, 65504, 2 ** -14, 2 ** -24, -1023 * 2 ** -24, 0.333251953125],
    ],
    ["F16", [0x7c00, 0xfc00, 0x7e00], [Infinity, -Infinity, NaN]],
    [
      "BF16",
      [0x3f80, 0xc040, 0x7f7f, 0x0001, 0x7f80, 0x7fc0],
      [1, -3, 255 * 2 ** 120, 2 ** -133, Infinity, NaN],
    ],
    [
      "F8_E4M3",
      [0x00, 0x38, 0xb8, 0x7e, 0x08, 0x01, 0x07, 0x7f, 0xff],
      [0, 1, -1, 448, 2 ** -6, 2 ** -9, 0.875 * 2 ** -6, NaN, NaN],
    ],
    [
      "F8_E5M2",
      [0x00, 0x3c, 0x7b, 0x04, 0x01, 0x03, 0x7c, 0xfc, 0x7d, 0xff],
      [0, 1, 57344, 2 ** -14, 2 ** -16, 0.75 * 2 ** -14, Infinity, -Infinity, NaN, NaN],
    ],
  ])("%s converts to the f32 values of its definition", (dtype, bits, values) => {
    const elements = dtypeInfo(dtype).bits === 8 ? Uint8Array.from(bits) : Uint16Array.from(bits);
    expect([...floats(dtype, elements)]).toEqual(values);
  });

  it("conversion to f32 keeps the sign of zero", () => {
    expect(Object.is(floats("F16", Uint16Array.of(0x8000))[0], -0)).toBe(true);
  });

  it("conversion narrows F64 to the nearest f32, and keeps F32's bits", () => {
    const doubles = Float64Array.of(Math.PI, -1e-46, 1e300, 16777217);
    expect([...floats("F64", doubles)]).toEqual([...doubles].map(Math.fround));
    const singles = Uint32Array.of(0x7f800001, 0x80000000, 0x00000001);
    const result = floats("F32", singles);
    expect([...new Uint32Array(result.buffer, result.byteOffset, 3)]).toEqual([...singles]);
  });

  it("conversion reads elements that lie unaligned", () => {
    const bytes = new Uint8Array(13);
    bytes.set(new Uint8Array(Float32Array.of(1, 2, 3).buffer), 1);
    expect([...floats("F32", bytes.subarray(1))]).toEqual([1, 2, 3]);
  });

  it("conversion reads integers and bools", () => {
    expect([...floats("I64", BigInt64Array.of(-5n, 7n))]).toEqual([-5, 7]);
    expect([...floats("U64", BigUint64Array.of(2n ** 63n))]).toEqual([2 ** 63]);
    expect([...floats("I8", Int8Array.of(-5))]).toEqual([-5]);
    expect([...floats("U16", Uint16Array.of(65535))]).toEqual([65535]);
    expect([...floats("BOOL", Uint8Array.of(0, 1, 255))]).toEqual([0, 1, 1]);
  });
});

describe("checkFinite", () => {
  it("checkFinite accepts every finite value", () => {
    checkFinite("w", Float32Array.of(0, -0, 3.4e38, -3.4e38, 1e-45));
  });

  it.each([NaN, Infinity, -Infinity])("checkFinite names the tensor that holds %s", (bad) => {
    const act = () => checkFinite("features.norm5.weight", Float32Array.of(1, 2, bad, bad));
    expect(act).toThrow(expect.objectContaining({ code: "bad-weights" }) as Error);
    expect(act).toThrow(
      `"features.norm5.weight" holds 2 values of 4 that are not finite, first ${bad} at index 2`,
    );
  });
});
