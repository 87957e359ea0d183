/** @file Groups unused tensors of the weights file by reason, for the manifest and for messages. */

import type { UnusedTensor } from "../checkpoint/unused-tensors.js";
import { countText, say } from "../language/say.js";

export interface UnusedRecord {
  readonly because: string;
  readonly count: number;
  /** The names of the first tensors, at most MOST_NAMES. */
  readonly keys: readonly string[];
}

/** A copy of a large model has hundreds of tensors. The reason holds their prefix. */
const MOST_NAMES = 20;

export function unusedRecords(unused: readonly UnusedTensor[]): UnusedRecord[] {
  const groups = new Map<string, string[]>();
  for (const { key, because } of unused) groups.set(because, [...(groups.get(because) ?? []), key]);
  return [...groups].map(([because, keys]) => ({
    because,
    count: keys.length,
    keys: keys.slice(0, MOST_NAMES),
  }));
}

/** A line for each reason. Counters and tables that all files of such models hold are left out. */
export const unusedLines = (unused: readonly UnusedTensor[]): string[] =>
  unusedRecords(unused.filter(({ unreported }) => !unreported)).map(
    ({ because, count, keys }) =>
      say`${countText(count, "tensor")} unused (${keys[0]}${count > 1 ? ", ..." : ""}): ${because}`,
  );
