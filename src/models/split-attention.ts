/** @file ResNeSt's split attention (Zhang et al. 2020), with the modules of timm and of the authors. */

import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import { fileLayer } from "./file-layer.js";
import { batchNorm, conv2d, identity, relu } from "./layers.js";

interface SplitAttentionOptions {
  /** The number of branches that the attention weights. */
  readonly radix: number;
  readonly groups: number;
  readonly timm: boolean;
}

/** Fewest channels between its 1x1 convolutions. */
const FEWEST = 32;

/**
 * A 3x3 convolution to `radix` branches, and their sum weighted by channel. The branches follow each other in the channels: [B,
 * H, W, C] -> [B, H, W, radix C] -> [B, H, W, C].
 */
export function splitAttention(b: Builder, name: string, x: Node, o: SplitAttentionOptions): Node {
  const { radix, groups, timm } = o;
  const channels = x.shape[3]!;
  const act = (place: number, y: Node): Node => relu(b, timm ? `act${place}` : "relu", y);
  return b.scope(name, timm ? "SplitAttn" : "SplAtConv2d", () => {
    const out = channels * radix;
    const split = { out, kernel: 3, padding: 1, groups: groups * radix, bias: false } as const;
    const convolved = conv2d(b, "conv", x, split);
    const normed = batchNorm(b, "bn0", convolved);
    const maps = act(0, timm ? identity(b, "drop", normed) : normed);
    const branches = (y: Node): Node[] =>
      Array.from({ length: radix }, (_, r) => b.slice(y, 3, r * channels, (r + 1) * channels));
    const sum = (parts: readonly Node[]): Node => parts.reduce((total, part) => b.add(total, part));
    const means = sum(branches(b.mean(maps, [1, 2])));
    const few = Math.max(out / 4, FEWEST);
    const hidden = act(1, batchNorm(b, "bn1", conv2d(b, "fc1", means, { out: few, kernel: 1, groups })));
    const scores = conv2d(b, "fc2", hidden, { out, kernel: 1, groups });
    const kind = timm ? "RadixSoftmax" : "rSoftMax";
    const file = fileLayer(b, "rsoftmax", kind);
    if (file?.isUsual === false) file.refuseKind();
    const shares = b.scope("rsoftmax", kind, () => sharesOf(b, b.reshape(scores, [b.batch, out]), o));
    const weights = b.reshape(shares, [b.batch, 1, 1, out]);
    const weighers = branches(weights);
    return sum(branches(maps).map((y, r) => b.mul(y, weighers[r]!)));
  });
}

/** Softmax over the branches. The scores are grouped: [B, groups, radix, C / groups] -> [B, radix, C]; flat both. */
function sharesOf(b: Builder, scores: Node, { radix, groups }: SplitAttentionOptions): Node {
  if (radix === 1) return b.sigmoid(scores);
  const width = scores.shape[1]!;
  const byGroup = b.reshape(scores, [b.batch, groups, radix, width / (groups * radix)]);
  const shares = b.softmax(b.transpose(byGroup, [0, 1, 3, 2]));
  return b.reshape(b.transpose(shares, [0, 3, 1, 2]), [b.batch, width]);
}
