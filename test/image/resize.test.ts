import { describe, expect, it } from "vitest";
import { resizeMap, resizePicture } from "../../src/image/resize.js";
import { toGrey, type Picture } from "../../src/image/picture.js";
import { readPicture } from "../../src/node/read-picture.js";
import { compare, readPng, reference, sha256 } from "./golden.js";

describe("resizePicture", () => {
  it.each(reference.resize)("%s to %ix%i equals OpenCV's bytes", async (path, width, height, sha) => {
    const resized = resizePicture(await readPicture(path), { width, height });
    expect(sha256(resized.data as Uint8Array)).toBe(sha);
  });

  it.each(reference.resizeGrey)(
    "%s in grey to %ix%i equals OpenCV's bytes",
    async (path, width, height, sha) => {
      const resized = resizePicture(toGrey(await readPicture(path)), { width, height });
      expect(resized.channels).toBe(1);
      expect(sha256(resized.data as Uint8Array)).toBe(sha);
    },
  );

  it("resizePicture gives float pictures the values of 8-bit ones, but for rounding", () => {
    const bytes = readPng("pictures/cat-dog.png");
    const floats: Picture = { ...bytes, data: Float32Array.from(bytes.data, (v) => v / 255) };
    const size = { width: 200, height: 313 };
    const a = resizePicture(bytes, size).data;
    const b = resizePicture(floats, size).data.map((v) => v * 255);
    expect(compare(a, b).max).toBeLessThan(1.01);
    expect(a.length).toBe(b.length);
  });

  it("resizePicture refuses a size without pixels", () => {
    const picture = readPng("pictures/cat-dog.png");
    expect(() => resizePicture(picture, { width: 0, height: 5 })).toThrow(/0x5 pixels: width and height/);
  });
});

describe("resizeMap", () => {
  it.each(reference.resizeFloat)(
    "resizeMap from $from to $to equals cv2.resize of float32",
    ({ from, to, map, resized }) => {
      const [width, height] = from;
      const ours = resizeMap(Float32Array.from(map), { width, height }, { width: to[0], height: to[1] });
      expect(ours.length).toBe(resized.length);
      expect(compare(ours, resized).max).toBeLessThan(2e-7);
    },
  );

  it("resizeMap leaves its argument alone, also where the size stays", () => {
    const map = Float32Array.of(1, 2, 3, 4);
    const same = resizeMap(map, { width: 2, height: 2 }, { width: 2, height: 2 });
    same[0] = 9;
    expect([...map]).toEqual([1, 2, 3, 4]);
  });

  it("resizeMap refuses a map that does not fit its size", () => {
    expect(() => resizeMap(new Float32Array(5), { width: 2, height: 2 }, { width: 4, height: 4 })).toThrow(
      "a map of 2x2 needs 4 values, not 5",
    );
  });
});
