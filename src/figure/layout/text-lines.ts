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
  const lines = (kept: string): string[] => broken(`${kept} ${end}`, box, true);
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
 * Breaks a text at spaces and between Chinese characters; after signs in names that are wider than a line, or where there
 * are too many lines otherwise; and anywhere in a piece that is wider still. What does not fit ends in an ellipsis. Every
 * line fits `width`, if an ellipsis does.
 */
export function textLines(text: string, box: TextBox): string[] {
  const whole = broken(text, box, false);
  const lines = whole.length <= box.lines ? whole : broken(text, box, true);
  const fits = (line: string): boolean => box.measure(line, box.px) <= box.width;
  const shown = lines.slice(0, box.lines);
  if (lines.length > box.lines || !shown.every(fits)) {
    shown[shown.length - 1] = shortened(shown.at(-1)!, (one) => fits(one + ELLIPSIS)) + ELLIPSIS;
  }
  return shown;
}

/** All lines of a text. `inWords`: names may be broken to fill a line, not only where they are wider than one. */
function broken(text: string, { width, px, measure }: TextBox, inWords: boolean): string[] {
  const fits = (line: string): boolean => measure(line.trimEnd(), px) <= width;
  const lines: string[] = [];
  let line = "";
  const parts = pieces(text, mayEndBetweenWords).flatMap((word) =>
    !inWords && fits(word) ? [word] : pieces(word, mayEndBetween),
  );
  for (const part of parts) {
    if (fits(line + part)) {
      line += part;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const letter of part) {
      if (line !== "" && !fits(line + letter)) {
        lines.push(line);
        line = "";
      }
      line += letter;
    }
  }
  if (line.trim() !== "") lines.push(line);
  return lines.map((one) => one.trim());
}

/** The widest of some lines, in pixels. */
export function widestLine(lines: readonly string[], px: number, measure: Measure): number {
  return Math.max(0, ...lines.map((line) => measure(line, px)));
}

/** The width that a text needs so that no line ends in a word, in pixels. */
export function widestPiece(text: string, px: number, measure: Measure): number {
  return widestLine(
    pieces(text, mayEndBetween).map((piece) => piece.trimEnd()),
    px,
    measure,
  );
}

/** The parts that may stand on different lines, each with the spaces after it. */
function pieces(text: string, mayEnd: (before: string, after: string) => boolean): string[] {
  const found: string[] = [];
  let before: string | undefined;
  for (const letter of text.normalize("NFC").replace(/\s+/g, " ").trimStart()) {
    if (before === undefined || mayEnd(before, letter)) found.push(letter);
    else found[found.length - 1] += letter;
    before = letter;
  }
  return found;
}

function mayEndBetweenWords(before: string, after: string): boolean {
  if (before === " ") return true;
  if (CLOSING.test(after) || OPENING.test(before)) return false;
  return UNSPACED.test(before) || UNSPACED.test(after);
}

function mayEndBetween(before: string, after: string): boolean {
  if (mayEndBetweenWords(before, after)) return true;
  return BREAKS_AFTER.test(before) && !BREAKS_AFTER.test(after) && !CLOSING.test(after) && !/\d/.test(after);
}

function shortened(text: string, fits: (text: string) => boolean): string {
  const letters = [...text];
  while (letters.length > 0 && !fits(letters.join("").trimEnd())) letters.pop();
  return letters.join("").trimEnd();
}
