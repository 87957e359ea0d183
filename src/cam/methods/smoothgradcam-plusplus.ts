/**
 * @file Smooth Grad-CAM++: Grad-CAM++ with gradients averaged over noisy copies of the picture. A channel's weight is as in
 * torch-cam: the sum over positions of relu(g) g2 / (2 g2 + sum(A g3) + 1e-8). g2 and g3 are the means of the gradient's
 * square and cube over the copies. g is the gradient of the last copy, A the activations of the unmodified picture.
 */

import { toMap } from "../../models/taps.js";
import type { MapOptionValues } from "../map-options.js";
import { chunksOf, rowsOf } from "../split-lists.js";
import { compileLargest, type BatchGraph } from "../passes/memory-budget.js";
import { ReversePlan } from "../passes/reverse-plan.js";
import { normalNumbers } from "../passes/seeded-random.js";
import type { LayerWeights, WeightRequest } from "./channel-weights.js";
import { channelWeightMethod } from "./kinds.js";
import { phrase } from "../../language/say.js";

/** The number of copies, and the standard deviation of the noise on the normalised picture: torch-cam's defaults. */
const SAMPLES = 4;
const DEVIATION = 0.3;
const EPS = 1e-8;

async function find(m: WeightRequest, { seed }: MapOptionValues): Promise<LayerWeights> {
  const { forward, tap, layout, targets, input, signal } = m;
  const channels = tap.output.shape.at(-1)!;
  const gradients = await GradientPlan.compile(m);
  try {
    const [value] = await forward.plan.read(forward.indexOf(tap.output));
    const A = value!.subarray(layout.prefix * channels);
    const squares = targets.map(() => new Float64Array(A.length));
    const cubes = targets.map(() => new Float64Array(A.length));
    let last: Float32Array[] = [];
    // The same noise for every layer and label.
    const next = normalNumbers(`${seed} noise`);
    m.onProgress(0, SAMPLES);
    for (let sample = 1; sample <= SAMPLES; sample++) {
      forward.plan.write(
        "picture",
        input.map((x) => x + DEVIATION * next()),
      );
      await forward.plan.run({ signal });
      last = await gradients.read();
      last.forEach((ofTarget, t) =>
        ofTarget.forEach((g, i) => {
          squares[t]![i]! += (g * g) / SAMPLES;
          cubes[t]![i]! += (g * g * g) / SAMPLES;
        }),
      );
      m.onProgress(sample, SAMPLES);
    }
    const weights = new Float32Array(targets.length * channels);
    targets.forEach((_, t) =>
      weights.set(weightsOf(A, squares[t]!, cubes[t]!, last[t]!, channels), t * channels),
    );
    return { weights };
  } finally {
    gradients.dispose();
    // Maps are made of the unmodified picture's activations.
    forward.plan.write("picture", input);
    await forward.plan.run();
  }
}

function weightsOf(
  A: Float32Array,
  squares: Float64Array,
  cubes: Float64Array,
  last: Float32Array,
  channels: number,
): Float32Array {
  const weights = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let i = c; i < A.length; i += channels) sum += A[i]! * cubes[i]!;
    for (let i = c; i < A.length; i += channels) {
      weights[c]! += (Math.max(0, last[i]!) * squares[i]!) / (2 * squares[i]! + sum + EPS);
    }
  }
  return weights;
}

/** The gradients of all targets' logits at a layer, for the picture that the forward pass ran on last. */
class GradientPlan {
  private constructor(
    private readonly m: WeightRequest,
    private readonly plan: ReversePlan,
    private readonly batch: number,
  ) {}

  /** @throws GradlensError "out-of-memory" where not even one target at a time fits */
  static async compile(m: WeightRequest): Promise<GradientPlan> {
    const { symbolic, forward, tap, model, memory } = m;
    if (memory !== undefined) await forward.releaseBatches();
    const wanted = symbolic.gradients([tap.output]);
    const make = (targets: number): BatchGraph => {
      const { graph, values } = symbolic.reverse(forward, wanted, [tap.output], targets);
      return { graph, output: toMap(graph, values[0]!, m.layout), sources: forward.sourcesOf(graph) };
    };
    const most = Math.min(m.batchSize, m.targets.length);
    const { plan, batch } = await compileLargest(model, most, make, memory);
    return new GradientPlan(m, new ReversePlan(plan), batch);
  }

  /** [h, w, C] of each target */
  async read(): Promise<Float32Array[]> {
    const { plan, batch } = this;
    const { symbolic, targets, signal } = this.m;
    const rows: Float32Array[] = [];
    for (const chunk of chunksOf(targets, batch)) {
      const [values] = await plan.run(symbolic.seedRows(chunk, undefined, batch), { signal });
      rows.push(...rowsOf(values!, batch).slice(0, chunk.length));
    }
    return rows;
  }

  dispose(): void {
    this.plan.dispose();
  }
}

export const smoothGradcamPlusPlus = channelWeightMethod({
  title: "Smooth Grad-CAM++",
  paper: "Omeiza et al., 2019, https://arxiv.org/abs/1908.01224",
  question: phrase`Grad-CAM++ averaged over noisy pictures`,
  group: "gradient",
  reads: ["seed"],
  runsOften: () => true,
  keeps: (symbolic, outputs) => symbolic.savedFor(symbolic.gradients(outputs), outputs),
  find,
});
