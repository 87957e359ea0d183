/** @file Arrays of NumPy, whose bytes are as np.save wrote them (NumPy 2.3). */

import { describe, expect, it } from "vitest";
import { encodeNpy } from "../../src/picture-file/npy.js";
import { decodeNpy } from "../../src/picture-file/read-npy.js";

const HEADER_BYTES = 118;

/** A file of version 1, as NumPy pads it. */
function fileOf(descr: string, fortran: string, shape: string, values: readonly number[]): Uint8Array {
  const header = `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const text = `\x93NUMPY\x01\x00${String.fromCharCode(HEADER_BYTES, 0)}${header.padEnd(HEADER_BYTES - 1)}\n`;
  return Uint8Array.from([...Array.from(text, (letter) => letter.charCodeAt(0)), ...values]);
}

it("decodeNpy reads what encodeNpy writes", () => {
  const data = Float32Array.of(1.5, -2, 3e-20, 0);
  const { shape, data: read } = decodeNpy(encodeNpy(data, [2, 2]), "x.npy");
  expect(shape).toEqual([2, 2]);
  expect(read).toEqual(Float64Array.from(data));
});

describe("the elements of", () => {
  it.each<[string, readonly number[], readonly number[]]>([
    // np.array([1, -2, 65504, 6e-8, 0.1], "<f2").tobytes()
    ["'<f2'", [0, 60, 0, 192, 255, 123, 1, 0, 102, 46], [1, -2, 65504, 2 ** -24, 0.0999755859375]],
    ["'>f4'", [63, 128, 0, 0, 192, 32, 0, 0], [1, -2.5]],
    ["'<f8'", [154, 153, 153, 153, 153, 153, 185, 63], [0.1]],
  ])("elements of %s are read", (descr, bytes, values) => {
    const { data } = decodeNpy(fileOf(descr, "False", `(${values.length},)`, bytes), "x.npy");
    expect([...data]).toEqual(values);
  });

  it("an array in Fortran's order is read in C order", () => {
    // np.asfortranarray([[1, 2, 3], [4, 5, 6]], "<f2")
    const bytes = [0, 60, 0, 68, 0, 64, 0, 69, 0, 66, 0, 70];
    const { shape, data } = decodeNpy(fileOf("'<f2'", "True", "(2, 3)", bytes), "x.npy");
    expect(shape).toEqual([2, 3]);
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

it.each<[string, Uint8Array, string]>([
  ["another file", Uint8Array.from({ length: 200 }, (_, i) => i), "is not a .npy file"],
  ["a header cut off", fileOf("'<f4'", "False", "(1,)", []).subarray(0, 60), "is not a .npy file"],
  ["integers", fileOf("'<i8'", "False", "(1,)", [1, 0, 0, 0, 0, 0, 0, 0]), "holds values of the type <i8"],
  ["objects", fileOf("'|O'", "False", "(1,)", [1]), "holds values of the type |O"],
  ["records", fileOf("[('a', '<f4')]", "False", "(1,)", [0, 0, 0, 0]), "holds no plain array of numbers"],
  [
    "too few values",
    fileOf("'<f4'", "False", "(2,)", [0, 0, 0, 0]),
    "is cut off, or too long: 4 bytes of values instead of 8",
  ],
])("an array is refused with the reason: %s", (_, bytes, problem) => {
  expect(() => decodeNpy(bytes, "x.npy")).toThrow(`x.npy ${problem}`);
  expect(() => decodeNpy(bytes, "x.npy")).toThrow("save it with np.save as float16, float32 or float64");
});
