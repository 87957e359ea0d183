/** @file Options kept beside a weights file: `<weights file>.gradlens.json`, a JSON object of option names and values. */

import { fileError, hasSystemCode, readText } from "../terminal/file-errors.js";
import { parseSettings } from "../../options/settings-text.js";
import type { OptionValues } from "../../options/table.js";
import { say } from "../../language/say.js";

/** Lists of labels can be long; a larger file is refused. */
const MOST_BYTES = 16_000_000;

export function settingsFileOf(weights: string): string {
  return `${weights}.gradlens.json`;
}

/**
 * The options kept beside `weights`; undefined without such a file.
 * @throws GradlensError "bad-file", "bad-argument"
 */
export async function readSettingsFile(weights: string): Promise<OptionValues | undefined> {
  const file = settingsFileOf(weights);
  let text: string;
  try {
    text = await readText(file, MOST_BYTES);
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENAMETOOLONG")) return undefined;
    throw fileError(error, say`settings`, file, say`fix or remove it`);
  }
  return parseSettings(text, file);
}
