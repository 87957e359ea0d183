/** @file Pillow's resizing, and timm's eval transform with it, bit for bit. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cropFor } from "../../src/image/crop.js";
import { fitPicture } from "../../src/image/fit-picture.js";
import { toGrey, type Picture } from "../../src/image/picture.js";
import type { PillowFilter } from "../../src/image/resize-pillow.js";
import { compare, readPng, sha256 } from "./golden.js";

/** Made by tools/make_pillow_reference.py. */
const reference = JSON.parse(readFileSync("test/data/pillow.json", "utf8")) as {
  resize: [
    path: string,
    mode: "RGB" | "L",
    width: number,
    height: number,
    filter: PillowFilter,
    sha: string,
  ][];
  crop: [path: string, height: number, width: number, pct: number, filter: PillowFilter, sha: string][];
};

function pictureOf(path: string): Picture {
  const made = /^noise (\d+)x(\d+)$/.exec(path);
  if (made === null) return readPng(path);
  const [width, height] = [Number(made[1]), Number(made[2])];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 13);
  return { data, width, height, channels: 3 };
}

const shaOf = (picture: Picture): string => sha256(picture.data as Uint8Array);

it.each(reference.resize)(
  "%s in %s to %ix%i, %s, has Pillow's bytes",
  (path, mode, width, height, filter, sha) => {
    const picture = pictureOf(path);
    const source = mode === "L" ? toGrey(picture) : picture;
    const resized = fitPicture(source, { width, height }, { resize: `pillow-${filter}` });
    expect([resized.width, resized.height, resized.channels]).toEqual([width, height, source.channels]);
    expect(shaOf(resized)).toBe(sha);
  },
);

it.each(reference.crop)(
  "%s to %ix%i by %f, %s, has the pixels of timm's transform",
  (path, height, width, cropPct, filter, sha) => {
    const fitted = fitPicture(pictureOf(path), { width, height }, { resize: `pillow-${filter}`, cropPct });
    expect([fitted.width, fitted.height]).toEqual([width, height]);
    expect(shaOf(fitted)).toBe(sha);
  },
);

describe("fitPicture", () => {
  const bytes = pictureOf("noise 61x45");

  it.each(["pillow-bilinear", "pillow-bicubic"] as const)(
    "fitPicture gives float pictures the values of 8-bit ones by %s, but for rounding",
    (resize) => {
      const floats: Picture = { ...bytes, data: Float32Array.from(bytes.data, (v) => v / 255) };
      const size = { width: 40, height: 70 };
      const a = fitPicture(bytes, size, { resize }).data;
      // Floats are not kept in 0..1, as Pillow's are not.
      const b = fitPicture(floats, size, { resize }).data.map((v) => Math.min(Math.max(v * 255, 0), 255));
      expect(a.length).toBe(b.length);
      expect(compare(a, b).max).toBeLessThan(1.3);
    },
  );

  it("fitPicture crops what OpenCV's resizing makes of the whole", () => {
    const size = { width: 32, height: 32 };
    const { of, left, top } = cropFor(bytes, size, 0.8);
    expect({ of, left, top }).toEqual({ of: { width: 54, height: 40 }, left: 11, top: 4 });
    const whole = fitPicture(bytes, of);
    const part = fitPicture(bytes, size, { cropPct: 0.8 });
    const cut = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => {
      const [y, x] = [Math.floor(i / 96) + top, (i % 96) + left * 3];
      return whole.data[y * 54 * 3 + x]!;
    });
    expect(part.data).toEqual(cut);
  });

  it("fitPicture needs no more memory for a picture of any ratio than for its part", () => {
    const line: Picture = {
      data: new Uint8Array(2_000_000).fill(7),
      width: 2_000_000,
      height: 1,
      channels: 1,
    };
    const size = { width: 224, height: 224 };
    for (const resize of ["opencv-bilinear", "pillow-bicubic"] as const) {
      const { data } = fitPicture(line, size, { resize, cropPct: 0.875 });
      expect(data).toEqual(new Uint8Array(224 * 224).fill(7));
    }
  });

  it.each([
    [{ cropPct: 0 }, "cropPct 0: give"],
    [{ cropPct: 1.01 }, "cropPct 1.01: give"],
    [{ cropPct: NaN }, "cropPct NaN: give"],
    [
      { resize: "lanczos" as "pillow-bicubic" },
      'resize "lanczos" is not one of opencv-bilinear, pillow-bilinear',
    ],
    [{ resize: "toString" as "pillow-bicubic" }, 'resize "toString" is not one of'],
  ])("fitPicture refuses %o", (how, message) => {
    expect(() => fitPicture(bytes, { width: 9, height: 9 }, how)).toThrow(message);
  });
});
