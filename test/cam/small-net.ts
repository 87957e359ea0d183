/** @file A small random network on a device, for tests of explanations. */

import { Explainer } from "../../src/cam/explainer.js";
import type { ExplainerModel } from "../../src/cam/model.js";
import type { ExplainOptions, Explanation } from "../../src/cam/request/types.js";
import { Builder } from "../../src/graph/builder.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { Node } from "../../src/graph/types.js";
import { adaptiveAveragePool, conv2d, flatten, linear, relu } from "../../src/models/layers.js";
import type { Device } from "../../src/runtime/device.js";
import { WeightStore } from "../../src/runtime/weights.js";
import { seeded } from "../reference/random.js";

export const [H, W] = [12, 10];
export const CHANNELS = 11;
const CLASSES = 5;

export interface Net {
  readonly model: ExplainerModel;
  readonly tap: Node;
  readonly params: ReadonlyMap<string, Float32Array>;
}

/** Two convolutions; a later one mixes channels where `deep`. Channels 3 and 7 of the layer are equal everywhere. */
export function makeNet(device: Device, deep: boolean, channels = CHANNELS): Net {
  const graph = new Builder();
  const picture = graph.input("picture", [graph.batch, H, W, 3]);
  const tap = relu(graph, "relu", conv2d(graph, "layer", picture, { out: channels, kernel: 3, stride: 2 }));
  const x = deep
    ? graph.add(graph.relu(conv2d(graph, "mix", tap, { out: channels, kernel: 3, padding: 1 })), tap)
    : tap;
  const logits = linear(graph, "head", flatten(graph, adaptiveAveragePool(graph, x, [1, 1])), CLASSES);
  const random = seeded(channels + (deep ? 1 : 0));
  const params = new Map(
    [...graph.params].map(([key, node]) => [key, Float32Array.from(random.array(sizeOf(node.shape)))]),
  );
  const weight = params.get("layer.weight")!;
  [3, 7].forEach((c, i) => {
    weight.fill(0, c * 27, (c + 1) * 27);
    params.get("layer.bias")![c] = i;
  });
  const store = new WeightStore(
    device,
    new Map([...params].map(([key, values]) => [key, { floats: () => Promise.resolve(values) }])),
  );
  const model: ExplainerModel = {
    template: { graph, modules: graph.modules, picture, logits, otherNames: () => [] },
    device,
    weights: store,
    name: "net",
    size: [H, W],
    channels: 3,
    defaultLayer: "relu",
    prefixes: [],
    activation: "softmax",
  };
  return { model, tap, params };
}

export const input = Float32Array.from(seeded(9).array(H * W * 3));

export async function explain(n: Net, options: ExplainOptions): Promise<Explanation> {
  const explainer = new Explainer(n.model);
  try {
    return await explainer.explain(input, options);
  } finally {
    explainer.dispose(() => n.model.weights.dispose());
  }
}
