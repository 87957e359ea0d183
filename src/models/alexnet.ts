/** @file AlexNet (Krizhevsky 2014, one tower), as torchvision has it. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import { classifier, head } from "./head.js";
import { adaptiveAvgPool2d, conv2d, flatten, identity, linear, maxPool2d, relu } from "./layers.js";

const HIDDEN = 4096;
/** Height and width of the map that the head reads. */
const GRID = 6;

function buildAlexNet(b: Builder, o: BuildOptions): ModelGraph {
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const features = b.scope("features", "Sequential", () => {
    const pool = (name: string, x: Node): Node => maxPool2d(b, name, x, { kernel: 3, stride: 2 });
    let x = conv2d(b, "0", picture, { out: 64, kernel: 11, stride: 4, padding: 2 });
    x = pool("2", relu(b, "1", x));
    x = conv2d(b, "3", x, { out: 192, kernel: 5, padding: 2 });
    x = pool("5", relu(b, "4", x));
    [384, 256, 256].forEach((out, i) => {
      x = relu(b, `${7 + 2 * i}`, conv2d(b, `${6 + 2 * i}`, x, { out, kernel: 3, padding: 1 }));
    });
    return pool("12", x);
  });
  const pooled = flatten(b, adaptiveAvgPool2d(b, "avgpool", features, GRID));
  const own = (x: Node): Node =>
    b.scope("classifier", "Sequential", () => {
      let y = x;
      for (const at of [0, 3])
        y = relu(b, `${at + 2}`, linear(b, `${at + 1}`, identity(b, `${at}`, y, "Dropout"), HIDDEN));
      return classifier(b, "6", y, o.classes);
    });
  return { picture, logits: head(b, "classifier", pooled, own) };
}

const alexnet: ArchDef = {
  family: { name: "alexnet", title: "AlexNet" },
  build: buildAlexNet,
  preprocessing: IMAGENET,
  minSize: 63,
  defaultLayer: "features[-1]",
  spellings: [{ name: "torchvision" }],
  classesFrom: "classifier.6.weight",
  channelsFrom: "features.0.weight",
  stem: [64, 11],
};

export const ALEXNETS = { alexnet };
