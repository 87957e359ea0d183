/** @file A head of several layers, as a file holds it in the place of the architecture's last Linear. */

/** The activations that a head may have, as torch.nn calls them. */
export const HEAD_ACTIVATIONS = {
  relu: "ReLU",
  gelu: "GELU",
  silu: "SiLU",
  tanh: "Tanh",
  leaky_relu: "LeakyReLU",
  elu: "ELU",
  none: "Identity",
} as const;

export type HeadActivation = keyof typeof HEAD_ACTIVATIONS;

export const HEAD_ACTIVATION_NAMES = Object.keys(HEAD_ACTIVATIONS) as readonly HeadActivation[];

/** A layer of the head's Sequential. An activation has no name where the file's names leave no place for it. */
export type HeadLayer =
  | { readonly kind: "Linear"; readonly name: string; readonly out: number; readonly bias: boolean }
  | { readonly kind: "BatchNorm1d" | "LayerNorm"; readonly name: string }
  | { readonly kind: "activation"; readonly name: string | undefined };

/** What a head of twice as many features reads: fastai has the maximum first, timm the mean. */
export type HeadPooling = "maximum, mean" | "mean, maximum";

export interface FileHead {
  /** The graph's path of the module that the Sequential stands for. */
  readonly path: string;
  /** None: the file has nothing there. */
  readonly layers: readonly HeadLayer[];
  /** At every place of an activation; undefined where the file's modules say it place by place. */
  readonly activation: HeadActivation | undefined;
  /** The head reads the map's mean and its maximum, in this order or the other. */
  readonly pooling?: HeadPooling;
}
