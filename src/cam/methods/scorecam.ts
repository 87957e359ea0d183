/**
 * @file Score-CAM: channels weighted by the score of the picture masked by them. A mask is the channel, upsampled and scaled
 * to 0..1; the weights are the softmax of the scores. The GPU makes masks and products, a batch at a time.
 */

import type { Builder } from "../../graph/builder.js";
import { optimize } from "../../graph/rewrite.js";
import { instantiateAfter, split } from "../../graph/split.js";
import type { Node } from "../../graph/types.js";
import { toMap } from "../../models/taps.js";
import type { MapOptionValues } from "../map-options.js";
import { PICKS } from "../passes/channel-batches.js";
import type { BatchGraph } from "../passes/memory-budget.js";
import { resized } from "../scaling/scale-maps.js";
import { softmax } from "../scores.js";
import { channelBatches, scoring, type LayerWeights, type WeightRequest } from "./channel-weights.js";
import { channelWeightMethod } from "./kinds.js";
import { phrase } from "../../language/say.js";

/** pytorch-grad-cam's: a channel of equal values masks everything. */
const EPS = 1e-8;

async function find(m: WeightRequest, options: MapOptionValues): Promise<LayerWeights> {
  const { forward, tap, layout, targets } = m;
  const { topChannels } = options;
  const channels = tap.output.shape.at(-1)!;
  const [value] = await forward.plan.read(forward.indexOf(tap.output));
  const spread = channelSpread(value!.subarray(layout.prefix * channels), channels);
  const ranked = [...spread.keys()].sort((i, j) => spread[j]! - spread[i]! || i - j);
  const chosen = ranked.slice(0, topChannels ?? channels).sort((i, j) => i - j);
  // Channels of equal values all give the same black picture. It is scored once.
  const wanted = chosen.filter((c) => spread[c]! > 0);
  const hasBlack = wanted.length < chosen.length;

  const plan = await channelBatches(m, (batch) => graphFor(m, batch));
  const scored = hasBlack ? [...wanted, -1] : wanted;
  const rows = await plan.run(scored, new Map([["picture", m.input]]), {
    signal: m.signal,
    onBatch: (done) => m.onProgress(done, scored.length),
  });
  const scores = rows.map(scoring(m, options));
  const rowOf = new Map(wanted.map((channel, row) => [channel, row]));
  const weights = new Float32Array(targets.length * channels);
  targets.forEach((target, t) => {
    const share = softmax(
      Float32Array.from(chosen, (c) => scores[rowOf.get(c) ?? scores.length - 1]![target]!),
    );
    chosen.forEach((c, i) => (weights[t * channels + c] = share[i]!));
  });
  if (topChannels === undefined) return { weights };
  const sum = (list: readonly number[]): number => list.reduce((total, c) => total + spread[c]!, 0);
  return {
    weights,
    share: { scored: chosen.length, of: channels, variance: sum(chosen) / (sum(ranked) || 1) },
  };
}

/** The variance of each channel over its positions, in f64; exactly 0 where all values are the same. */
function channelSpread(value: Float32Array, channels: number): Float64Array {
  const positions = value.length / channels;
  const spread = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const first = value[c]!;
    let [sum, squares] = [0, 0];
    // Differences from the first: equal values give 0 without rounding.
    for (let i = c; i < value.length; i += channels) {
      const d = value[i]! - first;
      sum += d;
      squares += d * d;
    }
    spread[c] = Math.max(0, squares / positions - (sum / positions) ** 2);
  }
  return spread;
}

function graphFor({ model, forward, tap, layout }: WeightRequest, batch: number): BatchGraph {
  const { picture, logits } = model.template;
  const { graph, copyOf } = instantiateAfter(split([logits], [picture]), {
    batch,
    valueOf: (_, b) => maskedPictures(b, toMap(b, forward.savedInput(b, tap.output), layout), picture),
    rewrite: optimize([logits], { maxElements: model.device.maxElements }),
  });
  return { graph, output: copyOf(logits), sources: forward.sourcesOf(graph) };
}

/** [batch, H, W, channels]: the picture, each time masked by one channel of A [1, h, w, C]. */
function maskedPictures(b: Builder, A: Node, picture: Node): Node {
  const [, h, w, C] = A.shape as [number, number, number, number];
  const [, H, W, colours] = picture.shape as [number, number, number, number];
  const picks = b.input(PICKS, [b.batch, C]);
  const channel = b.reshape(b.matmul(picks, b.reshape(A, [h * w, C]), { transposeB: true }), [b.batch, h, w]);
  // torch.nn.UpsamplingBilinear2d
  const mask = resized(b, channel, [H, W], true);
  const fromZero = b.sub(mask, b.amin(mask, [1, 2]));
  const scaled = b.div(fromZero, b.add(b.amax(fromZero, [1, 2]), EPS));
  return b.mul(b.reshape(scaled, [b.batch, H, W, 1]), b.input("picture", [1, H, W, colours]));
}

export const scorecam = channelWeightMethod({
  title: "Score-CAM",
  paper: "Wang et al., CVPR Workshops 2020, https://arxiv.org/abs/1910.01279",
  question: phrase`The score of the picture seen through each channel`,
  group: "no-gradient",
  reads: ["score", "topChannels"],
  runsOften: () => true,
  find,
});
