/**
 * @file ResNet's names in Hugging Face, and in networks that users took apart. torchvision's and timm's own names are
 * built (resnet.ts).
 */

import type { Spelling } from "./arch.js";
import { XRAY_LABELS, XRAY_STATISTICS } from "./label-sets.js";
import type { ResNetShape } from "./resnet-modules.js";
import { below, numberedNames, type Names } from "./spelling.js";

/** `Sequential(*resnet.children())`, whole or without its last modules. */
const CHILDREN = numberedNames(
  "conv1",
  "bn1",
  "relu",
  "maxpool",
  "layer1",
  "layer2",
  "layer3",
  "layer4",
  "avgpool",
);

/** The modules before the first stage in a Sequential of their own, numbered or named. */
const LAYER0: Names = [
  ["layer0.0", "conv1"],
  ["layer0.1", "bn1"],
  ["layer0.2", "relu"],
  ["layer0.3", "maxpool"],
  ["layer0.conv1", "conv1"],
  ["layer0.bn1", "bn1"],
];

/** @param last the number of our last convolution, norm and activation in a block */
const huggingFace = (last: 2 | 3): Names => [
  [".embedder.embedder.convolution", "conv1"],
  [".embedder.embedder.normalization", "bn1"],
  [".embedder.embedder.activation", "act1"],
  [".embedder.pooler", "maxpool"],
  ...[0, 1, 2, 3].flatMap((s): Names => {
    const [theirs, ours] = [`.encoder.stages.${s}.layers.{i}`, `layer${s + 1}.{i}`];
    return [
      ...Array.from({ length: last }, (_, at): Names => {
        const theirLayer = `${theirs}.layer.${at}`;
        return [
          [`${theirLayer}.convolution`, `${ours}.conv${at + 1}`],
          [`${theirLayer}.normalization`, `${ours}.bn${at + 1}`],
          // Theirs has no activation after the last norm: that comes after the sum.
          [at + 1 === last ? `${theirs}.activation` : `${theirLayer}.activation`, `${ours}.act${at + 1}`],
        ];
      }).flat(),
      ...below(`${theirs}.shortcut`, `${ours}.downsample`, { convolution: "0", normalization: "1" }),
      [`${theirs}.shortcut`, `${ours}.downsample`],
      [theirs, ours],
      [`.encoder.stages.${s}`, `layer${s + 1}`],
    ];
  }),
  ["", "global_pool"],
  ["", "global_pool.flatten"],
  [".pooler", "global_pool.pool"],
  ["classifier.1", "fc"],
];

const OTHERS: readonly Spelling[] = [
  { name: "torchvision" },
  { name: "timm" },
  { name: "sequential", table: { names: CHILDREN } },
  { name: "layer0", table: { names: LAYER0 } },
  {
    // resnet50-res512-all
    name: "torchxrayvision",
    only: { arch: "resnet50", channels: 1, classes: XRAY_LABELS.length },
    statistics: { ...XRAY_STATISTICS, size: [512, 512] },
    labels: XRAY_LABELS,
  },
];

const huggingFaceSpelling = (last: 2 | 3): Spelling => ({
  name: "huggingface",
  table: { roots: ["resnet"], names: huggingFace(last) },
});
const HUGGING_FACE = { BasicBlock: huggingFaceSpelling(2), Bottleneck: huggingFaceSpelling(3) };

/** Hugging Face's ResNets have no groups and one width. */
export const resNetSpellings = ({ block, groups, width }: ResNetShape): readonly Spelling[] =>
  groups !== undefined || width !== undefined ? OTHERS : [...OTHERS, HUGGING_FACE[block]];
