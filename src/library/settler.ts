/** @file Resolves each setting, and records what the file says and what is assumed. */

import { nearestWord, type FileWords, type Said, type WordNames } from "./file-words.js";
import type { MetadataSettings } from "./metadata.js";
import type { Assumption, FileWord, GivenSettings } from "./settings.js";
import { say } from "../language/say.js";

const NO_WORDS: FileWords = { facts: new Map(), stateDict: "" };

export class Settler {
  readonly assumed: Assumption[] = [];
  readonly said: FileWord[] = [];

  constructor(
    private readonly words: FileWords = NO_WORDS,
    readonly given: GivenSettings = {},
    readonly metadata: Partial<MetadataSettings> = {},
  ) {}

  /** The setting of the call, else of the file's metadata. */
  chosen<K extends keyof GivenSettings>(key: K) {
    return this.given[key] ?? this.metadata[key];
  }

  /** The words of the training state, used or not. */
  find<T>(names: WordNames<T>): Said<T> | undefined {
    return nearestWord(this.words, names).said;
  }

  /** The words of the training state. Values that disagree are recorded. */
  findOne<T>(what: FileWord["what"], names: WordNames<T>): Said<T> | undefined {
    const { said, disagreement = [] } = nearestWord(this.words, names);
    const note = say`the file says two things: neither is used`;
    for (const word of disagreement) this.say({ what, ...word, used: false, note });
    return said;
  }

  /**
   * `chosen`, else the training state's value. A value that differs from `chosen` is recorded.
   * @param problem the reason why a value of the training state cannot be used, if there is one
   */
  word<T>(
    what: FileWord["what"],
    chosen: T | undefined,
    names: WordNames<T>,
    problem: (value: T) => string | undefined = () => undefined,
  ): T | undefined {
    const said = this.findOne(what, names);
    if (said === undefined) return chosen;
    const otherwise = isSame(chosen, said.value) ? undefined : say`said otherwise by option or metadata`;
    const note = chosen === undefined ? problem(said.value) : otherwise;
    const used = note === undefined;
    this.say({ what, ...said, used, ...(!used && { note }) });
    return chosen ?? (used ? said.value : undefined);
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
