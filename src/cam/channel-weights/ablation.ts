/**
 * @file Ablation-CAM's weights: (s - s_without) / |s| for every channel (equation 2 of the paper, whose division by s would
 * turn the map inside out for the negative logits of absent findings). A channel is set to zero in every token of the
 * module's own output, class token included. The part before the layer runs once, only the part after for each channel.
 */

import { optimize } from "../../graph/rewrite.js";
import { ChannelVariants } from "../../graph/channel-variants.js";
import { instantiateAfter, split, type Split } from "../../graph/split.js";
import { BatchPlan, PICKS } from "./channel-batches.js";
import type { BatchGraph } from "../passes/memory-budget.js";
import { batchesFor, type LayerWeights, type WeightRequest } from "./weight-request.js";

export async function ablationWeights(m: WeightRequest): Promise<LayerWeights> {
  const { model, forward, tap, targets } = m;
  const channels = tap.output.shape.at(-1)!;
  const parts = split([model.template.logits], [tap.output]);
  const plan = await batchesFor("ablation", m, () =>
    BatchPlan.compile(model, channels, (batch) => graphFor(m, parts, batch), {
      batchSize: m.batchSize,
      memory: m.memory,
      // As where a head pools: nothing mixes channels before the last matrix product.
      cheap: forward.plan.flops,
    }),
  );
  const all = Array.from({ length: channels }, (_, c) => c);
  const rows = await plan.run(all, new Map(), {
    signal: m.signal,
    onBatch: (done) => m.onProgress(done, channels),
  });
  const scores = m.scoresOf(m.logits);
  const without = rows.map(m.scoresOf);
  const weights = new Float32Array(targets.length * channels);
  targets.forEach((target, t) => {
    const score = scores[target]!;
    // Of a score of exactly 0 the shares are infinite; their ratios are those of the losses.
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
  // Logits that do not depend on the layer are the same for all.
  const each = graph.broadcast(pictures?.spelledOut(rows) ?? rows, [batch, logits!.shape[1]!]);
  return { graph, output: each, sources: forward.sourcesOf(graph) };
}
