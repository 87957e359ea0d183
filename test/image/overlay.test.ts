import { describe, expect, it } from "vitest";
import { colormapTable } from "../../src/image/colormaps.js";
import { guidedPicture } from "../../src/image/guided-picture.js";
import { colorMap, overlay } from "../../src/image/overlay.js";
import { cropFor, type Crop } from "../../src/image/crop.js";
import type { Picture, Size } from "../../src/image/picture.js";
import { layMap, resizeMap, resizePicture } from "../../src/image/resize.js";
import { compare, goldenCases, goldenPicture, reference, sha256 } from "./golden.js";

const picture = goldenPicture();
const cases = goldenCases();

describe("colormaps", () => {
  it.each(["jet", "viridis", "turbo", "inferno"] as const)("%s is OpenCV's table", (name) => {
    expect(sha256(colormapTable(name))).toBe(reference.colormaps[name]);
  });

  it("gray is grey, and a map's colour is the entry of uint8(255·map)", () => {
    const map = Float32Array.of(0, 0.5, 0.999, 1);
    const size = { width: 4, height: 1 };
    expect([...colorMap(map, size, "gray").data]).toEqual([
      0, 0, 0, 127, 127, 127, 254, 254, 254, 255, 255, 255,
    ]);
    expect([...colorMap(map, size).data.subarray(0, 3)]).toEqual([0, 0, 128]);
  });
});

it("bwr is blue, white, red, and linear between", () => {
  const table = colormapTable("bwr");
  const entry = (i: number): number[] => [...table.subarray(3 * i, 3 * i + 3)];
  expect([0, 127, 128, 255].map(entry)).toEqual([
    [0, 0, 255],
    [255, 255, 255],
    [255, 255, 255],
    [255, 0, 0],
  ]);
  for (let i = 0; i < 128; i++) {
    const white = (255 * i) / 127;
    expect(Math.abs(table[3 * i]! - white)).toBeLessThanOrEqual(0.5);
    expect(entry(255 - i)).toEqual(entry(i).reverse());
  }
});

describe("a map of a crop", () => {
  const size = { width: 8, height: 6 };
  const map = Float32Array.from({ length: 48 }, (_, i) => 0.25 + ((i * 29) % 48) / 64);

  /** By OpenCV's resize of the whole: the map with its edges drawn out, and zeros where a pixel's centre is outside. */
  function placed({ left, top, of }: Crop, to: Size): Float32Array {
    const clamp = (value: number, end: number): number => Math.min(Math.max(value, 0), end - 1);
    const wide = Float32Array.from({ length: of.width * of.height }, (_, i) => {
      const y = clamp(Math.floor(i / of.width) - top, size.height);
      return map[y * size.width + clamp((i % of.width) - left, size.width)]!;
    });
    return resizeMap(wide, of, to).map((value, i) => {
      const x = (((i % to.width) + 0.5) * of.width) / to.width - left;
      const y = ((Math.floor(i / to.width) + 0.5) * of.height) / to.height - top;
      return x >= 0 && x < size.width && y >= 0 && y < size.height ? value : 0;
    });
  }

  it.each([
    [{ width: 40, height: 22 }, 0.75],
    [{ width: 7, height: 30 }, 1],
    [{ width: 16, height: 12 }, 0.5],
    [{ width: 301, height: 97 }, 0.9],
  ])(
    "a map of a crop lies where the crop was in a picture of %o, by %f, with no heat around it",
    (to, cropPct) => {
      const crop = cropFor(to, size, cropPct);
      const expected = placed(crop, to);
      expect(expected.some((value) => value === 0)).toBe(true);
      const ours = layMap(map, size, to, crop);
      expect(ours.map((value) => Number(value === 0))).toEqual(expected.map((value) => Number(value === 0)));
      expect(compare(ours, expected).max).toBeLessThan(1e-5);
      const drawn = { data: new Uint8Array(expected.length), ...to, channels: 1 } as const;
      const laid = overlay(drawn, map, { mapSize: size, colormap: "gray", crop });
      const whole = overlay(drawn, ours, { mapSize: to, colormap: "gray" });
      expect(laid).toEqual(whole);
      const marked = ours.map((value, i) => (expected[i] === 0 ? 0.5 : value));
      const around = overlay(drawn, map, { mapSize: size, colormap: "gray", crop, around: 0.5 });
      expect(around).toEqual(overlay(drawn, marked, { mapSize: to, colormap: "gray" }));
    },
  );

  it("a map of a crop is visible where it is thinner than a pixel", () => {
    const to = { width: 1, height: 1000 };
    const seen = [...layMap(map, size, to, cropFor(to, size, 0.1))];
    expect(seen.flatMap((value, y) => (value > 0 ? [y] : []))).toEqual([500]);
  });
});

describe("overlay", () => {
  const withOverlay = cases.filter((c) => c.bytes("overlay"));
  it("overlay has reference cases", () => expect(withOverlay.length).toBeGreaterThan(15));

  it.each(withOverlay)("the overlay $name equals show_cam_on_image", (golden) => {
    const size = { width: golden.width, height: golden.height };
    const ours = overlay(resizePicture(picture, size), golden.floats("cam.gradcam")!, { mapSize: size });
    const expected = golden.bytes("overlay")!;
    expect(ours.data.length).toBe(expected.length);
    expect(compare(ours.data, expected).max).toBe(0);
  });

  it("overlay resizes the map to the picture", () => {
    const golden = cases[0]!;
    const size = { width: golden.width, height: golden.height };
    const map = golden.floats("cam.gradcam")!;
    expect(overlay(picture, map, { mapSize: size })).toEqual(overlay(picture, resizeMap(map, size, picture)));
  });

  it("overlay accepts float and grey pictures", () => {
    const map = Float32Array.of(0.1, 0.9);
    const size = { width: 2, height: 1 };
    const bytes: Picture = { ...size, channels: 1, data: Uint8Array.of(10, 200) };
    const floats: Picture = { ...bytes, data: Float32Array.of(10 / 255, 200 / 255) };
    const rgb: Picture = { ...size, channels: 3, data: Uint8Array.of(10, 10, 10, 200, 200, 200) };
    expect(overlay(bytes, map, { mapSize: size })).toEqual(overlay(rgb, map, { mapSize: size }));
    expect(overlay(floats, map, { mapSize: size })).toEqual(overlay(rgb, map, { mapSize: size }));
  });

  it("alpha goes from the picture alone to the map alone, brightest at 255", () => {
    const map = Float32Array.of(0, 1);
    const size = { width: 2, height: 1 };
    const dim: Picture = { ...size, channels: 1, data: Uint8Array.of(50, 100) };
    const options = { colormap: "gray" } as const;
    expect([...overlay(dim, map, { mapSize: size, ...options, alpha: 0 }).data]).toEqual([
      127, 127, 127, 255, 255, 255,
    ]);
    expect([...overlay(dim, map, { mapSize: size, ...options, alpha: 1 }).data]).toEqual([
      0, 0, 0, 255, 255, 255,
    ]);
    const black: Picture = { ...size, channels: 1, data: Uint8Array.of(0, 0) };
    expect([...overlay(black, map, { mapSize: size, ...options, alpha: 0 }).data]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    expect(() => overlay(dim, map, { mapSize: size, alpha: 1.5 })).toThrow(/alpha 1.5/);
  });
});

describe("overlay's picture and map", () => {
  const size = { width: 2, height: 1 };
  const map = Float32Array.of(0.25, 1);
  const rgb: Picture = { data: Uint8Array.of(10, 20, 30, 40, 50, 60), ...size, channels: 3 };
  const rgba = Uint8Array.of(10, 20, 30, 255, 40, 50, 60, 0);

  it("overlay accepts RGBA or an ImageData, and leaves out alpha", () => {
    const plain = overlay(rgb, map);
    expect(overlay({ data: rgba, ...size, channels: 4 }, map)).toEqual(plain);
    expect(overlay({ data: Uint8ClampedArray.from(rgba), ...size }, map)).toEqual(plain);
    expect(() => overlay({ data: rgba.subarray(1), ...size, channels: 4 }, map)).toThrow(
      /2x1x4 bytes of RGBA/,
    );
    expect(() => overlay({ data: rgb.data as Uint8Array, ...size }, map)).toThrow(/as ImageData/);
  });

  it("overlay accepts a map as explain returns it, with its own size", () => {
    const larger = Float32Array.of(0.25, 1, 0.5, 0);
    const made = { data: larger, shape: [2, 2] as const };
    expect(overlay(rgb, made, { alpha: 0.3 })).toEqual(
      overlay(rgb, larger, { mapSize: { width: 2, height: 2 }, alpha: 0.3 }),
    );
  });

  it("overlay draws zero of signed maps in the middle of blue and red, on the grey picture", () => {
    const signed = { data: Float32Array.of(-1, 1), shape: [1, 2] as const, signed: true as const };
    const [r, , b, red, , blue] = overlay(rgb, signed, { alpha: 1 }).data;
    expect(b).toBeGreaterThan(r!);
    expect(red).toBeGreaterThan(blue!);
    const none = overlay(rgb, { ...signed, data: Float32Array.of(0, 0) }, { alpha: 0 }).data;
    expect(none[0]).toBe(none[1]);
  });
});

describe("guidedPicture", () => {
  const guided = cases.filter((c) => c.bytes("guided_image"));
  it("guidedPicture has reference cases", () => expect(guided.length).toBeGreaterThan(3));

  it.each(guided)("the guided picture $name equals deprocess_image", (golden) => {
    const size = { width: golden.width, height: golden.height };
    const gradient = golden.floats("guided")!;
    const map = golden.floats("cam.gradcam")!;
    for (const [ours, tensor] of [
      [guidedPicture(gradient, size), "guided_image"],
      [guidedPicture(gradient, size, { map }), "guided_cam_image"],
    ] as const) {
      const result = compare(ours.data, golden.bytes(tensor)!);
      expect(result).toMatchObject({ length: true });
      expect(result.max, tensor).toBeLessThanOrEqual(1);
    }
  });

  it("guidedPicture swaps the channels of a BGR model's gradient, and gives even grey for a constant one", () => {
    const size = { width: 1, height: 1 };
    const rgb = guidedPicture(Float32Array.of(-1, 0, 2), size).data;
    const bgr = guidedPicture(Float32Array.of(2, 0, -1), size, { bgr: true }).data;
    expect(bgr).toEqual(rgb);
    expect([...guidedPicture(Float32Array.of(3, 3, 3), size).data]).toEqual([127, 127, 127]);
    expect(guidedPicture(Float32Array.of(1), size).channels).toBe(1);
    expect(() => guidedPicture(new Float32Array(8), { width: 2, height: 2 })).toThrow(
      /8 values does not fit 2x2/,
    );
  });
});
