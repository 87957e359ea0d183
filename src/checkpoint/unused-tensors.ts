/**
 * @file Tensors besides the parameters that a file may hold, because they cannot change the output. The list is closed: any other
 * tensor means another network.
 */

import type { KeyedTensor } from "./key-prefix.js";

export interface UnusedTensor {
  /** The file's key. */
  readonly key: string;
  /** Why it cannot change the output. */
  readonly because: string;
  /** Every file of such models has it, so it is not reported. */
  readonly usual?: true;
}

interface Harmless {
  readonly because: string;
  /** Matches the key without transparent wrappers. */
  readonly key: RegExp;
  readonly usual?: true;
}

/** The module of a metric, and torchmetrics' names for its states. */
const METRIC = String.raw`\w*(?:acc|accuracy|auc|auroc|f1|precision|recall|specificity|kappa|confmat|metrics?)\w*`;
const METRIC_STATE = "tp|fp|tn|fn|correct|total|confmat|preds|target|sum_value|mean_value";

const HARMLESS: readonly Harmless[] = [
  { because: "a counter of training steps", key: /(?:^|\.)(?:num_batches_tracked|n_averaged)$/, usual: true },
  {
    because: "a table that follows from the architecture",
    key: /(?:^|\.)(?:relative_position_index|attn_mask|embeddings\.position_ids)$/,
    usual: true,
  },
  {
    because: "an auxiliary classifier, which runs in training alone",
    key: /(?:^|\.)(?:AuxLogits|aux[12])\.(?:conv[01]?\.(?:conv|bn)|fc[12]?)\.\w+$/,
  },
  { because: "torchxrayvision's thresholds of the scores", key: /(?:^|\.)op_threshs$/ },
  {
    because: "part of the loss",
    key: /^(?:[\w.]+\.)?(?:criterions?|loss|loss_fn|loss_func|loss_fct|loss_function|\w*_criterion|\w*_loss)(?:\.|$)/,
  },
  {
    because: "a weight of the loss",
    key: /(?:^|\.)(?:pos_weight|class_weights?|loss_weights?)$/,
  },
  {
    because: "the state of a metric",
    key: new RegExp(String.raw`^(?:[\w.]+\.)?${METRIC}\.(?:\w+\.)*(?:${METRIC_STATE})$`, "i"),
  },
  { because: "a count of thop's profiler", key: /(?:^|\.)total_(?:ops|params)$/ },
  { because: "the token of masked pretraining", key: /(?:^|\.)mask_token$/ },
  {
    because: "a number of CLIP's that its other tensors show",
    key: /(?:^|\.)(?:input_resolution|context_length|vocab_size)$/,
  },
  { because: "MoCo's queue of negative keys", key: /^queue(?:_ptr)?$/ },
];

/** Longer than any module's path. Patterns would take seconds on longer keys of a hostile file. */
const MAX_KEY = 1000;

const kindOf = (path: string): Harmless | undefined =>
  path.length > MAX_KEY ? undefined : HARMLESS.find(({ key }) => key.test(path));

/** True if a tensor of this name (without transparent wrappers) cannot change the output. */
export const isHarmless = (path: string): boolean => kindOf(path) !== undefined;

/** Divides the tensors without a parameter into those that cannot change the output, and the others. */
export function sortUnused(
  keyed: readonly KeyedTensor[],
  used: ReadonlySet<string>,
  copies: readonly string[],
): { unused: UnusedTensor[]; foreign: KeyedTensor[] } {
  const storages = new Map<object, string>();
  for (const { from, tensor } of keyed) {
    if (used.has(from) && tensor.storage !== undefined) storages.set(tensor.storage, from);
  }
  const unused: UnusedTensor[] = [];
  const foreign: KeyedTensor[] = [];
  for (const one of keyed) {
    const { from, tensor, parts } = one;
    if (used.has(from)) continue;
    const path = parts.join(".");
    const copy = copies.find((prefix) => prefix === "" || path.startsWith(`${prefix}.`));
    const alias = tensor.storage && storages.get(tensor.storage);
    const kind = kindOf(path);
    if (kind) unused.push({ key: from, because: kind.because, ...(kind.usual && { usual: true }) });
    else if (alias !== undefined) unused.push({ key: from, because: `the same memory as ${alias}` });
    else if (copy !== undefined)
      unused.push({ key: from, because: `part of a second copy of the model, ${copy || "at the root"}` });
    else foreign.push(one);
  }
  return { unused, foreign };
}
