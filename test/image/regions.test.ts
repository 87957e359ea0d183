import { describe, expect, it } from "vitest";
import { drawBoxes } from "../../src/image/box-lines.js";
import { connectRuns } from "../../src/image/components.js";
import { drawContour } from "../../src/image/contour.js";
import { cropFor } from "../../src/image/crop.js";
import type { Picture, Size } from "../../src/image/picture.js";
import { findRegions, type Region } from "../../src/image/regions.js";
import { layMap } from "../../src/image/resize.js";
import { encodeRle, type Box, type Rle } from "../../src/image/rle.js";
import { parseThreshold, type Threshold } from "../../src/image/threshold.js";
import { GradlensError } from "../../src/index.js";
import reference from "../data/regions.json" with { type: "json" };

/** A map drawn as text: a digit is tenths of heat, `.` none. */
function drawn(...rows: string[]): { map: Float32Array; size: Size } {
  const map = Float32Array.from(rows.join(""), (c) => (c === "." ? 0 : Number(c) / 10));
  return { map, size: { width: rows[0]!.length, height: rows.length } };
}

/** A map of uneven hills, different for each seed. */
function hills({ width, height }: Size, seed: number): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
    return 0.5 + 0.25 * Math.sin(9 * x * seed + y) + 0.25 * Math.cos(11 * y + seed * x * y);
  });
}

function decode({ size: [height, width], counts }: Rle): Uint8Array {
  const mask = new Uint8Array(width * height);
  let at = 0;
  for (const [i, count] of counts.entries()) {
    for (let k = 0; k < count; k++, at++) mask[(at % height) * width + Math.floor(at / height)] = i % 2;
  }
  expect(at).toBe(width * height);
  return mask;
}

const inScanOrder = (regions: readonly Region[]): Region[] =>
  [...regions].sort((a, b) => firstPixel(a) - firstPixel(b));
const firstPixel = ({ segmentation }: Region): number => decode(segmentation).indexOf(1);

describe("regions of a map", () => {
  const cases = reference.maps.flatMap(({ width, height, heat, picture, cropPct, thresholds }) =>
    thresholds.map(({ threshold, level, regions }) => ({
      name: `${width}x${height} on ${picture.width}x${picture.height}, crop ${cropPct ?? "none"}, from ${threshold}`,
      size: { width, height },
      picture,
      cropPct,
      map: Float32Array.from(heat, (v) => v / 1000),
      threshold: threshold as Threshold,
      level,
      regions,
    })),
  );

  it.each(cases)("the regions of $name are NumPy's, SciPy's, scikit-image's and COCO's", (one) => {
    const { threshold, picture, size, cropPct } = one;
    const found = findRegions(one.map, size, picture, { threshold, crop: cropFor(picture, size, cropPct) });
    expect(found.level).toBeCloseTo(one.level, 6);
    const regions = inScanOrder(found.regions);
    const facts = regions.map(({ box, area, peak, segmentation: { counts } }) => ({
      box,
      area,
      peak,
      counts,
    }));
    expect(facts).toEqual(one.regions.map(({ box, area, peak, counts }) => ({ box, area, peak, counts })));
    for (const [i, { meanHeat, maxHeat }] of regions.entries()) {
      expect(meanHeat).toBeCloseTo(one.regions[i]!.meanHeat, 6);
      expect(maxHeat).toBeCloseTo(one.regions[i]!.maxHeat, 6);
    }
  });

  it("regions have tight boxes, and areas and segmentations that make up the mask", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const from = { width: 5 + seed, height: 17 - seed };
      const picture = { width: 40 - 3 * seed, height: 9 + 2 * seed };
      const threshold = (["otsu", "p70", 0.6] as const)[seed % 3]!;
      const { regions, mask } = findRegions(hills(from, seed), from, picture, { threshold });
      expect(regions.length).toBeGreaterThan(0);
      expect(mask).toMatchObject({ ...picture, channels: 1 });
      const masks = regions.map(({ segmentation }) => decode(segmentation));
      const sum = mask.data.map((_, i) => 255 * masks.reduce((n, one) => n + one[i]!, 0));
      expect(sum).toEqual(mask.data);
      for (const [r, { box, area, peak, maxHeat, meanHeat }] of regions.entries()) {
        const pixels = [...masks[r]!.keys()].filter((i) => masks[r]![i]);
        expect(area).toBe(pixels.length);
        const xs = pixels.map((i) => i % picture.width);
        const ys = pixels.map((i) => Math.floor(i / picture.width));
        const [left, top] = [Math.min(...xs), Math.min(...ys)];
        expect(box).toEqual([left, top, Math.max(...xs) + 1 - left, Math.max(...ys) + 1 - top]);
        expect(masks[r]![peak[1] * picture.width + peak[0]]).toBe(1);
        expect(meanHeat).toBeLessThanOrEqual(maxHeat);
      }
    }
  });

  it("regions may touch at corners, and the hottest comes first", () => {
    const { map, size } = drawn("8..6.", ".8..6", "....7");
    const { regions } = findRegions(map, size, size, { threshold: 0.5 });
    expect(regions).toMatchObject([
      { box: [0, 0, 2, 2], area: 2, peak: [0, 0] },
      { box: [3, 0, 2, 3], area: 3, peak: [4, 2] },
    ]);
    expect(regions[1]!.meanHeat).toBeCloseTo(1.9 / 3, 6);
  });

  it("regions begin at the level itself, and need heat", () => {
    const { map, size } = drawn("5.9", ".4.", "4..");
    const areas = (threshold: Threshold, data = map): number[] =>
      findRegions(data, size, size, { threshold }).regions.map(({ area }) => area);
    expect(areas(0.9)).toEqual([1]);
    expect(areas(0.5)).toEqual([1, 1]);
    expect(areas(0)).toEqual([4]);
    expect(areas("p0")).toEqual([4]);
    expect(areas("p100")).toEqual([1]);
    expect(areas(1)).toEqual([]);
    for (const threshold of [0, 0.5, 1, "otsu", "p0", "p50", "p100"] as const)
      expect(areas(threshold, new Float32Array(9))).toEqual([]);
  });

  it("regions below a share of the picture are left out, of the mask too", () => {
    const { map, size } = drawn("9....", "..55.", "..5..", ".....");
    const { regions, mask } = findRegions(map, size, size, { threshold: 0.5, minArea: 3 / 20 });
    expect(regions.map(({ area }) => area)).toEqual([3]);
    expect([...mask.data].filter(Boolean)).toHaveLength(3);
    expect(findRegions(map, size, size, { threshold: 0.5, minArea: 0.16 }).regions).toEqual([]);
  });

  it("regions of a crop lie where it was in the picture", () => {
    const input = { width: 6, height: 6 };
    const map = new Float32Array(36).fill(0.2);
    map[7] = 1;
    const picture = { width: 20, height: 12 };
    const crop = cropFor(picture, input, 0.5);
    // The picture is at twice the crop's size: the crop is its 6x6 pixels from (7, 3) on.
    const { regions, level } = findRegions(map, input, picture, { threshold: "p99.9", crop });
    expect(regions).toMatchObject([{ box: [8, 4, 1, 1], peak: [8, 4] }]);
    const all = layMap(map, input, picture, crop);
    // Of all 240 pixels: 0.2 at place 238, 1 at 239; 0.999 * 239 = 238.761.
    expect(all.filter((v) => v === 0)).toHaveLength(204);
    expect(level).toBeCloseTo(0.2 + 0.8 * 0.761, 6);
  });

  it("regionsOf refuses an impossible share or map", () => {
    const { map, size } = drawn("59");
    expect(() => findRegions(map, size, size, { minArea: 1.5 })).toThrow(GradlensError);
    expect(() => findRegions(map, { width: 3, height: 1 }, size)).toThrow("needs 3 values");
    expect(() => findRegions(map, size, size, { threshold: 7 })).toThrow("from 0 to 1");
    expect(() => findRegions(map, size, size, { threshold: NaN })).toThrow("from 0 to 1");
  });
});

describe("a threshold", () => {
  it.each([
    ["0", 0],
    ["1", 1],
    [".25", 0.25],
    ["1e-3", 0.001],
    ["OTSU", "otsu"],
    ["p95", "p95"],
    ["P99.50", "p99.5"],
  ])("the threshold %s is read", (text, threshold) => expect(parseThreshold(text)).toBe(threshold));

  it.each(["", "x", "1.01", "-0.1", "p101", "p", "95%", "0.5.1", "NaN", "Infinity", "p-1", "otsu2"])(
    'the threshold "%s" is refused in one line',
    (text) => expect(() => parseThreshold(text)).toThrow(/give a heat from 0 to 1 .*otsu.*p95/),
  );
});

describe("run-length encoding", () => {
  const size = { width: 3, height: 4 };
  const run = (y: number, start: number, end: number) => ({ y, start, end });

  it("run-length encoding follows columns and begins with what is out", () => {
    // .##
    // .#.
    // ...
    // #..
    const runs = [run(0, 1, 3), run(1, 1, 2), run(3, 0, 1)];
    expect(encodeRle(runs, [0, 0, 3, 4], size)).toEqual({ size: [4, 3], counts: [3, 3, 2, 1, 3] });
  });

  it("run-length encoding begins with 0 where the first pixel is in, and ends with what is in where the last is", () => {
    const all = [0, 1, 2, 3].map((y) => run(y, 0, 3));
    expect(encodeRle(all, [0, 0, 3, 4], size).counts).toEqual([0, 12]);
    expect(encodeRle([run(3, 2, 3)], [2, 3, 1, 1], size).counts).toEqual([11, 1]);
    expect(encodeRle([run(0, 0, 1)], [0, 0, 1, 1], size).counts).toEqual([0, 1, 11]);
  });
});

describe("connected runs", () => {
  it("connected runs join what was apart in the rows above", () => {
    //  #.#.#
    //  #.#.#
    //  ###.#
    //  ....#
    const runs = [0, 1].flatMap((y) => [0, 2, 4].map((start) => ({ y, start, end: start + 1 })));
    const components = connectRuns([
      ...runs,
      { y: 2, start: 0, end: 3 },
      { y: 2, start: 4, end: 5 },
      { y: 3, start: 4, end: 5 },
    ]);
    expect(components.map((component) => component.length)).toEqual([5, 4]);
  });

  it("connected runs of an empty mask are none, and an empty row separates runs", () => {
    expect(connectRuns([])).toEqual([]);
    const apart = [
      { y: 0, start: 0, end: 2 },
      { y: 2, start: 0, end: 2 },
    ];
    expect(connectRuns(apart)).toHaveLength(2);
  });
});

describe("a contour", () => {
  const size = { width: 320, height: 320 };
  const grey = new Uint8Array(320 * 320 * 3).fill(100);
  const overlay = { data: grey, ...size, channels: 3 } as const;
  // Heat falls from left to right: 0.5 is passed between pixels 79 and 80.
  const map = Float32Array.from({ length: 320 * 320 }, (_, i) => Math.max(1 - ((i % 320) + 0.5) / 160, 0));

  it("a contour is white between dark edges, where the heat passes the level, and changes nothing else", () => {
    const { level, mask } = findRegions(map, size, size, { threshold: 0.5 });
    const { data } = drawContour(overlay, map, size, { level, mask });
    const reds = Array.from({ length: 320 }, (_, x) => data[(160 * 320 + x) * 3]!);
    // The line is 2 pixels wide from 79.5 - 1 to 79.5 + 1, its edges a pixel each.
    expect(reds.slice(76, 84)).toEqual([100, 100, 0, 255, 255, 0, 100, 100]);
    expect(reds.filter((red) => red === 100)).toHaveLength(316);
    expect(grey.every((value) => value === 100)).toBe(true);
  });

  it("a contour is as wide in proportion on a large picture, and smooth", () => {
    const large = { width: 1300, height: 1280 };
    const dark = { data: new Uint8Array(1300 * 1280), ...large, channels: 1 } as const;
    // A disc of half the heat's height around the middle.
    const disc = Float32Array.from({ length: 1300 * 1280 }, (_, i) => {
      const away = Math.hypot((i % 1300) - 649.5, Math.floor(i / 1300) - 639.5);
      return Math.max(1 - away / 600, 0);
    });
    const { level, mask } = findRegions(disc, large, large, { threshold: 0.5 });
    const { data } = drawContour(dark, disc, large, { level, mask });
    // 1280 / 160 = 8 pixels wide around a radius of 300, from every side.
    let worst = 0;
    for (let i = 0; i < 1300 * 1280; i++) {
      const away = Math.abs(Math.hypot((i % 1300) - 649.5, Math.floor(i / 1300) - 639.5) - 300);
      const white = 255 * Math.min(Math.max(4.5 - away, 0), 1);
      worst = Math.max(worst, Math.abs(data[i * 3]! - white));
    }
    expect(worst).toBeLessThan(64);
  });

  it("a contour lies on floats of 0..1 as on the same samples of 8 bits", () => {
    const { level, mask } = findRegions(map, size, size, { threshold: 0.5 });
    const floats = { ...overlay, data: Float32Array.from(grey, (value) => value / 255) };
    const [bytes, shown] = [overlay, floats].map((picture) =>
      drawContour(picture, map, size, { level, mask }),
    );
    expect(Buffer.compare(shown!.data as Uint8Array, bytes!.data as Uint8Array)).toBe(0);
  });

  it("no contour is drawn where there is no region", () => {
    const { level, mask } = findRegions(new Float32Array(320 * 320), size, size, { threshold: 0.5 });
    const { data } = drawContour(overlay, map, size, { level, mask });
    expect(Buffer.compare(data as Uint8Array, grey)).toBe(0);
  });
});

describe("boxes", () => {
  /** The rows of red samples: `#` white, `+` black, `.` as it was. */
  const shown = ({ data, width }: Picture): string[] =>
    Array.from({ length: data.length / 3 / width }, (_, y) =>
      Array.from({ length: width }, (_, x) => ({ 255: "#", 0: "+" })[data[3 * (y * width + x)]!] ?? ".").join(
        "",
      ),
    );
  const grey = (width: number, height: number): Picture => ({
    data: new Uint8Array(width * height).fill(100),
    ...{ width, height, channels: 1 },
  });

  it("boxes are dashed on their outermost pixels", () => {
    expect(shown(drawBoxes(grey(12, 7), [[1, 1, 10, 5]]))).toEqual([
      "............",
      ".####++++##.",
      ".#........#.",
      ".#........#.",
      ".#........#.",
      ".####++++##.",
      "............",
    ]);
  });

  it("boxes are cut at the border, and may be one pixel", () => {
    const boxes: Box[] = [
      [-2.4, 1, 4.4, 9],
      [4, 0, 1, 1],
    ];
    expect(shown(drawBoxes(grey(5, 4), boxes))).toEqual(["....#", "##...", "##...", "##..."]);
  });

  it.each(["dashed", "solid"] as const)(
    "boxes are %s on floats of 0..1 as on the same samples of 8 bits",
    (style) => {
      const bytes = grey(12, 9);
      const floats = { ...bytes, data: Float32Array.from(bytes.data, (value) => value / 255) };
      expect(drawBoxes(floats, [[1, 1, 10, 8]], style)).toEqual(drawBoxes(bytes, [[1, 1, 10, 8]], style));
    },
  );

  it("boxes are as wide in proportion on a large picture", () => {
    const { data } = drawBoxes(grey(640, 640), [[100, 100, 300, 300]]);
    const reds = Array.from({ length: 10 }, (_, x) => data[3 * (104 * 640 + 96 + x)]!);
    expect(reds).toEqual([100, 100, 100, 100, 255, 255, 100, 100, 100, 100]);
  });
});
