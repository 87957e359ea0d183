/** @file Finds a setting in a training state: the value nearest to the weights, under any of the names in use. */

import type { Json } from "../../checkpoint/json.js";

/** Plain values beside the weights, and the place of the weights. */
export interface TrainingState {
  readonly facts: ReadonlyMap<string, Json>;
  readonly stateDict: string;
}

/** A value in a file, and its place. */
export interface FileValue<T> {
  readonly value: T;
  /** Such as "args.mean". */
  readonly from: string;
}

/** A setting's names in programs, and the reader of its values. It returns undefined for a value of another kind. */
export interface SettingNames<T> {
  readonly names: readonly string[];
  readonly ordered?: boolean;
  readonly read: (value: Json, path: readonly string[]) => T | undefined;
}

interface NearestValue<T> {
  readonly said?: FileValue<T>;
  /** Values equally near to the weights that disagree: none of them is used. */
  readonly disagreement?: readonly FileValue<Json>[];
}

/** Containers in which people keep settings. A `mean` in another container may be of anything. */
const CONTAINERS = new Set(
  `args arg argument arguments hparams hparam hyper_parameters hyperparameters datamodule_hyper_parameters params config
  configs configuration conf cfg opt opts options settings setting meta metadata info extra state data dataset datasets
  dataset_meta data_config data_cfg data_preprocessor datamodule transform transforms preprocess preprocessing
  preprocessor processor image_processor feature_extractor normalize normalization norm image images input model
  model_args model_config model_cfg model_kwargs model_params network net backbone encoder pretrained_cfg default_cfg
  pretrained_settings vision_config train training train_args val valid validation test eval experiment exp kwargs init_args main
  checkpoint dls loss losses criterion loss_fn`.split(/\s+/),
);

interface Candidate<T> extends FileValue<T> {
  readonly raw: Json;
  readonly rank: number;
  readonly distance: number;
}

/**
 * Every value under one of `names` that `read` understands, the nearest to the weights first. Equally near ones are in the
 * order of the names.
 */
export function valuesNamed<T>(
  { facts, stateDict }: TrainingState,
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
 * The nearest value; none if several are equally near and differ, because the file does not say which one counts.
 * @param ordered the names mean different things, and the first says most
 */
export function nearestValue<T>(
  state: TrainingState,
  { names, ordered = false, read }: SettingNames<T>,
): NearestValue<T> {
  const [first, ...rest] = valuesNamed(state, names, read);
  if (first === undefined) return {};
  const alike = rest.filter(
    ({ distance, rank }) => distance === first.distance && (!ordered || rank === first.rank),
  );
  const other = alike.find(({ value }) => JSON.stringify(value) !== JSON.stringify(first.value));
  if (other === undefined) return { said: { value: first.value, from: first.from } };
  return { disagreement: [first, other].map(({ raw, from }) => ({ value: raw, from })) };
}
