import { describe, expect, it } from "vitest";
import { peak } from "../../src/image/map-range.js";
import { toGrey, toRgb, type Picture } from "../../src/image/picture.js";
import { readPicture } from "../../src/node/read-picture.js";
import { reference, sha256 } from "./golden.js";

describe("toGrey, toRgb", () => {
  it.each(Object.entries(reference.grey))("%s in grey equals OpenCV's", async (path, sha) => {
    expect(sha256(toGrey(await readPicture(path)).data as Uint8Array)).toBe(sha);
  });

  it("grey made RGB and grey again is itself", () => {
    const data = Uint8Array.from({ length: 256 }, (_, i) => i);
    const grey: Picture = { data, width: 16, height: 16, channels: 1 };
    expect(toGrey(toRgb(grey))).toEqual(grey);
    const floats: Picture = { ...grey, data: Float32Array.from(data, (v) => v / 255) };
    expect(toGrey(toRgb(floats)).data[100]).toBeCloseTo(100 / 255, 6);
  });
});

describe("peak", () => {
  it("is the first maximum, in the pixels of the picture", () => {
    const map = Float32Array.of(0, 1, 0, 0, 1, 0);
    const size = { width: 3, height: 2 };
    expect(peak(map, size)).toEqual([1, 0]);
    expect(peak(map, size, { width: 300, height: 100 })).toEqual([150, 25]);
    expect(peak(Float32Array.of(0, 0, 0, 0, 0, 1), size, { width: 300, height: 100 })).toEqual([250, 75]);
  });
});
