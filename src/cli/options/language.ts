/** @file The language of a run: as typed, else the system's. It is known before the arguments are read. */

import { LANGUAGES, type Language } from "../../language/languages.js";
import type { Host } from "../terminal/host.js";

/** The language of messages. Arguments that are wrong are reported later, in this language. */
export function languageOf(argv: readonly string[], env: Host["env"]): Language {
  return typedLanguage(argv) ?? (/^zh\b|^zh_/i.test(localeOf(env)) ? "zh" : "en");
}

function typedLanguage(argv: readonly string[]): Language | undefined {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const at = words.findIndex((word) => /^--lang(=|$)/i.test(word));
  const value = at < 0 ? undefined : (words[at]!.split("=")[1] ?? words[at + 1]);
  return LANGUAGES.find((language) => language === value?.toLowerCase());
}

/** POSIX's order of variables: the first that is set counts. Where none is set, the system's language counts. */
function localeOf(env: Host["env"]): string {
  return env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || Intl.DateTimeFormat().resolvedOptions().locale;
}
