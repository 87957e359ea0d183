/** @file A model of a few values, run by the f64 interpreter: what the command's tests explain. */

import { Builder } from "../../src/graph/builder.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { Node, Pair } from "../../src/graph/types.js";
import { Model } from "../../src/library/model/model.js";
import type { ModelDescription } from "../../src/library/settings/model-description.js";
import { adaptiveAveragePool, conv2d, flatten, linear, relu } from "../../src/models/layers.js";
import type { Template } from "../../src/models/template.js";
import { referenceDevice } from "../reference/device.js";
import { seeded } from "../reference/random.js";

/** What the picture adds to the layer: too little to change the digits of a score that are printed. */
const SHARE = 1e-5;

/** Channels of the layers before the last. */
const WIDTH = 4;

/** A block of one head, for the methods that read attention: [B, h, w, C] with a class token before the patches. */
function attentionBlock(b: Builder, x: Node): Node {
  const [, h, w, C] = x.shape as [number, number, number, number];
  const N = 1 + h * w;
  return b.tokens({ height: h, width: w, prefix: 1 }, () => {
    const patches = b.reshape(x, [b.batch, h * w, C]);
    const tokens = b.concat([b.broadcast(b.param("cls_token", [1, 1, C]), [b.batch, 1, C]), patches], 1);
    const out = b.scope("block", "Block", () => {
      const heads = b.reshape(tokens, [b.batch, 1, N, C]);
      const mixed = b.scope("attn", "Attention", () => b.attention(heads, heads, heads, undefined, 1));
      return b.reshape(mixed, [b.batch, N, C]);
    });
    return b.reshape(b.slice(out, 1, 1), [b.batch, h, w, C]);
  });
}

/**
 * DenseNet's layer names. Channel k of the last layer is 1 at pixel k and hardly anything elsewhere, and only class k
 * reads it: the hottest pixel tells targets apart, and logits are those given.
 */
function template([h, w]: Pair, channels: number, classes: number, isEmbedding: boolean): Template {
  const graph = new Builder();
  const picture = graph.input("picture", [graph.batch, h, w, channels]);
  const convRelu = (name: string, x: Node): Node =>
    graph.scope(name, "_DenseBlock", () =>
      relu(graph, "relu", conv2d(graph, "conv", x, { out: WIDTH, kernel: 1 })),
    );
  const features = graph.container("features", "Sequential", () => {
    const y = convRelu("denseblock4", attentionBlock(graph, convRelu("denseblock3", picture)));
    const shown = conv2d(graph, "conv", y, { out: classes, kernel: 1 });
    return graph.scope("norm5", "BatchNorm2d", () =>
      graph.add(graph.mul(shown, SHARE), graph.param("marks", [h, w, classes])),
    );
  });
  const pooled = flatten(graph, adaptiveAveragePool(graph, features, [1, 1]));
  const made = { graph, modules: graph.modules, picture, otherNames: () => [] };
  if (isEmbedding) return { ...made, logits: pooled, embedding: pooled };
  return { ...made, logits: linear(graph, "classifier", pooled, classes) };
}

function weightsOf(
  { graph, embedding }: Template,
  [h, w]: Pair,
  logits: readonly number[],
): Map<string, Float32Array> {
  const random = seeded(1);
  const pixels = h * w;
  const params = new Map<string, Float32Array>();
  for (const [key, { shape }] of graph.params)
    params.set(key, Float32Array.from(random.array(sizeOf(shape))));
  const classes = logits.length;
  const isMark = (i: number): boolean => Math.floor(i / classes) % pixels === i % classes;
  params.set(
    "features.norm5.marks",
    Float32Array.from({ length: pixels * classes }, (_, i) =>
      isMark(i) ? (embedding ? pixels * logits[i % classes]! : 1) : 0,
    ),
  );
  if (embedding) return params;
  params.set(
    "classifier.weight",
    Float32Array.from({ length: classes ** 2 }, (_, i) => (i % (classes + 1) === 0 ? pixels : 0)),
  );
  // Each channel's mean is 1 / pixels.
  params.set(
    "classifier.bias",
    Float32Array.from(logits, (logit) => logit - 1),
  );
  return params;
}

/** @param logits of every picture, or the embedding, to within a thousandth */
export function tinyModel(description: ModelDescription, logits: readonly number[]): Model {
  const { channels, embedding, preprocessing } = description;
  const { size } = preprocessing;
  const make = (): Template => template(size, channels, logits.length, embedding !== undefined);
  const made = make();
  const { device, weights } = referenceDevice(weightsOf(made, size, logits));
  return new Model(description, made, device, weights, make);
}
