/** @file The input of `loadModel`: a checkpoint that was read, or tensors from elsewhere. */

import type { Checkpoint } from "../checkpoint/types.js";

export type Tensors = Pick<Checkpoint, "name" | "tensors" | "metadata"> &
  Partial<Pick<Checkpoint, "facts" | "modules" | "normalization" | "stateDict" | "calls">>;
