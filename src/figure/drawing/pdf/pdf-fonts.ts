/** @file Embeds the letters of a figure as fonts, so that its text can be searched and copied (ISO 32000-1, 9.7). */

import { createHash } from "node:crypto";
import { chunksOf } from "../../../cam/split-lists.js";
import type { FontRun } from "../letters.js";
import type { Font } from "../truetype.js";
import { named, type PdfFile, type Ref } from "./pdf-file.js";
import { subsetFont, type SubsetFont } from "./subset-font.js";

/** Adds the fonts that some texts need, each of the letters in use. */
export function addFonts(file: PdfFile, runs: readonly FontRun[]) {
  const letters = new Map<Font, Set<number>>();
  for (const { font, text } of runs) {
    if (!letters.has(font)) letters.set(font, new Set());
    for (const letter of text) letters.get(font)!.add(letter.codePointAt(0)!);
  }
  const fonts = new Map(
    [...letters].map(([font, codes], i) => {
      const subset = subsetFont(
        font,
        [...codes].sort((a, b) => a - b),
      );
      return [font, { name: `/F${i}`, subset, ref: addFont(file, font, subset) }];
    }),
  );
  return {
    /** The entries of the page's dictionary of fonts. */
    entries: [...fonts.values()].map(({ name, ref }) => `${name} ${named(ref)}`).join(" "),
    /** Operators that show a text from the current position on. */
    show: (parts: readonly FontRun[], px: number): string =>
      parts
        .map(({ font, text }) => {
          const { name, subset } = fonts.get(font)!;
          const glyphs = [...text].map((letter) => hex4(subset.glyphs.get(letter.codePointAt(0)!)!));
          return `${name} ${px} Tf <${glyphs.join("")}> Tj`;
        })
        .join(" "),
  };
}

/** Codes of two bytes are the glyphs themselves. */
function addFont(file: PdfFile, { name, unitsPerEm, table }: Font, subset: SubsetFont): Ref {
  const em = (tag: string, at: number): number =>
    Math.round((1000 * table(tag).readInt16BE(at)) / unitsPerEm);
  const box = [36, 38, 40, 42].map((at) => em("head", at)).join(" ");
  const [ascent, descent] = [em("hhea", 4), em("hhea", 6)];
  const base = `/${tagOf(subset.bytes)}+${name}-Regular`;
  const program = file.addStream(`/Length1 ${subset.bytes.length}`, subset.bytes);
  const descriptor = file.add(
    `<< /Type /FontDescriptor /FontName ${base} /Flags 4 /FontBBox [${box}] /ItalicAngle 0 ` +
      `/Ascent ${ascent} /Descent ${descent} /CapHeight 714 /StemV 80 /FontFile2 ${named(program)} >>`,
  );
  const widths = subset.widths.map((width) => Number(width.toFixed(3))).join(" ");
  const inner = file.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${base} /CIDToGIDMap /Identity /W [0 [${widths}]] ` +
      `/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> ` +
      `/FontDescriptor ${named(descriptor)} >>`,
  );
  const unicode = file.addStream("", Buffer.from(unicodeMap(subset)));
  return file.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont ${base} /Encoding /Identity-H ` +
      `/DescendantFonts [${named(inner)}] /ToUnicode ${named(unicode)} >>`,
  );
}

/** Six capital letters, which differ between subsets. */
function tagOf(bytes: Uint8Array): string {
  const hash = createHash("sha256").update(bytes).digest();
  return String.fromCharCode(...hash.subarray(0, 6).map((byte) => 65 + (byte % 26)));
}

/** The most mappings in one block of a character map. */
const BLOCK = 100;

/** From glyphs to UTF-16, for search and copies. */
function unicodeMap({ glyphs }: SubsetFont): string {
  const lines = [...glyphs].map(([code, glyph]) => {
    const utf16 = String.fromCodePoint(code).split("");
    return `<${hex4(glyph)}> <${utf16.map((unit) => hex4(unit.charCodeAt(0))).join("")}>`;
  });
  const blocks = chunksOf(lines, BLOCK).map(
    (some) => `${some.length} beginbfchar\n${some.join("\n")}\nendbfchar`,
  );
  return [
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
    "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ...blocks,
    "endcmap CMapName currentdict /CMap defineresource pop end end",
  ].join("\n");
}

const hex4 = (value: number): string => value.toString(16).padStart(4, "0");
