/** @file The language: the one that was chosen, else the browser's. */

import { WORDS, type Language } from "../text/words.js";
import { language } from "./store.js";

const KEY = "gradlens-language";

export function rememberedLanguage(): Language {
  const kept = read();
  if (kept !== null && kept in WORDS) return kept as Language;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function toggleLanguage(): void {
  language.value = language.value === "en" ? "zh" : "en";
  try {
    localStorage.setItem(KEY, language.value);
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
