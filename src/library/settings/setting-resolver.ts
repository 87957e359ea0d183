/** @file Resolves each setting, and records what the file says and what is assumed. */

import {
  nearestValue,
  type TrainingState,
  type FileValue,
  type SettingNames,
} from "../file/training-state.js";
import type { MetadataSettings } from "../file/metadata.js";
import type { Assumption, FileWord, GivenSettings } from "./settings.js";
import { say } from "../../language/say.js";

const NO_STATE: TrainingState = { facts: new Map(), stateDict: "" };

export class SettingResolver {
  readonly assumed: Assumption[] = [];
  readonly said: FileWord[] = [];

  constructor(
    private readonly state: TrainingState = NO_STATE,
    readonly given: GivenSettings = {},
    readonly metadata: Partial<MetadataSettings> = {},
  ) {}

  /** The setting of the call, else of the file's metadata. */
  chosen<K extends keyof GivenSettings>(key: K) {
    return this.given[key] ?? this.metadata[key];
  }

  /** The nearest value in the training state, used or not. */
  find<T>(names: SettingNames<T>): FileValue<T> | undefined {
    return nearestValue(this.state, names).said;
  }

  /** The same, if no other value disagrees. Values that disagree are recorded. */
  findOne<T>(what: FileWord["what"], names: SettingNames<T>): FileValue<T> | undefined {
    const { said, disagreement = [] } = nearestValue(this.state, names);
    const note = say`the file says two things: neither is used`;
    for (const word of disagreement) this.record({ what, ...word, used: false, note });
    return said;
  }

  /**
   * `chosen`, else the training state's value. A value that differs from `chosen` is recorded.
   * @param problem gives the reason why a value of the training state cannot be used
   */
  resolve<T>(
    what: FileWord["what"],
    chosen: T | undefined,
    names: SettingNames<T>,
    problem: (value: T) => string | undefined = () => undefined,
  ): T | undefined {
    const said = this.findOne(what, names);
    if (said === undefined) return chosen;
    const otherwise = isSame(chosen, said.value) ? undefined : say`said otherwise by option or metadata`;
    const note = chosen === undefined ? problem(said.value) : otherwise;
    const used = note === undefined;
    this.record({ what, ...said, used, ...(!used && { note }) });
    return chosen ?? (used ? said.value : undefined);
  }

  record(word: FileWord): void {
    this.said.push(word);
  }

  /** `chosen`, else the usual value, which is then an assumption. */
  choose<T>(what: Assumption["what"], chosen: T | undefined, usual: T, because: string): T {
    if (chosen !== undefined) return chosen;
    const unclear = this.said.filter((word) => word.what === what && !word.used);
    const but = unclear.map(({ value, from }) => `${from} ${shownValue(value)}`).join(say` and `);
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
export function shownValue(value: unknown): string {
  if (Array.isArray(value) && value.length > 4) return say`${value.length} values`;
  const text =
    typeof value === "string" ? value : Array.isArray(value) ? value.join(",") : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
