/**
 * @file The table of options that change a map. The types of a call, its checks, `--help`, the manifest and the names of
 * files follow from an entry.
 */

import { badArgument } from "../errors.js";
import { say } from "../language/say.js";

/** A kind of value, and the value that an explanation uses without the option. */
type MapOptionKind =
  | { readonly kind: "flag"; readonly default: boolean }
  | { readonly kind: "choice"; readonly choices: readonly string[]; readonly default: string }
  | { readonly kind: "integer"; readonly min: number; readonly max: number; readonly default?: number }
  /** `below` is exclusive. */
  | { readonly kind: "number"; readonly min: number; readonly below: number; readonly default: number };

type MapOptionSpec = MapOptionKind & {
  /** One line for `--help` and docs/OPTIONS.md. */
  readonly help: string;
  /** The placeholder of a number in `--help`. */
  readonly value?: string;
  /** The default in words, where the library decides. */
  readonly defaultWords?: string;
  /** Every method reads it. Others stand in `reads` of the methods that read them (methods/). */
  readonly shared?: true;
  /** Part of a file's name where the value is not the default, before a number; a choice stands for itself. */
  readonly suffix?: string;
};

/** In the order of their suffixes in a file's name. */
export const MAP_OPTIONS = {
  augSmooth: {
    kind: "flag",
    default: false,
    help: "average the maps of six scaled and mirrored versions of the picture",
    shared: true,
    suffix: "aug",
  },
  eigenSmooth: {
    kind: "flag",
    default: false,
    help: "first principal component of the weighted activations instead of their sum",
    shared: true,
    suffix: "eigen",
  },
  relu: {
    kind: "flag",
    default: true,
    help: "keep negative values, which speak against a label: -1..1, blue to red",
    shared: true,
    suffix: "signed",
  },
  compareScale: {
    kind: "choice",
    choices: ["own", "shared"],
    default: "own",
    help: "scale each map by itself, or the maps of all targets together",
    shared: true,
    suffix: "shared",
  },
  topChannels: {
    kind: "integer",
    min: 1,
    max: 2 ** 31,
    value: "K",
    defaultWords: "all",
    help: "scorecam: only the K channels whose values vary most",
    suffix: "top",
  },
  score: {
    kind: "choice",
    choices: ["logit", "probability"],
    default: "logit",
    help: "scorecam, ablationcam: compare the raw output, or its probability",
  },
  inputHeat: {
    kind: "choice",
    choices: ["absolute", "signed"],
    default: "absolute",
    help: "input methods: a pixel's largest magnitude, or the sum over its colours",
  },
  rolloutHeads: {
    kind: "choice",
    choices: ["mean", "max", "min"],
    default: "mean",
    help: "rollout: how the attention heads of a layer become one",
  },
  discardRatio: {
    kind: "number",
    min: 0,
    below: 1,
    value: "X",
    default: 0,
    help: "rollout: the share of each layer's smallest attentions that is discarded",
    suffix: "discard",
  },
  seed: {
    kind: "integer",
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    value: "N",
    default: 0,
    help: "methods that draw random numbers: the same seed gives the same map",
    suffix: "seed",
  },
} as const satisfies Record<string, MapOptionSpec>;

export type MapOptionName = keyof typeof MAP_OPTIONS;
type Entry<K extends MapOptionName> = (typeof MAP_OPTIONS)[K];
type ValueOf<E extends MapOptionSpec> = E extends { kind: "flag" }
  ? boolean
  : E extends { choices: readonly (infer C)[] }
    ? C
    : number;

export const MAP_OPTION_NAMES = Object.keys(MAP_OPTIONS) as MapOptionName[];

/** The options that every method reads. */
export const SHARED_OPTIONS = MAP_OPTION_NAMES.filter((name) => "shared" in MAP_OPTIONS[name]);

/** The options of a call; MAP_OPTIONS describes each. */
export type MapOptions = { readonly [K in MapOptionName]?: ValueOf<Entry<K>> | undefined };

/** All options with their values; `undefined` only where the table has no default. */
export type MapOptionValues = {
  readonly [K in MapOptionName]:
    ValueOf<Entry<K>> | (Entry<K> extends { default: unknown } ? never : undefined);
};

export const mapOptionSpec = (name: MapOptionName): MapOptionSpec => MAP_OPTIONS[name];

export function mapOptionValues(options: MapOptions): MapOptionValues {
  const values = MAP_OPTION_NAMES.map((name) => [name, options[name] ?? mapOptionSpec(name).default]);
  return Object.fromEntries(values) as MapOptionValues;
}

/** @throws GradlensError "bad-argument" */
export function checkMapOptions(options: MapOptions): void {
  for (const name of MAP_OPTION_NAMES) {
    const value = options[name];
    const needed = value === undefined ? undefined : unmet(mapOptionSpec(name), value);
    if (needed === undefined) continue;
    const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
    throw badArgument(say`${name} ${shown}: use ${needed}`);
  }
}

/** What a value should be instead; undefined where it is possible. */
function unmet(spec: MapOptionSpec, value: boolean | number | string): string | undefined {
  switch (spec.kind) {
    case "flag":
      return typeof value === "boolean" ? undefined : "true or false";
    case "choice":
      return spec.choices.includes(value as string)
        ? undefined
        : spec.choices.map((one) => `"${one}"`).join(" or ");
    case "integer":
      return Number.isSafeInteger(value) && (value as number) >= spec.min && (value as number) <= spec.max
        ? undefined
        : `a whole number from ${spec.min} to ${spec.max}`;
    case "number":
      return (value as number) >= spec.min && (value as number) < spec.below
        ? undefined
        : `a number from ${spec.min} to less than ${spec.below}`;
  }
}
