/** @file Draws a figure's text in gradlens's own fonts, so that machines without fonts draw the same. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { GradlensError } from "../../errors.js";
import type { Measure } from "../layout/text-lines.js";
import type { PlacedText } from "../layout/writer.js";
import { BEFORE, hex, TONES } from "./figure.js";
import { systemText } from "./system-text.js";
import { readFont, type Font } from "./truetype.js";

/** The first font that has a letter draws it. Heights differ between the fonts, baselines and sizes do not. */
const FONTS = ["NotoSans", "NotoSansSC"] as const;

/** Width in em of letters that no font here has and the system's fonts draw: of full-width scripts and of others. */
const FOREIGN = { wide: 1, other: 0.75 } as const;

/** Combining marks and joiners, which have no width. */
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;
const WIDE = /[\p{Script=Hangul}\p{Script=Han}\p{Extended_Pictographic}]/u;

/** Draws and measures text. */
type Letters = ReturnType<typeof lettersOf>;

export interface FontRun {
  readonly font: Font;
  readonly text: string;
}

let letters: Letters | undefined;

/**
 * The fonts, read once.
 * @throws GradlensError "internal" if the installation lacks them
 */
export function figureLetters(): Letters {
  letters ??= lettersOf(FONTS.map((name) => readFont(readFileSync(fontPath(`${name}.ttf`)), name)));
  return letters;
}

/** Fonts lie in the package's root, above both the bundle and the sources. */
function fontPath(name: string): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = dirname(folder)) {
    const path = join(folder, "fonts", name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) {
      throw new GradlensError("internal", `no fonts/${name} above ${start}: install gradlens again`);
    }
  }
}

function lettersOf(fonts: readonly Font[]) {
  const fontOf = (letter: string): Font | undefined => fonts.find((font) => font.has(letter.codePointAt(0)!));
  const widthOf = (letter: string): number => {
    const font = fontOf(letter);
    if (font) return font.advance(letter.codePointAt(0)!);
    if (NO_WIDTH.test(letter)) return 0;
    return WIDE.test(letter) ? FOREIGN.wide : FOREIGN.other;
  };
  const measure: Measure = (text, px) => {
    let width = 0;
    for (const letter of text) width += widthOf(letter);
    return width * px;
  };
  return {
    measure,
    /** The letters of these texts that no font here has, each once. */
    foreign: (texts: Iterable<string>): string[] =>
      [...new Set([...texts].flatMap((text) => [...text]))].filter(
        (letter) => !fontOf(letter) && !NO_WIDTH.test(letter),
      ),
    /** A line of text as SVG: outlines, or text where no font here has all of its letters. */
    async svg(placed: PlacedText): Promise<string> {
      const { text, x, y, px, anchor, tone } = placed;
      const fill = hex(TONES[tone]);
      // Other scripts may need shaping, so the system draws their lines.
      if (![...text].every(fontOf)) return systemText(placed, fill, measure(text, px));
      let pen = x - BEFORE[anchor] * measure(text, px);
      let path = "";
      for (const letter of text) {
        path += fontOf(letter)!.outline(letter.codePointAt(0)!, pen, y, px);
        pen += widthOf(letter) * px;
      }
      return `<path d="${path}" fill="${fill}"/>`;
    },
    /** The letters of a text in parts of one font each; undefined where no font here has all. */
    runs(text: string): FontRun[] | undefined {
      const found: FontRun[] = [];
      for (const letter of text) {
        const font = fontOf(letter);
        if (font === undefined) return undefined;
        const last = found.at(-1);
        if (last?.font === font) found[found.length - 1] = { font, text: last.text + letter };
        else found.push({ font, text: letter });
      }
      return found;
    },
  };
}
