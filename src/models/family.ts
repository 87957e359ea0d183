/** @file What the architectures of a family share, as far as code and configurations of its networks state it. */

export interface Family {
  readonly name: string;
  readonly title: string;
  /** Its blocks are attention. Their code has other functions than a convolutional network's. */
  readonly attention?: true;
  /** The epsilon of its layer norms, as transformers' `layer_norm_eps`. Missing: it has batch norms. */
  readonly layerNormEps?: number;
  /** What the head reads: a class token, if the network has one, or a pool by attention. Default: an average. */
  readonly pooling?: "token" | "attention";
  /** transformers' `hidden_act`, where it is the same for members with other activations. */
  readonly hiddenAct?: string;
  /** timm has members with blur pooling. */
  readonly blurPools?: true;
  /** People adapt its embedding, as CLIP-Adapter (Gao et al. 2021): the layers' output is mixed with it. */
  readonly adapted?: true;
  /** Plain classes that its packages have in the place of a module of ours, by the kind of ours. */
  readonly classes?: Readonly<Record<string, RegExp>>;
}
