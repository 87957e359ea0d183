/**
 * @file The options that a map depends on: in its record, in its key, and in its file's name. All follow from
 * MAP_OPTIONS.
 */

import {
  MAP_OPTION_NAMES,
  mapOptionSpec,
  SHARED_OPTIONS,
  type MapOptionName,
  type MapOptionValues,
} from "../cam/map-options.js";
import { METHODS, type MethodName } from "../cam/methods/table.js";
import type { Activation } from "../cam/scores.js";

/** The options that a record holds under another name; undefined: it omits them. */
const FIELDS = { relu: "signed", compareScale: "scaledWith", inputHeat: undefined } as const;

/** A map's options in its record; options that do not change the map are absent. */
export interface Variation
  extends
    Pick<MapOptionValues, "augSmooth" | "eigenSmooth">,
    Partial<Omit<MapOptionValues, keyof typeof FIELDS | "augSmooth" | "eigenSmooth" | "score">> {
  /** The scores that the method compares: raw outputs, or probabilities by this activation. */
  readonly score?: string;
  /** The map keeps its sign: without ReLU, or with signed input heat. */
  readonly signed?: true;
  /** The class indexes whose maps share this one's scale; of vectors their hashes. */
  readonly scaledWith?: readonly (number | string)[];
}

/** @param targets the class indexes of all maps of the run, or the hashes of their vectors */
export function variationOf(
  method: MethodName,
  options: MapOptionValues,
  activation: Activation,
  targets: readonly (number | string)[],
): Variation {
  const names = [...SHARED_OPTIONS, ...(METHODS[method].reads ?? [])];
  const signed = names.includes("inputHeat") ? options.inputHeat === "signed" : !options.relu;
  const score = options.score === "probability" && activation !== "none" ? activation : "logit";
  const recorded = { ...options, score };
  const kept = names.filter((name) => !(name in FIELDS) && options[name] !== undefined);
  return {
    ...(Object.fromEntries(kept.map((name) => [name, recorded[name]])) as unknown as Variation),
    ...(signed && { signed }),
    ...(options.compareScale === "shared" && { scaledWith: targets }),
  };
}

/** Equal for variations of one map. An option that a record lacks has its default. */
export const variationKey = (variation: Partial<Variation>): readonly unknown[] =>
  MAP_OPTION_NAMES.map((name) => recordedValue(variation, name) ?? defaultOf(name) ?? null);

/** The suffixes of a file's name: one for each option that is not the default. */
export const suffixesOf = (variation: Partial<Variation>): string[] =>
  MAP_OPTION_NAMES.flatMap((name) => {
    const value = recordedValue(variation, name);
    if (value === undefined || value === defaultOf(name)) return [];
    const { suffix = "" } = mapOptionSpec(name);
    return typeof value === "object" || typeof value === "boolean" ? suffix : `${suffix}${value}`;
  });

function recordedValue(variation: Partial<Variation>, name: MapOptionName) {
  const field = name in FIELDS ? FIELDS[name as keyof typeof FIELDS] : (name as keyof Variation);
  return field === undefined ? undefined : variation[field];
}

/** The default of a record's field; those under another name are absent by default. */
const defaultOf = (name: MapOptionName): unknown =>
  name in FIELDS ? undefined : mapOptionSpec(name).default;
