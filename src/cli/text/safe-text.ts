/** @file Texts that cannot garble a terminal. */

/** What a terminal may interpret as a command, or shows in another order: control characters, line separators, marks of direction. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const hex = (character: string, digits: number): string =>
  character.codePointAt(0)!.toString(16).padStart(digits, "0");

/** A text as one line: line breaks become spaces, other control characters (of file names, say) visible. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").replace(UNSAFE, (c) => `\\x${hex(c, 2)}`);
}

/** Lines with control characters visible, in the way that JSON has too. */
export function safeLines(text: string): string {
  return text.replace(UNSAFE, (c) => (c === "\n" ? c : `\\u${hex(c, 4)}`));
}
