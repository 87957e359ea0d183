/** @file Finds the wrapper prefix of a checkpoint's keys, such as `backbone.net.`: the one under which the most keys match. */

import type { CheckpointTensor } from "./types.js";
import { valueAt } from "./value-at.js";

export interface KeyedTensor {
  /** The file's key. */
  readonly from: string;
  readonly tensor: CheckpointTensor;
  /** Its parts between dots, without transparent wrappers. */
  readonly parts: readonly string[];
}

/**
 * Wrappers that PyTorch adds without changing the model: DataParallel and DistributedDataParallel, torch.compile, FSDP,
 * activation checkpointing. They occur anywhere in a key.
 */
const TRANSPARENT = new Set(["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"]);

/** Copies of the weights from training, such as averages. */
const AVERAGED =
  /(?:^|[._])(?:ema|swa|avg|averaged?|shadow|attacker|teacher|momentum|target|encoder_k)(?:[._]|\d|$)|ema_?model|model_?ema|swa_?model/i;

/** Models of one training that are used one at a time. Other models side by side may be an ensemble whose outputs are averaged. */
const FOLD = /(?:^|[._])fold_?\d*(?:[._]|$)/i;

/** Limits on wrappers and on a key's parts, against a hostile file's keys. */
const MAX_DEPTH = 8;
const MAX_PARTS = 64;

export const transparent = (key: string): string[] => key.split(".").filter((part) => !TRANSPARENT.has(part));

export interface FoundPrefix {
  readonly prefix: string;
  /** Other prefixes with a copy of the whole model: folds, averaged weights, a teacher. */
  readonly copies: readonly string[];
}

/**
 * The prefix with the most expected keys. Among equals, the raw weights come before averaged copies, then the shortest prefix, then
 * the first in the file.
 * @param rename from a key of another spelling to the model's
 * @param isHead true for a key of the model's head
 * @param wanted the prefix that the user requests
 */
export function findPrefix(
  keyed: readonly KeyedTensor[],
  expected: ReadonlyMap<string, unknown>,
  rename: (key: string) => string,
  isHead: (key: string) => boolean,
  wanted?: string,
): FoundPrefix {
  const found = new Map<string, Set<string>>();
  for (const { parts } of keyed) {
    if (parts.length > MAX_PARTS) continue;
    for (let depth = 0; depth < Math.min(parts.length, MAX_DEPTH); depth++) {
      const key = rename(parts.slice(depth).join("."));
      if (!expected.has(key)) continue;
      const prefix = parts.slice(0, depth).join(".");
      valueAt(found, prefix, () => new Set()).add(key);
    }
  }
  const size = (prefix: string) => found.get(prefix)?.size ?? 0;
  const most = [...found.values()].reduce((n, keys) => Math.max(n, keys.size), 0);
  const depthOf = (prefix: string) => (prefix === "" ? 0 : prefix.split(".").length);
  const best = [...found.keys()]
    .filter((prefix) => size(prefix) === most)
    .sort((a, b) => Number(AVERAGED.test(a)) - Number(AVERAGED.test(b)) || depthOf(a) - depthOf(b));
  const prefix = wanted === undefined ? (best[0] ?? "") : transparent(wanted).join(".");
  const isCopy = (other: string): boolean => {
    const keys = found.get(other)!;
    // A second model beside the chosen one may be half of the network, unless its name says that it is a copy.
    const isAveraged = AVERAGED.test(other) && !AVERAGED.test(prefix);
    if (!isAveraged && !(FOLD.test(other) && FOLD.test(prefix))) return false;
    const mayLack = (key: string): boolean => isHead(key) && (isAveraged || key.endsWith(".bias"));
    return [...expected.keys()].every((key) => keys.has(key) || mayLack(key));
  };
  return { prefix, copies: [...found.keys()].filter((other) => other !== prefix && isCopy(other)) };
}
