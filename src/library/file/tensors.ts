/** @file The input of `loadModel`: a checkpoint that was read, or tensors from elsewhere. */

import { transparent } from "../../checkpoint/key-prefix.js";
import type { Checkpoint } from "../../checkpoint/types.js";
import { isHarmless } from "../../checkpoint/unused-tensors.js";
import type { Shape } from "../../graph/shape.js";
import type { TrainingState } from "./training-state.js";

export type Tensors = Pick<Checkpoint, "name" | "tensors" | "metadata"> &
  Partial<Pick<Checkpoint, "facts" | "modules" | "normalization" | "stateDict" | "calls">>;

/** The file's plain values beside its weights. */
export const trainingStateOf = ({ facts = new Map(), stateDict = "" }: Tensors): TrainingState => ({
  facts,
  stateDict,
});

/** Shapes of the tensors that may be of a network, by their keys without transparent wrappers. */
export function networkShapes(tensors: Tensors["tensors"]): Map<string, Shape> {
  const shapes = [...tensors].map(([key, { shape }]) => [transparent(key).join("."), shape] as const);
  const keys = shapes.map(([key]) => key);
  return new Map(shapes.filter(([key]) => !isHarmless(key, keys)));
}
