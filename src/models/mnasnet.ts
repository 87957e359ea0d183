/** @file MnasNet-B1 (Tan et al. 2019), as torchvision has it, its version-1 checkpoints included. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { IMAGENET, type ArchDef, type BuildOptions, type ModelGraph } from "./arch.js";
import type { Family } from "./family.js";
import { anotherHead, classifier, CLASSIFIER, head } from "./head.js";
import { convNorm, type ConvNorm } from "./conv-norm.js";
import { mobileStages, type BlockStyle } from "./inverted-residual.js";
import { adaptiveAveragePool, flatten, identity } from "./layers.js";
import { blocksOf, inverted, roundChannels } from "./mobile-shape.js";

const MNASNET: Family = { name: "mnasnet", title: "MnasNet" };

/** Channels at width 1 of the stem and of the separable convolution. */
const FIRST = [32, 16];
const LAST = 1280;

const STACKS = [
  [inverted(3, 2, 3, 24, 3)],
  [inverted(5, 2, 3, 40, 3)],
  [inverted(5, 2, 6, 80, 3)],
  [inverted(3, 1, 6, 96, 2)],
  [inverted(5, 2, 6, 192, 4)],
  [inverted(3, 1, 6, 320, 1)],
];

/** In version 1 the first two convolutions do not scale with the width. The checkpoint's stem shows the version. */
function firstChannels(width: number, o: BuildOptions): readonly number[] {
  const isVersion1 = o.shapes?.get("layers.0.weight")?.[0] === FIRST[0];
  return isVersion1 ? FIRST : FIRST.map((c) => roundChannels(c * width));
}

/** Convolution, batch norm and maybe ReLU as children `at`, `at + 1`, `at + 2`. */
const layer = (b: Builder, at: number, x: Node, o: ConvNorm): Node =>
  convNorm(b, [`${at}`, `${at + 1}`, `${at + 2}`], x, o);

const STYLE: BlockStyle = {
  kindOf: () => "_InvertedResidual",
  parts: (b, run) => b.scope("layers", "Sequential", run),
  conv: (b, x, part, at) => layer(b, 3 * at, x, part),
};

function buildMnasNet(b: Builder, width: number, o: BuildOptions): ModelGraph {
  const [stem, separable] = firstChannels(width, o) as [number, number];
  const picture = b.input("picture", [b.batch, ...o.size, o.channels]);
  const features = b.scope("layers", "Sequential", () => {
    let x = layer(b, 0, picture, { out: stem, kernel: 3, stride: 2, act: "ReLU" });
    x = layer(b, 3, x, { out: stem, kernel: 3, groups: stem, act: "ReLU" });
    x = layer(b, 6, x, { out: separable, kernel: 1 });
    x = mobileStages(b, x, blocksOf(STACKS, separable, "ReLU", { width }), STYLE, 8);
    return layer(b, 8 + STACKS.length, x, { out: LAST, kernel: 1, act: "ReLU" });
  });
  const pooled = flatten(b, adaptiveAveragePool(b, features, [1, 1]));
  const logits = head(b, "classifier", pooled, (x) =>
    b.scope("classifier", "Sequential", () => classifier(b, "1", identity(b, "0", x, "Dropout"), o.classes)),
  );
  return { picture, logits };
}

const mnasnet = (width: number): ArchDef => ({
  family: MNASNET,
  build: (b, o) => buildMnasNet(b, width, o),
  preprocessing: IMAGENET,
  minSize: 32,
  defaultLayer: "layers[-1]",
  keyRules: [anotherHead("classifier.1", CLASSIFIER)],
  spellings: [
    { name: "torchvision" },
    // Sequential(*mnasnet.children())
    { name: "sequential", table: { names: [["0", "layers"]] } },
  ],
  classesFrom: "classifier.1.weight",
  channelsFrom: "layers.0.weight",
});

export const MNASNETS = {
  mnasnet0_5: mnasnet(0.5),
  mnasnet0_75: mnasnet(0.75),
  mnasnet1_0: mnasnet(1),
  mnasnet1_3: mnasnet(1.3),
};
