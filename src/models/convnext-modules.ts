/** @file ConvNeXt's and ConvNeXt V2's graph with the modules of torchvision, timm and the authors. */

import type { Builder } from "../graph/builder.js";
import type { Shape } from "../graph/shape.js";
import type { Node } from "../graph/types.js";
import { fileLayer } from "./file-layer.js";
import { classifier } from "./head.js";
import {
  adaptiveAveragePool,
  adaptiveAvgPool2d,
  conv2d,
  flatten,
  gelu,
  identity,
  layerNorm,
  linear,
} from "./layers.js";
import { mlp } from "./transformer.js";

export interface ConvNextShape {
  /** Channels of the first stage; each further one has twice as many. */
  readonly width: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Version 1 scales each block's channels; version 2 norms their responses instead. */
  readonly version: 1 | 2;
  /** timm computes the Linears of its blocks as 1x1 convolutions. */
  readonly convolves?: boolean;
}

export type MakeLogits = (b: Builder, picture: Node, shape: ConvNextShape, classes: number) => Node;

/** Of every norm in every implementation, but for the last of Hugging Face's. */
const EPS = 1e-6;
const LAST_HUGGING_FACE_EPS = 1e-12;
/** The factor from a block's channels to its hidden channels. */
const EXPANSION = 4;

const norm = (b: Builder, name: string, x: Node): Node => layerNorm(b, name, x, EPS);
/** The same norm under its name for maps with channels first. */
const mapNorm = (b: Builder, name: string, x: Node): Node => layerNorm(b, name, x, EPS, "LayerNorm2d");

type Layer = typeof norm;

const depthwise: Layer = (b, name, x) =>
  conv2d(b, name, x, { out: x.shape[3]!, kernel: 7, padding: 3, groups: x.shape[3]! });

const patches = (b: Builder, name: string, x: Node, out: number, side: number): Node =>
  conv2d(b, name, x, { out, kernel: side, stride: side });

const permute: Layer = (b, name, x) => b.scope(name, "Permute", () => x);

/** A parameter with one number for each channel. Its shape in the file may vary. */
const perChannel = (b: Builder, name: string, shape: Shape): Node =>
  b.reshape(b.param(name, shape), [Math.max(...shape)]);

/** Convolution and norm before the first stage. */
const stem = (b: Builder, name: string, x: Node, width: number, kind: string, make: Layer): Node =>
  b.scope(name, kind, () => make(b, "1", patches(b, "0", x, width, 4)));

/** Norm and convolution between two stages. */
const downsample = (b: Builder, name: string, x: Node, make: Layer): Node =>
  b.scope(name, "Sequential", () => patches(b, "1", make(b, "0", x), 2 * x.shape[3]!, 2));

const blocks = (b: Builder, name: string, x: Node, depth: number, block: Layer): Node =>
  b.scope(name, "Sequential", () => {
    let y = x;
    for (let i = 0; i < depth; i++) y = block(b, `${i}`, y);
    return y;
  });

/** How an implementation writes the norm of responses. */
interface ResponseNorm {
  readonly kind: string;
  readonly parameters: readonly [scale: string, shift: string];
  readonly shape: (channels: number) => Shape;
}

const TIMM_RESPONSES: ResponseNorm = {
  kind: "GlobalResponseNorm",
  parameters: ["weight", "bias"],
  shape: (channels) => [channels],
};
const ORIGINAL_RESPONSES: ResponseNorm = {
  kind: "GRN",
  parameters: ["gamma", "beta"],
  shape: (channels) => [1, 1, 1, channels],
};

/** Scales each channel by its norm over all places, as a share of the channels' mean norm (Woo et al. 2023). */
function responseNorm(b: Builder, x: Node, { kind, parameters, shape }: ResponseNorm): Node {
  const file = fileLayer(b, "grn", kind);
  if (file?.isUsual === false) file.refuseKind();
  // timm's is an attribute; the authors' and transformers' is a number in the code, which a pickle does not hold.
  const said = file?.number("eps", EPS) ?? EPS;
  const eps = Math.fround(said) === Math.fround(EPS) ? EPS : said;
  file?.compare("eps", EPS, eps);
  return b.scope("grn", kind, () => {
    const squares = b.sum(b.mul(x, x), [1, 2]);
    // The square root has no gradient at 0. PyTorch's norm has the gradient 0 there.
    const isPositive = b.greater(squares, 0);
    const norms = b.select(isPositive, b.sqrt(b.select(isPositive, squares, 1)), 0);
    const shares = b.div(norms, b.add(b.mean(norms, [3]), eps));
    const [scale, shift] = parameters.map((name) => perChannel(b, name, shape(x.shape[3]!))) as [Node, Node];
    return b.add(x, b.add(b.mul(b.mul(x, shares), scale), shift));
  });
}

const torchvisionBlock: Layer = (b, name, x) =>
  b.scope(name, "CNBlock", () => {
    const channels = x.shape[3]!;
    const y = b.scope("block", "Sequential", () => {
      const normed = norm(b, "2", permute(b, "1", depthwise(b, "0", x)));
      const hidden = gelu(b, "4", linear(b, "3", normed, EXPANSION * channels));
      return permute(b, "6", linear(b, "5", hidden, channels));
    });
    const scaled = b.mul(y, perChannel(b, "layer_scale", [channels, 1, 1]));
    return b.add(
      b.scope("stochastic_depth", "StochasticDepth", () => scaled),
      x,
    );
  });

export const torchvisionLogits: MakeLogits = (b, picture, { width, depths }, classes) => {
  const features = b.scope("features", "Sequential", () =>
    depths.reduce(
      (x, depth, at) => {
        const y = at === 0 ? x : downsample(b, `${2 * at}`, x, mapNorm);
        return blocks(b, `${2 * at + 1}`, y, depth, torchvisionBlock);
      },
      stem(b, "0", picture, width, "Conv2dNormActivation", mapNorm),
    ),
  );
  const pooled = adaptiveAvgPool2d(b, "avgpool", features, 1);
  return b.scope("classifier", "Sequential", () => {
    const normed = mapNorm(b, "0", pooled);
    const flat = b.scope("1", "Flatten", () => flatten(b, normed));
    return classifier(b, "2", flat, classes);
  });
};

function responseMlp(b: Builder, x: Node, { convolves = false }: ConvNextShape): Node {
  const point = (name: string, y: Node, out: number): Node =>
    convolves ? conv2d(b, name, y, { out, kernel: 1 }) : linear(b, name, y, out);
  return b.scope("mlp", "GlobalResponseNormMlp", () => {
    const hidden = gelu(b, "act", point("fc1", x, EXPANSION * x.shape[3]!));
    const normed = responseNorm(b, identity(b, "drop1", hidden, "Dropout"), TIMM_RESPONSES);
    return identity(b, "drop2", point("fc2", normed, x.shape[3]!), "Dropout");
  });
}

const timmBlock =
  (shape: ConvNextShape): Layer =>
  (b, name, x) =>
    b.scope(name, "ConvNeXtBlock", () => {
      const channels = x.shape[3]!;
      const normed = (shape.convolves ? mapNorm : norm)(b, "norm", depthwise(b, "conv_dw", x));
      const y =
        shape.version === 2
          ? responseMlp(b, normed, shape)
          : b.mul(mlp(b, "mlp", normed, EXPANSION * channels), b.param("gamma", [channels]));
      return b.add(identity(b, "drop_path", y), identity(b, "shortcut", x));
    });

export const timmLogits: MakeLogits = (b, picture, shape, classes) => {
  const embedded = stem(b, "stem", picture, shape.width, "Sequential", mapNorm);
  const features = b.scope("stages", "Sequential", () =>
    shape.depths.reduce(
      (x, depth, at) =>
        b.scope(`${at}`, "ConvNeXtStage", () => {
          const y = at === 0 ? identity(b, "downsample", x) : downsample(b, "downsample", x, mapNorm);
          return blocks(b, "blocks", y, depth, timmBlock(shape));
        }),
      embedded,
    ),
  );
  const x = identity(b, "norm_pre", features);
  return b.scope("head", "NormMlpClassifierHead", () => {
    const pooled = b.scope("global_pool", "SelectAdaptivePool2d", () =>
      identity(b, "flatten", adaptiveAvgPool2d(b, "pool", x, 1)),
    );
    const normed = mapNorm(b, "norm", pooled);
    const flat = b.scope("flatten", "Flatten", () => flatten(b, normed));
    return classifier(b, "fc", identity(b, "drop", identity(b, "pre_logits", flat), "Dropout"), classes);
  });
};

const originalBlock =
  ({ version }: ConvNextShape): Layer =>
  (b, name, x) =>
    b.scope(name, "Block", () => {
      const channels = x.shape[3]!;
      const normed = norm(b, "norm", depthwise(b, "dwconv", x));
      const hidden = gelu(b, "act", linear(b, "pwconv1", normed, EXPANSION * channels));
      const y = linear(
        b,
        "pwconv2",
        version === 2 ? responseNorm(b, hidden, ORIGINAL_RESPONSES) : hidden,
        channels,
      );
      const scaled = version === 1 ? b.mul(y, b.param("gamma", [channels])) : y;
      return b.add(x, identity(b, "drop_path", scaled));
    });

const originalNetwork =
  (lastEps: number): MakeLogits =>
  (b, picture, shape, classes) => {
    // Neither list is called; the forward pass alternates between their modules.
    for (const list of ["downsample_layers", "stages"]) b.container(list, "ModuleList", () => undefined);
    const features = shape.depths.reduce((x, depth, at) => {
      const name = `downsample_layers.${at}`;
      const y = at === 0 ? stem(b, name, x, shape.width, "Sequential", norm) : downsample(b, name, x, norm);
      return blocks(b, `stages.${at}`, y, depth, originalBlock(shape));
    }, picture);
    const pooled = flatten(b, adaptiveAveragePool(b, features, [1, 1]));
    return classifier(b, "head", layerNorm(b, "norm", pooled, lastEps), classes);
  };

export const originalLogits = originalNetwork(EPS);

/** Its names are in a table from the original's. */
export const huggingFaceLogits = originalNetwork(LAST_HUGGING_FACE_EPS);
