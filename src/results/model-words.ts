/** @file Formats the notes on a model: settings in its file, and assumptions. */

import type { Assumption, FileWord } from "../library/settings/settings.js";
import { shownValue } from "../library/settings/setting-resolver.js";
import { phrase, say, translated } from "../language/say.js";

type Assumed = Assumption["what"];

/** The names of assumptions about the network itself, which have no option. */
const ASSUMED_WORDS: Readonly<Partial<Record<Assumed, string>>> = {
  positions: phrase`positions`,
  head: phrase`head`,
  pooling: phrase`pooling`,
  padding: phrase`padding`,
  modules: phrase`modules of`,
  forward: phrase`forward of`,
  hooks: phrase`forward hooks`,
};

/** The name of such an assumption; undefined if an option sets it. */
export function assumedName(what: string): string | undefined {
  const name = Object.hasOwn(ASSUMED_WORDS, what) ? ASSUMED_WORDS[what as Assumed] : undefined;
  return name === undefined ? undefined : translated(name);
}

/** An assumption: `--mean 0.5,0.5,0.5: ...` if an option sets it, else its name and value. */
export function assumptionText({ what, value, because }: Assumption): string {
  const name = assumedName(what) ?? `--${what}`;
  const setting = value === true ? name : `${name} ${settingText(what, value)}`;
  return say`${setting}: ${because}`;
}

/** `mean 0.5,0.5,0.5 (args.mean)`, and whether it is used. */
export function fileWordText({ what, value, from, used, note }: FileWord): string {
  const use = used ? note : say`not used: ${note ?? say`said otherwise`}`;
  const setting = `${assumedName(what) ?? what} ${settingText(what, value)} (${from})`;
  return use === undefined ? setting : say`${setting}; ${use}`;
}

/** A setting as its option is typed; of labels the count. */
export const settingText = (what: string, value: unknown): string =>
  what === "size" && Array.isArray(value)
    ? value.join("x")
    : what === "labels" && Array.isArray(value)
      ? say`of ${value.length} classes`
      : shownValue(value);
