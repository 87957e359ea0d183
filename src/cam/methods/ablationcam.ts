/**
 * @file Ablation-CAM: channels weighted by the share of the score that is lost without them, (s - s_without) / |s|. That is
 * the paper's equation 2, whose division by s would invert the map for negative logits. A channel is set to zero in every
 * token of the module's output, class token included. The part before the layer runs once, the part after once a channel.
 */

import { ChannelVariants } from "../../graph/channel-variants.js";
import { optimize } from "../../graph/rewrite.js";
import { instantiateAfter, split, type Split } from "../../graph/split.js";
import type { MapOptionValues } from "../map-options.js";
import { PICKS } from "../passes/channel-batches.js";
import type { BatchGraph } from "../passes/memory-budget.js";
import { channelBatches, scoring, type LayerWeights, type WeightRequest } from "./channel-weights.js";
import { channelWeightMethod } from "./kinds.js";
import { isPooled } from "./pooled-head.js";
import { phrase } from "../../language/say.js";

async function find(m: WeightRequest, options: MapOptionValues): Promise<LayerWeights> {
  const { model, forward, tap, targets } = m;
  const channels = tap.output.shape.at(-1)!;
  const parts = split([model.template.logits], [tap.output]);
  // Behind a pooled layer nothing mixes channels before the last matrix product: all of them together are cheap.
  const plan = await channelBatches(m, (batch) => graphFor(m, parts, batch), { cheap: forward.plan.flops });
  const all = Array.from({ length: channels }, (_, c) => c);
  const rows = await plan.run(all, new Map(), {
    signal: m.signal,
    onBatch: (done) => m.onProgress(done, channels),
  });
  const scoresOf = scoring(m, options);
  const scores = scoresOf(m.logits);
  const without = rows.map(scoresOf);
  const weights = new Float32Array(targets.length * channels);
  targets.forEach((target, t) => {
    const score = scores[target]!;
    // A score of exactly 0 would make the shares infinite; the ratios of the losses stay.
    const size = Math.abs(score) || 1;
    without.forEach((row, c) => (weights[t * channels + c] = (score - row[target]!) / size));
  });
  return { weights };
}

function graphFor({ model, forward, tap }: WeightRequest, parts: Split, batch: number): BatchGraph {
  const [logits] = parts.outputs;
  const meets = new Set(parts.meeting);
  const fold = optimize(parts.outputs, {
    stop: (node) => meets.has(node),
    maxElements: model.device.maxElements,
  });
  let pictures: ChannelVariants | undefined;
  const after = instantiateAfter(parts, {
    batch,
    valueOf(node, b) {
      const value = forward.savedInput(b, node);
      if (node !== tap.output) return value;
      const channels = value.shape.at(-1)!;
      pictures = new ChannelVariants(b, channels, b.input(PICKS, [batch, channels]));
      return pictures.begin(value, b.broadcast(b.constant(0), value.shape));
    },
    rewrite: (node, inputs, b) => pictures?.rewrite(node, inputs) ?? fold(node, inputs, b),
  });
  const { graph } = after;
  const rows = after.copyOf(logits!);
  // Logits that do not depend on the layer have one row; every channel needs its own.
  const each = graph.broadcast(pictures?.spelledOut(rows) ?? rows, [batch, logits!.shape[1]!]);
  return { graph, output: each, sources: forward.sourcesOf(graph) };
}

export const ablationcam = channelWeightMethod({
  title: "Ablation-CAM",
  paper: "Desai and Ramaswamy, WACV 2020, https://ieeexplore.ieee.org/document/9093360",
  question: phrase`How much of the score is lost without a channel?`,
  group: "no-gradient",
  reads: ["score"],
  // Behind a pooled layer there is one matrix product, for all channels at once.
  runsOften: (template, layers) => !layers.every((tap) => isPooled(template, tap)),
  keeps: ({ template }, outputs) => outputs.flatMap((tap) => split([template.logits], [tap]).meeting),
  find,
});
