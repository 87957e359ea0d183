/** @file The head: the architecture's, or the file's where that has several layers. */

import type { KeyRule } from "../checkpoint/rename-key.js";
import type { Builder } from "../graph/builder.js";
import { HEAD_ACTIVATIONS, type FileHead, type HeadActivation } from "../graph/file-head.js";
import type { Node } from "../graph/types.js";
import { activation, ACTIVATIONS, identity, INERT } from "./activations.js";
import type { SpellingKeys } from "./arch.js";
import { kindOf } from "./file-layer.js";
import { batchNorm, layerNorm, linear } from "./layers.js";
import { phrase } from "../language/say.js";

export { HEAD_ACTIVATION_NAMES, type HeadActivation } from "../graph/file-head.js";

/** torch.nn.LayerNorm's default. A state dict does not hold it. */
const LAYER_EPS = 1e-5;

/** Keys of a head inside a Sequential. @param head the Linear's path */
export const inSequential = (head: string): KeyRule => ({
  name: phrase`head in a Sequential`,
  pattern: new RegExp(`^${head.replaceAll(".", "\\.")}\\.\\d+\\.(weight|bias)$`),
  replacement: `${head}.$1`,
});

/** Keys of a Linear below `classifier`, at any place of a Sequential, or of one in its place. */
export const CLASSIFIER = /^classifier\.(?:\d+\.)?(weight|bias)$/;

/** @param head the Linear's path @param keys of the Linear where a file has one; default: in a Sequential at its path */
export const anotherHead = (head: string, keys?: RegExp): KeyRule => ({
  ...inSequential(head),
  name: phrase`another head`,
  ...(keys && { pattern: keys }),
});

/** @param head the Linear's path. Files may have a Sequential that ends with the Linear in its place */
export const keysOf = (stem: string, layer: string, head: string): SpellingKeys => ({
  channelsFrom: `${stem}.weight`,
  classesFrom: `${head}.weight`,
  defaultLayer: layer,
  keyRules: [inSequential(head)],
});

/** The file's head at `name` of the current scope, else `own`. @param x [B, features] */
export function head(b: Builder, name: string, x: Node, own: (x: Node) => Node): Node {
  const { head: file } = b.file;
  if (file?.path !== b.pathOf(name)) return own(x);
  if (file.layers.length === 0) return identity(b, name, x);
  return b.scope(name, "Sequential", () => layersOf(b, x, file));
}

/** The Linear that computes the logits, or the file's layers in its place. With 0 classes an Identity, as in timm. */
export const classifier = (b: Builder, name: string, x: Node, classes: number): Node =>
  head(b, name, x, (y) =>
    classes === 0 ? identity(b, name, y) : linear(b, name, y, classes, { bias: "optional" }),
  );

function layersOf(b: Builder, x: Node, { layers, activation: kind }: FileHead): Node {
  return layers.reduce((y, layer) => {
    switch (layer.kind) {
      case "Linear":
        return linear(b, layer.name, y, layer.out, { bias: layer.bias });
      case "BatchNorm1d":
        return batchNorm(b, layer.name, y, undefined, "BatchNorm1d");
      case "LayerNorm":
        return layerNorm(b, layer.name, y, LAYER_EPS);
      case "activation":
        return placeOf(b, layer.name, y, kind);
    }
  }, x);
}

/** A module without tensors: the file's if it holds modules, else the assumed activation. */
function placeOf(b: Builder, name: string | undefined, x: Node, said: HeadActivation | undefined): Node {
  const facts = name === undefined ? undefined : b.file.modules?.peek(b.pathOf(name));
  const kind = facts && kindOf(facts);
  if (kind !== undefined && INERT.has(kind)) return identity(b, name!, x);
  // One word says this of the head, so it is no change of the architecture: `convert` can keep it.
  const isKept = kind !== undefined && said !== undefined && Object.hasOwn(ACTIVATIONS, kind);
  return activation(b, name, x, isKept ? kind : HEAD_ACTIVATIONS[said ?? "relu"]);
}
