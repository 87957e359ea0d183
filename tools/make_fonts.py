"""
Makes fonts/, the fonts of figures: Noto Sans for Latin, Greek and Cyrillic, and Noto Sans SC for kana, the Chinese of GB
2312 and Big5's first level and the Japanese of JIS X 0208's first level. Both regular, without hinting, layout tables or
composite glyphs, so that src/figure/drawing/truetype.ts can be short.

    npm pack @expo-google-fonts/noto-sans@0.4.2 @expo-google-fonts/noto-sans-sc@0.4.3, each unpacked
    pip install fonttools==4.68.0
    python tools/make_fonts.py NotoSans_400Regular.ttf NotoSansSC_400Regular.ttf

Also writes test/data/fonts.json: widths and outlines of some letters of the originals, by fontTools.
"""

import json
import pathlib
import sys

from fontTools import subset
from fontTools.pens.basePen import BasePen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

ROOT = pathlib.Path(__file__).resolve().parent.parent

LATIN = [
    (0x20, 0x7F),
    (0xA0, 0x300),  # Latin with accents, IPA, modifiers
    (0x370, 0x530),  # Greek, Cyrillic
    (0x1E00, 0x2000),  # Vietnamese, old Greek
    (0x2000, 0x2400),  # punctuation, currency, arrows, mathematics
]
SIGNS = [
    (0x2000, 0x2400),
    (0x2460, 0x2500),  # numbers in circles
    (0x25A0, 0x2700),
    (0x3000, 0x3130),  # punctuation, kana
    (0xFF00, 0xFFF0),  # full-width forms
]


def decodable(encoding: str, first: range) -> set[int]:
    """Every character of a double-byte encoding with a first byte of `first`."""
    codes = set()
    for high in first:
        for low in range(0x40, 0xFF):
            try:
                codes.update(map(ord, bytes([high, low]).decode(encoding)))
            except UnicodeDecodeError:
                pass
    return codes


def ranges(pairs: list[tuple[int, int]]) -> set[int]:
    return {code for begin, end in pairs for code in range(begin, end)}


def east_asian() -> set[int]:
    codes = ranges(SIGNS) | decodable("gb2312", range(0xA1, 0xF8)) | decodable("big5", range(0xA1, 0xC7))
    return codes | decodable("euc_jp", range(0xA1, 0xD0))


def decompose(font: TTFont) -> None:
    """Glyphs made of others as outlines of their own."""
    glyphs = font.getGlyphSet()
    table = font["glyf"]
    for name in font.getGlyphOrder():
        if table[name].isComposite():
            outline = DecomposingRecordingPen(glyphs)
            glyphs[name].draw(outline)
            pen = TTGlyphPen(None)
            outline.replay(pen)
            table[name] = pen.glyph()


class Segments(BasePen):
    """Lines and single quadratic curves, as absolute coordinates."""

    def __init__(self, glyphs):
        super().__init__(glyphs)
        self.found = []

    def _moveTo(self, p):
        self.found.append(["M", *p])

    def _lineTo(self, p):
        self.found.append(["L", *p])

    def _qCurveToOne(self, p, q):
        self.found.append(["Q", *p, *q])

    def _closePath(self):
        self.found.append(["Z"])


def reference(font: TTFont, text: str) -> dict:
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    letters = {}
    for letter in text:
        pen = Segments(glyphs)
        glyphs[names[ord(letter)]].draw(pen)
        letters[letter] = {"advance": glyphs[names[ord(letter)]].width, "outline": pen.found}
    hhea = font["hhea"]
    return {"unitsPerEm": font["head"].unitsPerEm, "ascent": hhea.ascent, "descent": hhea.descent, "letters": letters}


def cut(font: TTFont, codes: set[int], target: str) -> None:
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, glyph_names=False)
    options.drop_tables += ["vhea", "vmtx", "VORG", "STAT", "BASE", "GDEF", "GSUB", "GPOS", "gasp"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    decompose(font)
    cutter.subset(font)
    letters = CmapSubtable.newSubtable(12)
    letters.platformID, letters.platEncID, letters.language = 3, 10, 0
    letters.cmap = font.getBestCmap()
    font["cmap"].tables = [letters]
    font.save(ROOT / "fonts" / target)


def main(latin_source: str, chinese_source: str) -> None:
    latin, chinese = (TTFont(file, recalcTimestamp=False) for file in (latin_source, chinese_source))
    data = {
        "NotoSans": reference(latin, "Aagi%&0ÅéжßŁź€ "),
        "NotoSansSC": reference(chinese, "胸腔積液あ龍≥，"),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    (ROOT / "test/data/fonts.json").write_text(text + "\n")
    known = ranges(LATIN) & set(latin.getBestCmap())
    cut(latin, known, "NotoSans.ttf")
    cut(chinese, east_asian() - known, "NotoSansSC.ttf")


if __name__ == "__main__":
    main(*sys.argv[1:])
