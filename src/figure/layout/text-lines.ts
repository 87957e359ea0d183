/** @file Breaks a text into lines of a given width, and shortens it. */

/** Width of a text in pixels, at a size of `px` pixels an em. */
export type Measure = (text: string, px: number) => number;

export interface TextBox {
  readonly width: number;
  /** The most lines. */
  readonly lines: number;
  readonly px: number;
  readonly measure: Measure;
}

const ELLIPSIS = "...";
/** The number of letters further in which the ellipsis may find a better position. */
const NEARBY = 12;

/** Letters between which a line may end without a space: Chinese characters, kana. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;
/** A line may end after these within a word, because file names and layers lack spaces; but not in or between numbers. */
const BREAKS_AFTER = /[-_/\\.,;:+|]/;
/** A line cannot end after these. */
const OPENING = /[([{"“‘«（［｛「『【《]/;
/** A line cannot begin with these. */
const CLOSING = /[)\]}"”’».,;:!?%…、。，．：；！？）］｝」』】》\s]/;

/** `textLines` of a text and an end. A text that is too long is shortened before the end. */
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
  // One letter more may move a word to a line with more space.
  for (let count = most + 1; count <= Math.min(most + NEARBY, letters.length); count++) {
    if (fits(count)) most = count;
  }
  return textLines(`${cut(most)} ${end}`, box);
}

/**
 * Breaks a text at spaces and between Chinese characters. Breaks after signs in names that are wider than a line, or if there are
 * too many lines otherwise; and anywhere in a piece that is wider still. The rest becomes an ellipsis. Every line fits `width`, if
 * an ellipsis does.
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

/** All lines of a text. `inWords`: breaks names to fill a line too, not only where they are wider than a line. */
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

/** The width of the widest line, in pixels. */
export function widestLine(lines: readonly string[], px: number, measure: Measure): number {
  return Math.max(0, ...lines.map((line) => measure(line, px)));
}

/** The least width in pixels at which no line ends inside a word. */
export function widestPiece(text: string, px: number, measure: Measure): number {
  const words = pieces(text, mayEndBetween).map((piece) => piece.trimEnd());
  return widestLine(words, px, measure);
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
