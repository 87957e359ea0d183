/** @file The settings of one request. They may change before its map arrives. */

import {
  mapOptionValues,
  SHARED_OPTIONS,
  type MapOptionName,
  type MapOptions,
} from "../../cam/map-options.js";
import { isWholeModelMethod, METHODS, type MethodName } from "../../cam/methods/table.js";
import type { Comparison } from "../../cam/vectors.js";
import type { OptionValues } from "../../options/table.js";
import type { WorkerExplainOptions } from "../../web/engine/worker-engine.js";
import * as store from "./store.js";

/** A call with the current settings. */
export const callNow = (picture: number): store.Call => ({
  picture,
  method: store.method.value,
  layers: store.layers.value,
  values: store.values.value,
  other: store.other.value,
  language: store.language.value,
});

/** The map options that change maps of these methods. */
export function optionsRead(methods: readonly MethodName[]): readonly MapOptionName[] {
  const own = methods.flatMap((name) => METHODS[name].reads ?? []);
  return [...new Set([...SHARED_OPTIONS, ...own])];
}

/** The map options among `names` that the user has set. */
export const optionsSet = (names: readonly MapOptionName[], values: OptionValues): MapOptions =>
  Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));

/** The options of the request to the worker. */
export function explainOptions(
  { method, layers, values, other }: store.Call,
  targets: NonNullable<WorkerExplainOptions["targets"]>,
): WorkerExplainOptions {
  const { batchSize, memory, guided } = values;
  // Without a classifier the embedding is the only target.
  const chosen = store.model.value?.embedding === undefined ? { targets } : {};
  const comparison = comparisonOf(other, values);
  return {
    methods: [method],
    layers,
    ...chosen,
    ...comparison,
    ...optionsSet(optionsRead([method]), values),
    ...(guided && { guided }),
    batchSize,
    memory,
  };
}

/** The vectors to compare with, for a model without a classifier. */
export const comparisonOf = (
  other: store.OtherPicture | undefined,
  { similarity }: OptionValues,
): Comparison | undefined =>
  other && { vectors: [{ name: other.file.name, data: other.output }], ...(similarity && { similarity }) };

/** Equal for calls whose map of a class is the same. */
export function keyOf({ picture, method, layers, values, other }: store.Call, index: number): string {
  const options = mapOptionValues(values);
  return JSON.stringify([
    picture,
    method,
    isWholeModelMethod(method) ? [] : (layers ?? [store.defaultLayer.value]),
    // Guided backprop is always of one class.
    METHODS[method].classAgnostic && !values.guided ? null : index,
    optionsRead([method]).map((name) => options[name] ?? null),
    values.guided === true,
    other === undefined ? null : [other.facts.id, values.similarity ?? null],
  ]);
}
