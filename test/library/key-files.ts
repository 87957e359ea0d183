/** @file Checkpoints of key lists of PyTorch's models, whose tensors nobody may read. */

import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import type { Shape } from "../../src/graph/shape.js";
import { fitModel } from "../../src/library/fit/fit-model.js";
import type { FitOptions } from "../../src/library/network/fit-request.js";
import type { FittedModel } from "../../src/library/fit/fit-steps.js";
import type { Tensors } from "../../src/library/file/tensors.js";
import { readModuleList } from "../models/module-list.js";

export type Keys = ReadonlyMap<string, Shape>;

/** A model's keys and shapes. @param classes of the head. Default: the package's own */
export function keysOf(spelling: string, arch: string, classes?: number): Map<string, Shape> {
  const head = /^(?:fc|(?:cls_|distillation_)?classifier|head)\.(?:\d\.)?(?:weight|bias)$/;
  return new Map(
    [...readModuleList(spelling, arch).keys].map(([key, shape]) => [
      key,
      classes !== undefined && head.test(key) ? [classes, ...shape.slice(1)] : shape,
    ]),
  );
}

export function unreadTensors(keys: Keys): Map<string, CheckpointTensor> {
  const unread = (): never => {
    throw new Error("a tensor was read");
  };
  return new Map(
    [...keys].map(([name, shape]) => [
      name,
      { name, dtype: "F32", shape, byteLength: 0, bytes: unread, floats: unread },
    ]),
  );
}

/** What a file of these keys, metadata and words is read as. */
export function fit(keys: Keys, options: FitOptions = {}, metadata = {}, facts = {}): FittedModel {
  const words = { metadata: new Map(Object.entries(metadata)), facts: new Map(Object.entries(facts)) };
  return fitModel({ name: "w.pth", tensors: unreadTensors(keys), ...words } as Tensors, options);
}
