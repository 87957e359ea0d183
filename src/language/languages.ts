/** @file The languages of messages, and the switch between them. */

import { badArgument } from "../errors.js";
import { say, setCatalogue } from "./say.js";

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * Messages are in this language from now on: of errors, notes, reasons and progress. English is the default. It holds for
 * all that runs in this program or worker; the catalogue of Chinese is loaded the first time.
 * @throws GradlensError "bad-argument" for another language
 */
export async function setLanguage(language: Language): Promise<void> {
  if (!LANGUAGES.includes(language)) {
    const known = LANGUAGES.join(", ");
    throw badArgument(say`language "${String(language)}" is not one of ${known}`);
  }
  setCatalogue(language === "zh" ? (await import("./zh/index.js")).CHINESE : undefined);
}
