/** @file Finds a setting in a training state: the value nearest to the weights, under any of the names in use. */

import type { Json } from "../checkpoint/json.js";

/** Plain values beside the weights, and where the weights are. */
export interface FileWords {
  readonly facts: ReadonlyMap<string, Json>;
  readonly stateDict: string;
}

/** What a file says, and by which words. */
export interface Said<T> {
  readonly value: T;
  /** As "args.mean". */
  readonly from: string;
}

/** Values as near to the weights that do not agree: none of them is used. */
export interface Disagreement {
  readonly between: readonly Said<Json>[];
}

/** What people call a setting, and how its values are read; undefined for a value that is of something else. */
export interface WordNames<T> {
  readonly names: readonly string[];
  readonly ordered?: boolean;
  readonly read: (value: Json, path: readonly string[]) => T | undefined;
}

export type Words<T> = { readonly said?: Said<T>; readonly disagreement?: Disagreement };

/** Containers in which people keep settings; a `mean` in another one may be of anything. */
const CONTAINERS = new Set(
  `args arg argument arguments hparams hparam hyper_parameters hyperparameters datamodule_hyper_parameters params config
  configs configuration conf cfg opt opts options settings setting meta metadata info extra state data dataset datasets
  dataset_meta data_config data_cfg data_preprocessor datamodule transform transforms preprocess preprocessing
  preprocessor processor image_processor feature_extractor normalize normalization norm image images input model
  model_args model_config model_cfg model_kwargs model_params network net backbone encoder pretrained_cfg default_cfg
  pretrained_settings train training train_args val valid validation test eval experiment exp kwargs init_args main
  checkpoint dls loss losses criterion loss_fn`.split(/\s+/),
);

interface Candidate<T> extends Said<T> {
  readonly raw: Json;
  readonly rank: number;
  readonly distance: number;
}

/**
 * Every value called by one of `names` that `read` can make sense of, the nearest to the weights first; of equally near
 * ones in the order of the names.
 */
export function wordsCalled<T>(
  { facts, stateDict }: FileWords,
  names: readonly string[],
  read: (value: Json, path: readonly string[]) => T | undefined,
): Candidate<T>[] {
  const container = stateDict.split(".").slice(0, -1);
  const found = [...facts].flatMap(([from, raw]) => {
    const path = from.split(".");
    const rank = names.indexOf(path.at(-1)!.toLowerCase());
    if (rank < 0 || raw === null || !path.slice(0, -1).every((step) => isContainer(step, container)))
      return [];
    const value = read(raw, path);
    return value === undefined ? [] : [{ value, from, raw, rank, distance: distanceOf(path, container) }];
  });
  return found.sort((a, b) => a.distance - b.distance || a.rank - b.rank);
}

const isContainer = (step: string, around: readonly string[]): boolean =>
  CONTAINERS.has(step.toLowerCase()) || /^\d+$/.test(step) || around.includes(step);

/** Steps from the container of the weights to a value's. */
function distanceOf(path: readonly string[], container: readonly string[]): number {
  const own = path.slice(0, -1);
  const differs = own.findIndex((step, i) => step !== container[i]);
  const shared = differs < 0 ? own.length : differs;
  return container.length - shared + (own.length - shared);
}

/**
 * The nearest value. Where several are as near and differ, none: nobody knows which was meant.
 * @param ordered the names mean different things, of which the first says most
 */
export function nearestWord<T>(words: FileWords, { names, ordered = false, read }: WordNames<T>): Words<T> {
  const [first, ...rest] = wordsCalled(words, names, read);
  if (first === undefined) return {};
  const alike = rest.filter(
    ({ distance, rank }) => distance === first.distance && (!ordered || rank === first.rank),
  );
  const other = alike.find(({ value }) => JSON.stringify(value) !== JSON.stringify(first.value));
  if (other === undefined) return { said: { value: first.value, from: first.from } };
  return { disagreement: { between: [first, other].map(({ raw, from }) => ({ value: raw, from })) } };
}
