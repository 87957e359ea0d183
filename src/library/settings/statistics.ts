/** @file Mean and std: from the call, the file's metadata, its normalising module, its training state, or the architecture. */

import { badArgument } from "../../errors.js";
import type { FileValue } from "../file/training-state.js";
import { areMixed, areOfBytes, ofUnit } from "./statistics-scale.js";
import { STATE_SETTINGS } from "./state-settings.js";
import type { FileWord, SettingFacts } from "./settings.js";
import { isSame, type SettingResolver } from "./setting-resolver.js";
import { countText, say } from "../../language/say.js";

type Statistic = "mean" | "std";
type Both<T> = { readonly [S in Statistic]: T };
type Statistics = Both<readonly number[]>;

const both = <T>(make: (what: Statistic) => T): Both<T> => ({ mean: make("mean"), std: make("std") });

export function resolveStatistics(
  resolver: SettingResolver,
  model: SettingFacts,
  usually: string,
): Statistics {
  const said = inFile(resolver, model);
  const usual = usualStatistics(model);
  return both((what) => {
    const chosen = resolver.chosen(what);
    const full = chosen && perChannel(what, chosen, model.channels);
    for (const word of said[what]) resolver.record(againstChosen(word, full));
    const [first] = said[what];
    const used = first?.used ? (first.value as readonly number[]) : undefined;
    return resolver.choose(what, full ?? used, usual[what], usually);
  });
}

/** The record of a file's value where another one may be chosen. */
function againstChosen(word: FileWord, chosen: readonly number[] | undefined): FileWord {
  if (chosen === undefined || !word.used || sameNumbers(chosen, word.value as number[])) return word;
  return { ...word, used: false, note: say`said otherwise by option or metadata` };
}

/** The file's values of each. The first is used, unless it has a note that says why not. */
function inFile(resolver: SettingResolver, model: SettingFacts): Both<readonly FileWord[]> {
  const { normalizer, channels } = model;
  const said = both((what) => resolver.findOne(what, STATE_SETTINGS[what]));
  const raw = both((what) => said[what]?.value);
  const words = both((what): FileWord[] => {
    const one = said[what];
    return one ? [wordOf(what, one, raw, channels)] : [];
  });
  if (normalizer === undefined) return words;
  const values = both((what) => normalizer[what].value);
  return both((what) => {
    const own = wordOf(what, normalizer[what], values, channels);
    const others = words[what].map((word) =>
      isSame(word.value, own.value)
        ? word
        : {
            ...word,
            used: false,
            note: say`${normalizer[what].from} is used, of the file's normalising module`,
          },
    );
    return [own, ...others];
  });
}

function wordOf(
  what: Statistic,
  { value, from }: FileValue<readonly number[]>,
  statistics: Both<readonly number[] | undefined>,
  channels: number,
): FileWord {
  const word = { what, value, from };
  if (areMixed(statistics))
    return { ...word, used: false, note: say`mean and std are of samples in 0..255 and in 0..1` };
  if (value.length !== 1 && value.length !== channels)
    return { ...word, used: false, note: say`${value.length} values for ${channels} channels` };
  const bytes = areOfBytes(statistics);
  const full = expanded(bytes ? ofUnit(value) : value, channels);
  return {
    ...word,
    value: full,
    used: true,
    ...(bytes && { note: say`${value.join(",")} of samples 0..255` }),
  };
}

const expanded = (values: readonly number[], channels: number): readonly number[] =>
  values.length === 1 ? new Array<number>(channels).fill(values[0]!) : values;

/** A single value is used for all channels. */
function perChannel(what: string, values: readonly number[], channels: number): readonly number[] {
  if (values.length === 1 || values.length === channels) return expanded(values, channels);
  throw badArgument(
    say`${what} has ${values.length} values, but the model's pictures have ${countText(channels, "channel")}: give one a channel, or one for all`,
  );
}

/** A model of grey pictures uses the mean of the colours' statistics. */
export function usualStatistics({ usual, channels }: Pick<SettingFacts, "usual" | "channels">): Statistics {
  if (channels === usual.mean.length) return usual;
  const average = (values: readonly number[]): number =>
    values.reduce((sum, v) => sum + v, 0) / values.length;
  return both((what) => expanded([average(usual[what])], channels));
}

/** Some write statistics with three digits, some with four. */
export const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, i) => Math.abs(value - b[i]!) <= 5e-4 * Math.max(Math.abs(value), 1e-3));
