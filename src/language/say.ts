/**
 * @file Messages in the user's language, as gettext does it: a message is written in English where it is made, and its
 * English template is its key in a catalogue. Without a catalogue it is the English text.
 */

/** English templates with numbered places, as "{0} has no class {1}", and what they are in another language. */
export type Catalogue = Readonly<Record<string, string>>;

/** What a template's places may hold; parts that are words are said by themselves. */
type Value = string | number | bigint | boolean | undefined | null;

interface Template {
  readonly key: string;
  readonly values: readonly Value[];
}

let catalogue: Catalogue | undefined;

/** The templates of phrases with places, by their English text. */
const phrases = new Map<string, Template>();

/** How the last messages are said once more, by their text; undefined where none is kept. */
let recent: Map<string, () => string> | undefined;
const MOST_RECENT = 100;

/** The key of each template in the source. */
const keys = new WeakMap<readonly string[], string>();

/** From now on messages come from this catalogue; undefined: English. One for all of a program or a worker. */
export function setCatalogue(of: Catalogue | undefined): void {
  catalogue = of;
}

/** From now on the last messages are kept, for `saidAgain`: a page stays open while its language changes. */
export function keepMessages(): void {
  recent ??= new Map();
}

/** The tag of a message: its text, in English or from the catalogue. */
export function say(parts: TemplateStringsArray, ...values: readonly Value[]): string {
  const text = (catalogue && lookUp(keyOf(parts), values)) ?? joined(parts, values);
  return remembered(text, () =>
    say(parts, ...values.map((value) => (typeof value === "string" ? saidAgain(value) : value))),
  );
}

/**
 * A message that was kept, in the language of now; also behind a name and a colon. Any other text stays as it is.
 */
export function saidAgain(text: string): string {
  const own = recent?.get(text);
  if (own !== undefined) return own();
  const at = text.indexOf(": ") + 2;
  const rest = recent?.get(text.slice(at));
  return at > 1 && rest !== undefined ? text.slice(0, at) + rest() : text;
}

function remembered(text: string, again: () => string): string {
  if (recent === undefined) return text;
  recent.delete(text);
  recent.set(text, again);
  const [oldest] = recent.keys();
  if (recent.size > MOST_RECENT && oldest !== undefined) recent.delete(oldest);
  return text;
}

/**
 * The tag of a text that is made before the language is known, as in a table. It stays English; `translated` gives it in the
 * language where it is printed.
 */
export function phrase(parts: TemplateStringsArray, ...values: readonly Value[]): string {
  const text = joined(parts, values);
  if (values.length > 0) phrases.set(text, { key: keyOf(parts), values });
  return text;
}

/** A phrase, or a text of a table whose texts are keys of the catalogue. Any other text stays as it is. */
export function translated(text: string): string {
  const { key, values } = phrases.get(text) ?? { key: text, values: [] };
  return remembered(lookUp(key, values) ?? text, () => translated(text));
}

/** `1 map`, `3 maps`. The catalogue has the plural, as "{0} maps". */
export const countText = (count: number, what: string): string =>
  remembered(lookUp(`{0} ${what}s`, [count]) ?? `${count} ${what}${count === 1 ? "" : "s"}`, () =>
    countText(count, what),
  );

function lookUp(key: string, values: readonly Value[]): string | undefined {
  const text = catalogue !== undefined && Object.hasOwn(catalogue, key) ? catalogue[key] : undefined;
  return text?.replace(/\{(\d+)\}/g, (place: string) => String(values[Number(place.slice(1, -1))]));
}

const joined = (parts: readonly string[], values: readonly Value[]): string =>
  parts.reduce((text, part, i) => text + String(values[i - 1]) + part);

/** A template with its places numbered. */
function keyOf(parts: readonly string[]): string {
  const known = keys.get(parts);
  if (known !== undefined) return known;
  const key = parts.reduce((text, part, i) => `${text}{${i - 1}}${part}`);
  keys.set(parts, key);
  return key;
}
