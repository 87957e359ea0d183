/** @file The fonts of figures: their letters are the original fonts', as fontTools reads them. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { figureLetters } from "../../src/figure/drawing/letters.js";
import { readFont } from "../../src/figure/drawing/truetype.js";

const root = new URL("../../", import.meta.url);
const reference = JSON.parse(readFileSync(fileURLToPath(new URL("test/data/fonts.json", root)), "utf8")) as {
  [font: string]: {
    unitsPerEm: number;
    letters: Record<string, { advance: number; outline: (string | number)[][] }>;
  };
};
const cases = Object.entries(reference).flatMap(([name, { unitsPerEm, letters }]) =>
  Object.entries(letters).map(([letter, expected]) => ({ name, unitsPerEm, letter, ...expected })),
);

/** Path data as fontTools gives it: closing lines left out, y upwards. */
function segments(path: string): (string | number)[][] {
  const found: (string | number)[][] = [];
  let start = "";
  for (const [, op, body] of path.matchAll(/([MLQZ])([^MLQZ]*)/g)) {
    if (op === "M") start = body!;
    if (op === "Z" && found.at(-1)![0] === "L" && start === body!.trim()) found.pop();
    const numbers = body === "" ? [] : body!.split(" ").map(Number);
    found.push([op!, ...numbers.map((value, i) => (i % 2 === 0 ? value : 0 - value))]);
  }
  return found.filter(
    ([op, x, y], i) =>
      !(op === "L" && found[i + 1]?.[0] === "Z" && isStart(found, i, x as number, y as number)),
  );
}

function isStart(found: (string | number)[][], at: number, x: number, y: number): boolean {
  const begin = found.slice(0, at).findLast(([op]) => op === "M")!;
  return begin[1] === x && begin[2] === y;
}

describe("readFont", () => {
  it.each(cases)("readFont reads $letter of $name", ({ name, unitsPerEm, letter, advance, outline }) => {
    const font = readFont(readFileSync(new URL(`fonts/${name}.ttf`, root)), name);
    const code = letter.codePointAt(0)!;
    expect(font.has(code)).toBe(true);
    expect(font.advance(code)).toBe(advance / unitsPerEm);
    const path = font.outline(code, 0, 0, unitsPerEm);
    // Halfway points may lie between units.
    const rounded = outline.map((one) =>
      one.map((v) => (typeof v === "number" ? Math.round(v * 100) / 100 : v)),
    );
    expect(segments(path)).toEqual(rounded);
  });

  it("readFont has the letters of labels: Latin, and Chinese in both scripts", () => {
    const texts =
      "Pleural Thickening 0.905 – Ödem, naïve ≥ 5 µm é ñ ß Łódź 胸腔积液（左侧）肺炎結節心臟擴大 かな";
    expect(figureLetters().foreign([texts])).toEqual([]);
  });
});

describe("letters", () => {
  it("letters are measured by their advances", () => {
    const { measure } = figureLetters();
    const advance = (font: string, letter: string): number =>
      reference[font]!.letters[letter]!.advance / reference[font]!.unitsPerEm;
    const expected = 20 * (advance("NotoSans", "A") + advance("NotoSans", "a") + advance("NotoSansSC", "胸"));
    expect(measure("Aa胸", 20)).toBeCloseTo(expected, 9);
    expect(measure("", 20)).toBe(0);
  });

  it("letters of other scripts are reported once, and left to the system", async () => {
    const all = figureLetters();
    expect(all.foreign(["a กก", "ก🐶"])).toEqual(["ก", "🐶"]);
    const placed = { text: "ก & <b>", x: 1, y: 2, px: 10, anchor: "middle", tone: "strong" } as const;
    expect(await all.svg(placed)).toContain(">ก &amp; &lt;b&gt;</text>");
    expect(await all.svg({ ...placed, text: "b" })).toMatch(/^<path d="M/);
  });
});
