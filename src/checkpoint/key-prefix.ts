/** @file The wrapper prefix of a checkpoint's keys: `densenet121.`, `backbone.net.`, whatever makes the most keys fit. */

import type { CheckpointTensor } from "./types.js";

export interface KeyedTensor {
  /** The file's key. */
  readonly from: string;
  readonly tensor: CheckpointTensor;
  /** Its parts between dots, without transparent wrappers. */
  readonly parts: readonly string[];
}

/**
 * Modules that PyTorch puts around others without being part of a model: DataParallel and DistributedDataParallel,
 * torch.compile, FSDP, activation checkpointing. They may stand anywhere in a key.
 */
const TRANSPARENT = new Set(["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"]);

/** Names by which the module that makes the logits goes, alone or inside a Sequential. */
export const HEAD_NAME = /^(?:classifier|fc|head|heads|linear|last_linear)(?:\.(?:\d+|fc|head))?$/;

/** Copies that training keeps beside the weights proper. */
const AVERAGED = /ema|teacher|momentum|swa|averaged/i;

/** So many wrappers are peeled at most, and a key of more parts is no model's: a hostile file's keys cost no more than others. */
const MAX_DEPTH = 8;
const MAX_PARTS = 64;

export const transparent = (key: string): string[] => key.split(".").filter((part) => !TRANSPARENT.has(part));

/**
 * The prefix under which the most expected keys are found; where several are equal, the weights proper before averaged copies,
 * then the shortest, then the first in the file. The others that are equal are told.
 * @param rewrite a key of another spelling to the model's
 * @param wanted the prefix that the user asks for
 */
export function findPrefix(
  keyed: readonly KeyedTensor[],
  expected: ReadonlyMap<string, unknown>,
  rewrite: (key: string) => string,
  wanted?: string,
): { prefix: string; alternatives: string[] } {
  const found = new Map<string, Set<string>>();
  for (const { parts } of keyed) {
    if (parts.length > MAX_PARTS) continue;
    for (let depth = 0; depth < Math.min(parts.length, MAX_DEPTH); depth++) {
      const key = rewrite(parts.slice(depth).join("."));
      if (!expected.has(key)) continue;
      const prefix = parts.slice(0, depth).join(".");
      let keys = found.get(prefix);
      if (keys === undefined) found.set(prefix, (keys = new Set()));
      keys.add(key);
    }
  }
  const size = (prefix: string) => found.get(prefix)?.size ?? 0;
  const most = [...found.values()].reduce((n, keys) => Math.max(n, keys.size), 0);
  const depthOf = (prefix: string) => (prefix === "" ? 0 : prefix.split(".").length);
  const best = [...found.keys()]
    .filter((prefix) => size(prefix) === most)
    .sort((a, b) => Number(AVERAGED.test(a)) - Number(AVERAGED.test(b)) || depthOf(a) - depthOf(b));
  const prefix = wanted === undefined ? (best[0] ?? "") : transparent(wanted).join(".");
  return { prefix, alternatives: best.filter((other) => other !== prefix) };
}
