/** @file The language: the one that was chosen, else the browser's. */

import { WORDS, type Language } from "../text/words.js";
import { switchMessages } from "./engine.js";
import { findAvailability } from "./explain.js";
import { language, model, notify } from "./store.js";

const KEY = "gradlens-language";

export function rememberedLanguage(): Language {
  const kept = read();
  if (kept !== null && kept in WORDS) return kept as Language;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The library's messages change with the page's words; reasons that the page shows are asked for again. */
export async function toggleLanguage(): Promise<void> {
  const next = language.value === "en" ? "zh" : "en";
  try {
    await switchMessages(next);
  } catch (error) {
    notify((error as Error).message);
    return;
  }
  language.value = next;
  if (model.value !== undefined) void findAvailability();
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
