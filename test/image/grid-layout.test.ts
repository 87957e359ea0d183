/** @file Grids of any number of cells, and labels of any length, fit their page and never overlap. */

import { describe, expect, it } from "vitest";
import {
  layoutGrid,
  MAX_CELLS_A_SIDE,
  MAX_SIDE,
  type GridLayout,
} from "../../src/figure/layout/grid-layout.js";
import { fitInto, type Rect } from "../../src/figure/layout/rects.js";
import type { GridTable } from "../../src/figure/layout/grid-table.js";
import type { Size } from "../../src/image/picture.js";
import type { Measure } from "../../src/figure/layout/text-lines.js";

const measure: Measure = (text, px) => [...text].length * 0.55 * px;

const LABELS = {
  none: "",
  short: "dog",
  long: "Siberian husky, Eskimo dog or another one of those dogs whose names do not end",
  unbroken: "x".repeat(400),
  chinese: "胸腔积液（左侧，大量）".repeat(20),
};

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly label: keyof typeof LABELS;
  readonly size: Size;
}

function tableOf({ rows, columns, label, size }: Case): GridTable {
  const text = LABELS[label];
  return {
    title: `densenet121 ${text}`,
    notes: [text, "scores are logits"].filter((note) => note !== ""),
    rows: Array.from({ length: rows }, () => (text === "" ? { text } : { text, score: "0.975" })),
    columns: Array.from({ length: columns }, (_, i) => ({ text: i === 0 ? "picture" : text })),
    cells: Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => {
        if ((r + c) % 5 === 4) return { words: `flat: ${text}` };
        if ((r + c) % 7 === 6) return undefined;
        const turned = r % 3 === 2 ? { width: size.height, height: size.width } : size;
        return { picture: turned, ...((r + c) % 2 === 0 && { caption: { text, score: "0.123" } }) };
      }),
    ),
    scales: [
      { colormap: "jet", ends: ["0", "1"], legend: `${text}: each map from its least to its greatest value` },
      { colormap: "bwr", ends: ["-1", "1"], legend: "each map over its largest value" },
    ],
    foot: text === "" ? [] : [`cam: not defined: ${text}`, "rollout: not defined"],
  };
}

function rectOf({ text, x, y, px, anchor }: GridLayout["texts"][number]): Rect {
  const width = measure(text, px);
  const left = x - width * { start: 0, middle: 0.5, end: 1 }[anchor];
  // From the top of the capitals to the bottom of the tails.
  return { left, top: y - 0.8 * px, width, height: 1.05 * px };
}

const overlap = (a: Rect, b: Rect): boolean =>
  a.left < b.left + b.width - 0.01 &&
  b.left < a.left + a.width - 0.01 &&
  a.top < b.top + b.height - 0.01 &&
  b.top < a.top + a.height - 0.01;

const sizes: Size[] = [
  { width: 16, height: 16 },
  { width: 224, height: 224 },
  { width: 3000, height: 700 },
  { width: 90, height: 2000 },
  { width: 1, height: 1 },
];
const counts = [
  [1, 1],
  [1, 4],
  [2, 4],
  [6, 10],
  [1, MAX_CELLS_A_SIDE],
  [MAX_CELLS_A_SIDE, 2],
  [MAX_CELLS_A_SIDE, MAX_CELLS_A_SIDE],
] as const;
const cases = counts.flatMap(([rows, columns]) =>
  (rows * columns < 50 ? sizes : sizes.slice(2, rows * columns < 100 ? 4 : 3)).flatMap((size) =>
    (Object.keys(LABELS) as Case["label"][]).map((label): Case => ({ rows, columns, label, size })),
  ),
);

describe("a grid", () => {
  it.each(cases)(
    "a grid of $rows x $columns, $size.width x $size.height, fits its page with $label labels",
    (one) => {
      const layout = layoutGrid(tableOf(one), measure);
      expect(Math.max(layout.width, layout.height)).toBeLessThanOrEqual(MAX_SIDE);
      const rects = [...layout.texts.map(rectOf), ...layout.cells.flatMap(({ picture }) => picture ?? [])];
      rects.push(...layout.colorBars.map(({ at }) => at));
      const page = { left: 0, top: 0, width: layout.width, height: layout.height };
      expect(rects.filter((rect) => !inside(rect, page))).toEqual([]);
      expect(rects.filter((a, i) => rects.some((b, k) => k > i && overlap(a, b)))).toEqual([]);
      expect(layout.cells.filter(({ box, picture }) => picture && !inside(picture, box))).toEqual([]);
      // However long the words are, no score is lost.
      if (one.label !== "none")
        expect(layout.texts.filter(({ text }) => text.endsWith("0.975"))).toHaveLength(one.rows);
      // Words stand in their box, and text is large enough to be read.
      expect(Math.min(...layout.texts.map(({ px }) => px))).toBeGreaterThanOrEqual(12);
      expect(Math.min(...layout.cells.map(({ box }) => box.width))).toBeGreaterThanOrEqual(96);
    },
  );

  it("a grid makes plain pictures as large as the maps beside them", () => {
    const map = { width: 224, height: 224 };
    const plain = { picture: { width: 2240, height: 2240 }, plain: true } as const;
    const table = tableOf({ rows: 1, columns: 2, label: "short", size: map });
    const { cells } = layoutGrid({ ...table, cells: [[plain, { picture: map }]] }, measure);
    expect(cells.map(({ picture }) => picture)).toMatchObject([map, map]);
  });

  it("a grid gives pictures of any shape the same room", () => {
    const areas = [1, 3, 1 / 3].map((ratio) => {
      const size = { width: 3000 * ratio, height: 3000 };
      const { cells } = layoutGrid(tableOf({ rows: 1, columns: 2, label: "short", size }), measure);
      return cells[0]!.box.width * cells[0]!.box.height;
    });
    expect(Math.max(...areas) / Math.min(...areas)).toBeLessThan(1.01);
  });

  it("a grid shows pictures of a usual size pixel for pixel, also eight of them", () => {
    const size = { width: 320, height: 240 };
    for (const [rows, columns] of [
      [1, 1],
      [2, 4],
    ] as const) {
      const { cells } = layoutGrid(tableOf({ rows, columns, label: "short", size }), measure);
      expect(cells[0]!.picture).toMatchObject(size);
    }
  });
});

const inside = (a: Rect, b: Rect): boolean =>
  a.left >= b.left &&
  a.top >= b.top &&
  a.left + a.width <= b.left + b.width &&
  a.top + a.height <= b.top + b.height;

describe("fitInto", () => {
  const box = { left: 10, top: 20, width: 200, height: 100 };
  it("fitInto keeps the ratio of what is larger, in the middle", () => {
    expect(fitInto(box, { width: 400, height: 100 })).toEqual({ left: 10, top: 45, width: 200, height: 50 });
  });
  it("fitInto enlarges by whole numbers", () => {
    expect(fitInto(box, { width: 16, height: 16 })).toEqual({ left: 62, top: 22, width: 96, height: 96 });
  });
  it("fitInto keeps what is very thin visible", () => {
    expect(fitInto(box, { width: 5000, height: 2 })).toMatchObject({ width: 200, height: 1 });
  });

  describe("of other resolutions and cells", () => {
    const table = tableOf({ rows: 2, columns: 3, label: "short", size: { width: 224, height: 224 } });
    const plainTexts = (layout: GridLayout) => layout.texts.map(({ text }) => text);

    it("a grid of another resolution has the same words; pictures fill their boxes on paper, and are whole multiples on screens", () => {
      const [screen, paper] = [96, 300].map((dpi) => layoutGrid(table, measure, { dpi }));
      expect(plainTexts(paper!)).toEqual(plainTexts(screen!));
      for (const { picture } of screen!.cells)
        if (picture) expect([picture.width % 224, picture.height % 224]).toEqual([0, 0]);
      for (const { picture, box } of paper!.cells)
        if (picture) expect(Math.abs(picture.width - box.width)).toBeLessThanOrEqual(1);
      const small = [screen!, paper!].map(({ texts }) => Math.min(...texts.map(({ px }) => px)));
      expect(small[1]! / small[0]!).toBeCloseTo(300 / 96, 1);
    });

    it.each([
      [96, 230],
      [300, 355],
      [600, 1181],
    ])("a grid at %d dpi has cells of %d pixels, filled", (dpi, cell) => {
      const layout = layoutGrid(table, measure, { dpi, cell });
      for (const { picture, box } of layout.cells) {
        expect(Math.abs(box.width - cell)).toBeLessThanOrEqual(1);
        if (picture) expect(picture).toMatchObject({ width: cell, height: cell });
      }
      const page = { left: 0, top: 0, width: layout.width, height: layout.height };
      const rects = [...layout.texts.map(rectOf), ...layout.cells.flatMap(({ picture }) => picture ?? [])];
      expect(rects.filter((rect) => !inside(rect, page))).toEqual([]);
      expect(rects.filter((a, i) => rects.some((b, k) => k > i && overlap(a, b)))).toEqual([]);
    });
  });
});
