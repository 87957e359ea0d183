/** @file Compares computed values with a reference's, and says where a model first deviates. */

import { scoresOf } from "../../cam/scores.js";
import { badFile } from "../../checkpoint/source.js";
import { channelsLast, type Reference, type ReferenceTensor } from "./reference.js";
import { say } from "../../language/say.js";

export interface Deviation {
  readonly what: "activations" | "logits" | "gradient";
  /** The largest difference, as a share of the reference's largest value. */
  readonly worst: number;
  readonly limit: number;
  readonly agrees: boolean;
  /** Where the largest difference is, in our layout (channels last), and both values there. */
  readonly at: readonly number[];
  readonly got: number;
  readonly want: number;
}

export interface Computed {
  readonly activations: ReferenceTensor;
  readonly logits: ReferenceTensor;
  readonly gradient: ReferenceTensor;
}

/** In the order in which a model computes them, so that the first deviation shows where. */
const LIMITS = { activations: 1e-3, logits: 1e-4, gradient: 1e-3 } as const;

/** @throws GradlensError "bad-file" where the shapes are unrelated */
export function deviations(reference: Reference, computed: Computed): Deviation[] {
  const names = Object.keys(LIMITS) as (keyof typeof LIMITS)[];
  return names.map((what) => {
    const got = computed[what];
    // Swin's layers have channels last in PyTorch too; where both layouts have this shape, the nearer one is meant.
    const layouts = layoutsOf(reference[what]).filter(({ shape }) => shape.join() === got.shape.join());
    const [nearest] = layouts
      .map((want) => compare(what, got, want))
      .sort((a, b) => (a.worst <= b.worst ? -1 : 1));
    if (nearest !== undefined) return nearest;
    throw badFile(
      reference.name,
      say`its ${what} ${what === "logits" ? "" : say`of ${reference.layer} `}are [${reference[what].shape.join(", ")}], the model's are [${got.shape.join(", ")}]: it is of another model, or of another layer`,
    );
  });
}

const layoutsOf = (values: ReferenceTensor): ReferenceTensor[] =>
  values.shape.length === 4 ? [channelsLast(values), values] : [values];

function compare(what: keyof typeof LIMITS, got: ReferenceTensor, want: ReferenceTensor): Deviation {
  const scale = want.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  let [worst, place] = [-1, 0];
  for (let i = 0; i < want.data.length; i++) {
    const difference = Math.abs(got.data[i]! - want.data[i]!) / scale;
    if (!(difference <= worst)) [worst, place] = [difference, i];
    // NaN: nothing is farther away.
    if (difference !== difference) break;
  }
  const limit = LIMITS[what];
  return {
    what,
    worst,
    limit,
    agrees: worst <= limit,
    at: indexOf(place, got.shape),
    got: got.data[place]!,
    want: want.data[place]!,
  };
}

function indexOf(place: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (const size of [...shape].reverse()) {
    index.unshift(place % size);
    place = Math.floor(place / size);
  }
  return index;
}

/** Where the first deviation lies, in words; undefined without one. */
export function firstDeviation(
  found: readonly Deviation[],
  { layer, logits, target }: Reference,
  computed: Computed,
): string | undefined {
  const first = found.find(({ agrees }) => !agrees);
  if (first === undefined) return undefined;
  switch (first.what) {
    case "activations":
      return say`the first deviation lies between the input and the output of ${layer}`;
    case "logits": {
      const activation = (["sigmoid", "softmax"] as const).find((name) =>
        near(scoresOf(computed.logits.data, name), logits.data),
      );
      if (activation !== undefined)
        return say`the reference's logits are scores after a ${activation}: make it again with the values before that`;
      return say`${layer} agrees; the first deviation lies between it and the logits`;
    }
    case "gradient":
      return say`${layer} and the logits agree; the deviation lies on the way back, in the gradient of class ${target} at ${layer}`;
  }
}

const near = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => Math.abs(value - b[i]!) <= 1e-3);
