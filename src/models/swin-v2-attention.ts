/** @file Swin V2's attention: cosine similarity, scaled per head, with position biases from a small network. */

import { badArgument } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import { sameShape, type Shape } from "../graph/shape.js";
import type { Node, Pair } from "../graph/types.js";
import { requireSetting } from "./file-layer.js";
import { checkLinear, linear, relu } from "./layers.js";
import type { AttentionOptions } from "./swin-blocks.js";
import { pairsOf, requireWindow } from "./swin-windows.js";
import { headsOf, joinedLinear, joinHeads, requireHeads, unusedDropout } from "./transformer.js";
import { say } from "../language/say.js";

interface CosineOptions extends AttentionOptions {
  /** Side of the stage's window in pretraining, which is the unit of positions. Undefined: the window's own side. */
  readonly trained: number | undefined;
  /** Whether the windows' size determines that unit. */
  readonly measureKnown: boolean;
}

/** Hidden features of the network of the biases. */
const HIDDEN = 512;
/** Biases lie in 0..16. */
const LARGEST_BIAS = 16;
/** The scale of a head's cosines is 100 at most. */
const LARGEST_LOGIT = Math.log(100);
/** torch.nn.functional.normalize's smallest norm, squared. */
const SMALLEST = 1e-24;

/** torch.nn.functional.normalize over the last axis. */
const unit = (b: Builder, x: Node): Node => b.mul(x, b.rsqrt(b.max(b.sum(b.mul(x, x), [-1]), SMALLEST)));

/** Attention inside windows [B, windows, area, C]. */
export function cosineAttention(b: Builder, x: Node, o: CosineOptions): Node {
  const { heads, mask } = o;
  const channels = x.shape[3]!;
  requireHeads(b, heads);
  requireSetting(b, ["scale"], 1);
  requireWindow(b, o.window, o.trained);
  const bias = positionBias(b, o);
  const qkv = o.traits.apart
    ? joinedLinear(b, ["q", "k", "v"], x, channels, { bias: [true, false, true] })
    : joinedQkv(b, x, o.build.spelling === "torchvision");
  const [q, k, v] = [0, 1, 2].map((i) => headsOf(b, qkv, i, 3, heads)) as [Node, Node, Node];
  const scale = b.exp(b.min(b.param("logit_scale", [heads, 1, 1]), LARGEST_LOGIT));
  unusedDropout(b);
  const masked = mask ? b.add(bias, mask) : bias;
  return joinHeads(b, b.attention(b.mul(unit(b, q), scale), unit(b, k), v, masked, 1));
}

/** One Linear, whose weight PyTorch reads without a call of the module. The key has no bias; torchvision sets it to zero. */
function joinedQkv(b: Builder, x: Node, hasWhole: boolean): Node {
  const channels = x.shape[3]!;
  checkLinear(b, "qkv");
  const [weight, whole] = b.container(
    "qkv",
    "Linear",
    () =>
      [
        b.param("weight", [3 * channels, channels]),
        hasWhole ? b.param("bias", [3 * channels]) : undefined,
      ] as const,
  );
  const [query, value] = whole
    ? [b.slice(whole, 0, 0, channels), b.slice(whole, 0, 2 * channels)]
    : [b.param("q_bias", [channels]), b.param("v_bias", [channels])];
  // TorchScript keeps timm's buffer of zeros.
  const key = b.fileHas("k_bias") ? b.param("k_bias", [channels]) : zeros(b, channels);
  return b.add(b.matmul(x, weight, { transposeB: true }), b.concat([query, key, value], 0));
}

const zeros = (b: Builder, size: number): Node => b.constant(new Float32Array(size), [size]);

/** [heads, area, area] of parameters alone: 16 sigmoid of an MLP of each pair's relative position. */
function positionBias(b: Builder, o: CosineOptions): Node {
  const { heads, window } = o;
  const coordinates = coordinateTable(b, o);
  const scores = b.scope("cpb_mlp", "Sequential", () => {
    const hidden = relu(b, "1", linear(b, "0", coordinates, HIDDEN));
    return linear(b, "2", hidden, heads, { bias: false });
  });
  return pairsOf(b, b.mul(b.sigmoid(scores), LARGEST_BIAS), window.size);
}

/**
 * The relative positions of a window's patches, [1, 2h - 1, 2w - 1, 2]. A file's own table is used where it fits these
 * windows. Otherwise the positions are computed, as the loaders of the authors and of timm do.
 * @throws GradlensError "bad-argument" where the unit of positions is not known
 */
function coordinateTable(
  b: Builder,
  { window: { size }, trained, measureKnown, build }: CosineOptions,
): Node {
  const name = "relative_coords_table";
  const shape: Shape = [1, 2 * size[0] - 1, 2 * size[1] - 1, 2];
  const found = b.file.shapes?.get(b.pathOf(name));
  if (found !== undefined) {
    // While the architecture is detected, the file's size is unknown. torchvision's windows are the same at every size.
    if (found.length === 0 || build.spelling === "torchvision" || sameShape(found, shape))
      return b.param(name, shape);
    if (!measureKnown) {
      const windows = found.slice(1, 3).map((n) => (n + 1) / 2);
      throw badArgument(
        say`${b.path}.${name} is for windows of ${windows.join("x")} patches, at this size they are ${size.join("x")}, and the file does not say which positions were trained: use the size of training`,
      );
    }
    b.param(name, found);
  }
  return b.constant(coordinates(size, trained), shape);
}

/** Offsets as shares of the farthest one, times 8, and on a logarithmic scale that keeps 1: timm's _make_pair_wise_relative_positions. */
function coordinates([height, width]: Pair, trained: number | undefined): Float32Array {
  const along = (side: number): number[] =>
    Array.from({ length: 2 * side - 1 }, (_, i) => {
      const offset = (8 * (i - side + 1)) / Math.max((trained ?? side) - 1, 1);
      return (Math.sign(offset) * Math.log2(Math.abs(offset) + 1)) / Math.log2(8);
    });
  const columns = along(width);
  return Float32Array.from(along(height).flatMap((y) => columns.flatMap((x) => [y, x])));
}
