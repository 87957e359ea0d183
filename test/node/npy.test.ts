import { describe, expect, it } from "vitest";
import { encodeNpy } from "../../src/picture-file/npy.js";

describe("encodeNpy", () => {
  it.each([
    [[2, 3], "(2, 3)"],
    [[6], "(6,)"],
    [[], "()"],
  ])("encodeNpy writes the shape %j", (shape, tuple) => {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 7);
    const file = Buffer.from(encodeNpy(values, shape));
    expect(file.toString("latin1", 0, 8)).toBe("\x93NUMPY\x01\x00");
    const start = 10 + file.readUInt16LE(8);
    expect(start % 64).toBe(0);
    const header = file.toString("latin1", 10, start);
    expect(header).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(.*\), \} *\n$/);
    expect(header).toContain(`'shape': ${tuple},`);
    expect(file.length).toBe(start + values.length * 4);
    values.forEach((v, i) => expect(file.readFloatLE(start + 4 * i)).toBe(v));
  });
});
