/** @file RegNet's names in Hugging Face, whose blocks have torchvision's modules. */

import { below, type Names, type NameTable } from "./spelling.js";

/** Of a convolution with its norm and activation. */
const layer = (theirs: string, ours: string): Names => [
  ...below(theirs, ours, { convolution: "0", normalization: "1", activation: "2" }),
  [theirs, ours],
];

const squeeze = (theirs: string, ours: string): Names => [
  [`${theirs}.pooler`, `${ours}.avgpool`],
  ...below(`${theirs}.attention`, ours, { 0: "fc1", 1: "activation", 2: "fc2", 3: "scale_activation" }),
  [theirs, ours],
];

/** @param squeezes whether the blocks are RegNetY's */
const huggingFace = (squeezes: boolean): NameTable => ({
  roots: ["regnet"],
  names: [
    ...layer(".embedder.embedder", "stem"),
    ...[0, 1, 2, 3].flatMap((s): Names => {
      const [theirs, ours] = [
        `.encoder.stages.${s}.layers.{i}`,
        `trunk_output.block${s + 1}.block${s + 1}-{i}`,
      ];
      return [
        ...layer(`${theirs}.layer.0`, `${ours}.f.a`),
        ...layer(`${theirs}.layer.1`, `${ours}.f.b`),
        ...(squeezes ? squeeze(`${theirs}.layer.2`, `${ours}.f.se`) : []),
        ...layer(`${theirs}.layer.${squeezes ? 3 : 2}`, `${ours}.f.c`),
        [`${theirs}.layer`, `${ours}.f`],
        ...below(`${theirs}.shortcut`, `${ours}.proj`, { convolution: "0", normalization: "1" }),
        [`${theirs}.shortcut`, `${ours}.proj`],
        [theirs, ours],
        [`.encoder.stages.${s}`, `trunk_output.block${s + 1}`],
      ];
    }),
    ["", "trunk_output"],
    [".pooler", "avgpool"],
    ["classifier.1", "fc"],
  ],
});

export const HUGGING_FACE_REGNETS = { x: huggingFace(false), y: huggingFace(true) };
