/** @file Resolves each setting, and records what the file says and what is assumed. */

import { nearestWord, type FileWords, type Words, type WordNames } from "./file-words.js";
import type { Assumption, FileWord } from "./settings.js";
import { say } from "../language/say.js";

const NO_WORDS: FileWords = { facts: new Map(), stateDict: "" };

export class Settler {
  readonly assumed: Assumption[] = [];
  readonly said: FileWord[] = [];

  constructor(private readonly words: FileWords = NO_WORDS) {}

  /** The words of the training state, used or not. */
  find<T>(names: WordNames<T>): Words<T> {
    return nearestWord(this.words, names);
  }

  /** `chosen`, else the training state's value. A value that differs from `chosen` is recorded. */
  word<T>(what: FileWord["what"], chosen: T | undefined, names: WordNames<T>): T | undefined {
    const { said, disagreement } = this.find(names);
    if (said === undefined) {
      for (const { value, from } of disagreement?.between ?? [])
        this.say({ what, value, from, used: false, note: say`the file says two things: neither is used` });
      return chosen;
    }
    const used = chosen === undefined || isSame(chosen, said.value);
    this.say({ what, ...said, used, ...(!used && { note: say`said otherwise by option or metadata` }) });
    return chosen ?? said.value;
  }

  say(word: FileWord): void {
    this.said.push(word);
  }

  /** `chosen`, else the usual value, which is then an assumption. */
  choose<T>(what: Assumption["what"], chosen: T | undefined, usual: T, because: string): T {
    if (chosen !== undefined) return chosen;
    const unclear = this.said.filter((word) => word.what === what && !word.used);
    const but = unclear.map(({ value, from }) => `${from} ${shown(value)}`).join(say` and `);
    this.assumed.push({
      what,
      value: usual,
      because: but === "" ? because : say`${because}; the file says ${but}, which is not used`,
    });
    return usual;
  }
}

export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A value from a file, shortened for a message. */
export function shown(value: unknown): string {
  if (Array.isArray(value) && value.length > 4) return say`${value.length} values`;
  const text =
    typeof value === "string" ? value : Array.isArray(value) ? value.join(",") : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
