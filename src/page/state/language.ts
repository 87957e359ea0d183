/** @file The page's language: the chosen one, else the browser's. */

import { LANGUAGES, type Language } from "../../language/languages.js";
import { ENGLISH, type PageWords } from "../text/words.js";
import { isRunning, sayAgain, switchMessages } from "./engine.js";
import { findAvailability, sayFlatAgain } from "./explain.js";
import { describeAgain } from "./model.js";
import { language, model, notices, notify, words } from "./store.js";
import { messageOf } from "./current-task.js";

const KEY = "gradlens-language";

const WORDS: Readonly<Record<Language, () => PageWords | Promise<PageWords>>> = {
  en: () => ENGLISH,
  zh: async () => (await import("../text/words-zh.js")).CHINESE,
};

/** Shows the page in a language, once its words are loaded. */
export async function speak(wanted: Language): Promise<void> {
  words.value = await WORDS[wanted]();
  language.value = wanted;
}

/** As `speak`. If the words arrive after the engine has started, its messages switch too. */
export async function speakFirst(wanted: Language): Promise<void> {
  await speak(wanted);
  if (!isRunning()) return;
  await switchMessages(wanted);
  sayAllAgain();
}

/** Formats the shown messages of the library again, in the current language. */
function sayAllAgain(): void {
  const ofModel = model.value === undefined ? [] : [findAvailability(), describeAgain(), sayFlatAgain()];
  Promise.all([sayNoticesAgain(), ...ofModel]).catch((error: unknown) => notify(messageOf(error)));
}

async function sayNoticesAgain(): Promise<void> {
  for (const notice of notices.value) {
    if (typeof notice.text !== "string") continue;
    const text = await sayAgain(notice.text);
    notices.value = notices.value.map((one) => (one === notice ? { ...one, text } : one));
  }
}

export function rememberedLanguage(): Language {
  const kept = read();
  const found = LANGUAGES.find((one) => one === kept);
  return found ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
}

/** Switches the page's words and the library's messages. Shown messages are requested again. */
export async function toggleLanguage(): Promise<void> {
  const wanted = language.value === "en" ? "zh" : "en";
  try {
    await switchMessages(wanted);
    await speak(wanted);
  } catch (error) {
    notify(messageOf(error));
    return;
  }
  sayAllAgain();
  try {
    localStorage.setItem(KEY, wanted);
  } catch {
    // A browser without storage still switches.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
