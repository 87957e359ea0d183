/** @file Reads `--headings`: "proper", or a file of names and the words to print for them. */

import { resolve } from "node:path";
import { GradlensError } from "../../errors.js";
import { headingsOf, type Headings } from "../../figure/grid/headings.js";
import { readNotedText } from "../inputs/text-file.js";
import { isRecord, parseJsonText } from "../../text/json.js";
import { phrase, say, translated } from "../../language/say.js";

/** Most bytes of a file of headings. */
const MOST_BYTES = 16_000_000;

const PROPER = "proper";
const FORM = phrase`give lines of NAME = WORDS, or JSON as {"gradcam": "Grad-CAM"}`;

/**
 * @param given "proper", or files; of a name in several files the last counts
 * @throws GradlensError "bad-file"
 */
export async function readHeadings(
  given: readonly string[],
  cwd: string,
  onNote: (note: string) => void,
): Promise<Headings> {
  const own = new Map<string, string>();
  for (const file of given) {
    if (file === PROPER) continue;
    const source = { what: say`headings`, named: file, path: resolve(cwd, file) };
    const way = say`--headings names a file, or is ${PROPER}`;
    const { text, note } = await readNotedText(source, MOST_BYTES, way);
    if (note !== undefined) onNote(note);
    for (const [name, word] of parseHeadings(text, file)) own.set(name, word);
  }
  return headingsOf(own, given.includes(PROPER));
}

/**
 * Names and words from a file's text.
 * @throws GradlensError "bad-file"
 */
export function parseHeadings(text: string, file: string): [name: string, word: string][] {
  const plain = text.trim();
  if (plain.startsWith("{")) return fromJson(plain, file);
  return plain.split(/\r\n|\n|\r/).flatMap((line, i): [string, string][] => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    const at = line.indexOf("=");
    const [name, word] = [line.slice(0, Math.max(at, 0)).trim(), line.slice(at + 1).trim()];
    if (name === "") throw bad(file, say`has no name and words in line ${i + 1}: ${translated(FORM)}`);
    return [[name, word]];
  });
}

function fromJson(text: string, file: string): [name: string, word: string][] {
  const value = parseJsonText(text, (why) => bad(file, say`is not valid JSON (${why})`));
  const entries = isRecord(value) ? Object.entries(value) : [];
  return entries.map(([name, word]) => {
    if (typeof word === "string") return [name, word];
    throw bad(file, say`has no text for "${name}": ${translated(FORM)}`);
  });
}

const bad = (file: string, problem: string): GradlensError =>
  new GradlensError("bad-file", say`headings ${file} ${problem}`);
