/** @file Checkpoints of key lists of PyTorch's models, whose tensors nobody may read. */

import type { CheckpointTensor } from "../../src/checkpoint/types.js";
import type { Shape } from "../../src/graph/shape.js";
import { readModuleList } from "../models/module-list.js";

export type Keys = ReadonlyMap<string, Shape>;

/** A model's keys and shapes, with a head of `classes`. */
export function keysOf(spelling: string, arch: string, classes: number): Map<string, Shape> {
  const head = /^(?:fc|(?:cls_|distillation_)?classifier|head)\.(?:\d\.)?(?:weight|bias)$/;
  return new Map(
    [...readModuleList(spelling, arch).keys].map(([key, shape]) => [
      key,
      head.test(key) ? [classes, ...shape.slice(1)] : shape,
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
