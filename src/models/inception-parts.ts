/** @file What torchvision's Inception v3 and GoogLeNet share: their convolutions, and the change of normalisation before them. */

import type { Builder } from "../graph/builder.js";
import type { Node, Pair } from "../graph/types.js";
import { IMAGENET, HALF, type BuildOptions } from "./arch.js";
import { batchNorm, batchNormAct, conv2d } from "./layers.js";

/** TensorFlow's, from which the weights were ported. */
const EPS = 1e-3;

export interface ConvNormOptions {
  readonly out: number;
  readonly kernel: number | Pair;
  readonly stride?: number;
  readonly padding?: number | Pair;
}

/** Convolution, norm and ReLU. torchvision's ReLU is a function; timm's norm contains it. */
export function convNorm(b: Builder, name: string, x: Node, o: ConvNormOptions, timm = false): Node {
  return b.scope(name, timm ? "ConvNormAct" : "BasicConv2d", () => {
    const y = conv2d(b, "conv", x, { ...o, bias: false });
    return timm ? batchNormAct(b, "bn", y, "ReLU", EPS) : b.relu(batchNorm(b, "bn", y, EPS));
  });
}

const NORM_PARAMETERS = ["weight", "bias", "running_mean", "running_var"];

/** The keys of a classifier that runs in training alone, of convolutions with their norms and Linears. */
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
 * torchvision's `transform_input`: from ImageNet's mean and std to 0.5 and 0.5, where the network has it.
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
