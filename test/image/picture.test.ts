import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { enlarged } from "../../src/image/enlarge.js";
import { peak } from "../../src/image/map-range.js";
import { toGrey, toRgb, type Picture } from "../../src/image/picture.js";
import { readPicture } from "../../src/node/read-picture.js";
import { reference, sha256 } from "./golden.js";

describe("toGrey, toRgb", () => {
  it.each(Object.entries(reference.grey))("%s in grey equals OpenCV's picture", async (path, sha) => {
    expect(sha256(toGrey(await readPicture(path)).data as Uint8Array)).toBe(sha);
  });

  it("grey made RGB and grey again stays itself", () => {
    const data = Uint8Array.from({ length: 256 }, (_, i) => i);
    const grey: Picture = { data, width: 16, height: 16, channels: 1 };
    expect(toGrey(toRgb(grey))).toEqual(grey);
    const floats: Picture = { ...grey, data: Float32Array.from(data, (v) => v / 255) };
    expect(toGrey(toRgb(floats)).data[100]).toBeCloseTo(100 / 255, 6);
  });
});

it.each([1, 3] as const)(
  "a picture of %d channels enlarges to squares, as libvips' nearest",
  async (channels) => {
    const [width, height] = [5, 3];
    const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * i * 37) & 255);
    const large = await sharp(data, { raw: { width, height, channels } })
      .resize({ width: 4 * width, height: 4 * height, kernel: "nearest" })
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .raw()
      .toBuffer();
    const picture: Picture = { data, width, height, channels };
    expect(enlarged(picture, 4)).toEqual({ data: Uint8Array.from(large), width: 20, height: 12, channels });
    const floats = Float32Array.from(data, (v) => v / 255);
    expect(enlarged({ ...picture, data: floats }, 4).data).toEqual(Float32Array.from(large, (v) => v / 255));
    expect(enlarged(picture, 1)).toBe(picture);
  },
);

describe("peak", () => {
  it("peak is the first maximum of a map", () => {
    const map = Float32Array.of(0, 1, 0, 0, 1, 0);
    const size = { width: 3, height: 2 };
    expect(peak(map, size)).toEqual([1, 0]);
    expect(peak(Float32Array.of(0, 0, 0, 0, 0, 1), size)).toEqual([2, 1]);
  });
});
