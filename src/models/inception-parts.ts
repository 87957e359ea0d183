/** @file Convolutions and the change of normalisation of torchvision's Inception v3 and GoogLeNet. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { HALF, IMAGENET, TENSORFLOW_EPS, type BuildOptions } from "./arch.js";
import { batchNorm, batchNormAct, conv2d, type Conv2dOptions } from "./layers.js";

/**
 * Convolution, norm and ReLU, with the epsilon of the ported network. torchvision's ReLU is a function; timm's norm contains
 * it.
 */
export function basicConv2d(b: Builder, name: string, x: Node, o: Conv2dOptions, timm = false): Node {
  return b.scope(name, timm ? "ConvNormAct" : "BasicConv2d", () => {
    const y = conv2d(b, "conv", x, { ...o, bias: false });
    return timm
      ? batchNormAct(b, "bn", y, "ReLU", TENSORFLOW_EPS)
      : b.relu(batchNorm(b, "bn", y, TENSORFLOW_EPS));
  });
}

const NORM_PARAMETERS = ["weight", "bias", "running_mean", "running_var"];

/** The keys of an auxiliary classifier: convolutions with their norms, and Linears. It runs in training alone. */
export const auxiliaryKeys = (
  path: string,
  convolutions: readonly string[],
  linears: readonly string[],
): string[] => [
  ...convolutions.flatMap((name) => [
    `${path}.${name}.conv.weight`,
    ...NORM_PARAMETERS.map((parameter) => `${path}.${name}.bn.${parameter}`),
  ]),
  ...linears.flatMap((name) => [`${path}.${name}.weight`, `${path}.${name}.bias`]),
];

/**
 * torchvision's `transform_input`, if the network has it: from ImageNet's mean and std to 0.5 and 0.5.
 * @param x [B, H, W, C]
 */
export function transformed(b: Builder, x: Node, { channels, transformInput = true }: BuildOptions): Node {
  if (!transformInput || channels !== IMAGENET.mean.length) return x;
  const perChannel = (make: (c: number) => number): Node =>
    b.constant(
      Float32Array.from(IMAGENET.mean, (_, c) => make(c)),
      [channels],
    );
  const scale = perChannel((c) => IMAGENET.std[c]! / HALF.std[c]!);
  const shift = perChannel((c) => (IMAGENET.mean[c]! - HALF.mean[c]!) / HALF.std[c]!);
  return b.add(b.mul(x, scale), shift);
}
