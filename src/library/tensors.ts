/** @file What a model is made from: a checkpoint that was read, or tensors made otherwise. */

import type { Checkpoint } from "../checkpoint/types.js";

export type Tensors = Pick<Checkpoint, "name" | "tensors" | "metadata"> &
  Partial<Pick<Checkpoint, "facts" | "modules" | "normalization" | "stateDict" | "calls">>;
