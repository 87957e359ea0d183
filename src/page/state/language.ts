/** @file The language: the one that was chosen, else the browser's. */

import { ENGLISH, LANGUAGES, type Language, type Words } from "../text/words.js";
import { language, words } from "./store.js";

const KEY = "gradlens-language";

const WORDS: Readonly<Record<Language, () => Words | Promise<Words>>> = {
  en: () => ENGLISH,
  zh: async () => (await import("../text/words-zh.js")).CHINESE,
};

/** Shows the page in a language, once its words are there. */
export async function speak(wanted: Language): Promise<void> {
  words.value = await WORDS[wanted]();
  language.value = wanted;
}

export function rememberedLanguage(): Language {
  const kept = read();
  const found = LANGUAGES.find((one) => one === kept);
  return found ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
}

export function toggleLanguage(): void {
  const wanted = language.value === "en" ? "zh" : "en";
  void speak(wanted);
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // A browser that keeps nothing still switches.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
