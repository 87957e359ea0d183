/** @file A text in lines of a width: where it breaks, and how it is shortened. */

/** Width of a text in pixels, at a size of `px` pixels an em. */
export type Measure = (text: string, px: number) => number;

export interface TextBox {
  readonly width: number;
  /** The most lines there may be. */
  readonly lines: number;
  readonly px: number;
  readonly measure: Measure;
}

const ELLIPSIS = "...";
/** How many letters further a better place for the ellipsis is looked for. */
const NEARBY = 12;

/** Letters between which a line may end without a space: Chinese characters, kana. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
/** What a line may end after within a word, as file names and layers have no spaces; in numbers, and between two of them, it may not. */
const BREAKS_AFTER = /[-_/\\.,;:+|]/;
/** No line ends after these, */
const OPENING = /[([{"“‘«（［｛「『【《]/;
/** nor begins with these. */
const CLOSING = /[)\]}"”’».,;:!?%…、。，．：；！？）］｝」』】》\s]/;

/** `textLines` of a text and an end that is not lost where the text is too long: what is cut is before it. */
export function linesWithEnd(text: string, end: string, box: TextBox): string[] {
  const lines = (kept: string): string[] => textLines(`${kept} ${end}`, { ...box, lines: Infinity });
  const whole = lines(text);
  if (end === "" || whole.length <= box.lines) return textLines(`${text} ${end}`, box);
  const letters = [...text.normalize("NFC")];
  const cut = (count: number): string => letters.slice(0, count).join("").trimEnd() + ELLIPSIS;
  const fits = (count: number): boolean => lines(cut(count)).length <= box.lines;
  let [most, tooMany] = [0, letters.length];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    if (fits(middle)) most = middle;
    else tooMany = middle;
  }
  // A letter more may move a word to a line where it fits better.
  for (let count = most + 1; count <= Math.min(most + NEARBY, letters.length); count++) {
    if (fits(count)) most = count;
  }
  return textLines(`${cut(most)} ${end}`, box);
}

/**
 * Breaks a text at spaces, after signs in names, between Chinese characters, and anywhere in a piece that is wider than
 * a line. What does not fit ends in an ellipsis. Every line fits `width`, if an ellipsis does.
 */
export function textLines(text: string, box: TextBox): string[] {
  const { width, px, measure } = box;
  const fits = (line: string): boolean => measure(line.trimEnd(), px) <= width;
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces(text)) {
    if (fits(line + piece)) {
      line += piece;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const letter of piece) {
      if (line !== "" && !fits(line + letter)) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  if (line.trim() !== "") lines.push(line);
  const shown = lines.slice(0, box.lines).map((one) => one.trim());
  if (lines.length > box.lines || !shown.every(fits)) {
    shown[shown.length - 1] = shortened(shown.at(-1)!, (one) => fits(one + ELLIPSIS)) + ELLIPSIS;
  }
  return shown;
}

/** The widest of some lines, in pixels. */
export function widestLine(lines: readonly string[], px: number, measure: Measure): number {
  return Math.max(0, ...lines.map((line) => measure(line, px)));
}

/** The width that a text needs so that no line ends in a word, in pixels. */
export function widestPiece(text: string, px: number, measure: Measure): number {
  return widestLine(
    pieces(text).map((piece) => piece.trimEnd()),
    px,
    measure,
  );
}

/** The parts that may stand on different lines, each with the spaces after it. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let before: string | undefined;
  for (const letter of text.normalize("NFC").replace(/\s+/g, " ").trim()) {
    if (before === undefined || mayEndBetween(before, letter)) found.push(letter);
    else found[found.length - 1] += letter;
    before = letter;
  }
  return found;
}

function mayEndBetween(before: string, after: string): boolean {
  if (before === " ") return true;
  if (CLOSING.test(after) || OPENING.test(before)) return false;
  if (UNSPACED.test(before) || UNSPACED.test(after)) return true;
  return BREAKS_AFTER.test(before) && !BREAKS_AFTER.test(after) && !/\d/.test(after);
}

function shortened(text: string, fits: (text: string) => boolean): string {
  const letters = [...text];
  while (letters.length > 0 && !fits(letters.join("").trimEnd())) letters.pop();
  return letters.join("").trimEnd();
}
