/**
 * @file Tensors besides the parameters that a file may hold, because they cannot change the output. The list is closed: any other
 * tensor means another network.
 */

import type { KeyedTensor } from "./key-prefix.js";
import { phrase, say, translated } from "../language/say.js";

export interface UnusedTensor {
  /** The file's key. */
  readonly key: string;
  /** Why it cannot change the output. */
  readonly because: string;
  /** Every file of such models has it, so it is not reported. */
  readonly unreported?: true;
}

interface Harmless {
  readonly because: string;
  /** Matches the key without transparent wrappers. */
  readonly key: RegExp;
  readonly unreported?: true;
  /** What the file must have beside it, below the same prefix. */
  readonly beside?: string;
}

/** The module of a metric, and torchmetrics' names for its states. */
const METRIC = String.raw`\w*(?:acc|accuracy|auc|auroc|f1|precision|recall|specificity|kappa|confmat|metrics?)\w*`;
const METRIC_STATE = "tp|fp|tn|fn|correct|total|confmat|preds|target|sum_value|mean_value";

const HARMLESS: readonly Harmless[] = [
  {
    because: phrase`a counter of training steps`,
    key: /(?:^|\.)(?:num_batches_tracked|n_averaged)$/,
    unreported: true,
  },
  {
    because: phrase`a table that follows from the architecture`,
    key: /(?:^|\.)(?:relative_position_index|attn_mask|embeddings\.position_ids)$/,
    unreported: true,
  },
  { because: phrase`torchxrayvision's thresholds of the scores`, key: /(?:^|\.)op_threshs$/ },
  {
    because: phrase`part of the loss`,
    key: /^(?:[\w.]+\.)?(?:criterions?|loss|loss_fn|loss_func|loss_fct|loss_function|\w*_criterion|\w*_loss)(?:\.|$)/,
  },
  {
    because: phrase`a weight of the loss`,
    key: /(?:^|\.)(?:pos_weight|class_weights?|loss_weights?)$/,
  },
  {
    because: phrase`the state of a metric`,
    key: new RegExp(String.raw`^(?:[\w.]+\.)?${METRIC}\.(?:\w+\.)*(?:${METRIC_STATE})$`, "i"),
  },
  { because: phrase`a count of thop's profiler`, key: /(?:^|\.)total_(?:ops|params)$/ },
  { because: phrase`the token of masked pretraining`, key: /(?:^|\.)mask_token$/ },
  {
    because: phrase`a number of CLIP's that its other tensors show`,
    key: /(?:^|\.)(?:input_resolution|context_length|vocab_size)$/,
    beside: "visual.",
  },
  { because: phrase`MoCo's queue of negative keys`, key: /^queue(?:_ptr)?$/ },
];

/** Longer than any module's path. Patterns need seconds on longer keys of a hostile file. */
const MAX_KEY = 1000;

function kindOf(path: string, keys: readonly string[]): Harmless | undefined {
  const prefix = path.slice(0, path.lastIndexOf(".") + 1);
  const isBeside = (mark: string): boolean => keys.some((key) => key.startsWith(prefix + mark));
  return path.length > MAX_KEY
    ? undefined
    : HARMLESS.find(({ key, beside }) => key.test(path) && (beside === undefined || isBeside(beside)));
}

/** True if a tensor of this name cannot change the output. @param keys of the file; both without transparent wrappers */
export const isHarmless = (path: string, keys: readonly string[]): boolean =>
  kindOf(path, keys) !== undefined;

/** A test for keys of a model's auxiliary classifiers, without transparent wrappers. @param prefix of the model, dotted */
export function auxiliaryBelow(prefix: string, keys: readonly string[] = []): (path: string) => boolean {
  const paths = new Set(keys.map((key) => (prefix === "" ? key : `${prefix}.${key}`)));
  return (path) => paths.has(path);
}

/** What the matched model says of a file's other tensors. */
export interface Beside {
  /** Prefixes under which the file has the whole model again. */
  readonly copies: readonly string[];
  /** Tests for the keys, without transparent wrappers, of a classifier that runs in training alone. */
  readonly isAuxiliary: (path: string) => boolean;
}

/** Divides the tensors without a parameter into those that cannot change the output, and the others. */
export function sortUnused(
  keyed: readonly KeyedTensor[],
  used: ReadonlySet<string>,
  { copies, isAuxiliary }: Beside,
): { unused: UnusedTensor[]; foreign: KeyedTensor[] } {
  const storages = new Map<object, string>();
  for (const { from, tensor } of keyed) {
    if (used.has(from) && tensor.storage !== undefined) storages.set(tensor.storage, from);
  }
  const keys = keyed.map(({ parts }) => parts.join("."));
  const unused: UnusedTensor[] = [];
  const foreign: KeyedTensor[] = [];
  for (const one of keyed) {
    const { from, tensor, parts } = one;
    if (used.has(from)) continue;
    const path = parts.join(".");
    const copy = copies.find((prefix) => prefix === "" || path.startsWith(`${prefix}.`));
    const alias = tensor.storage && storages.get(tensor.storage);
    const kind = kindOf(path, keys);
    let because = kind && translated(kind.because);
    if (kind === undefined) {
      if (isAuxiliary(path)) because = say`an auxiliary classifier, which runs in training alone`;
      else if (alias !== undefined) because = say`the same memory as ${alias}`;
      else if (copy !== undefined)
        because = say`part of a second copy of the model, ${copy || say`at the root`}`;
    }
    if (because === undefined) foreign.push(one);
    else unused.push({ key: from, because, ...(kind?.unreported && { unreported: true }) });
  }
  return { unused, foreign };
}
