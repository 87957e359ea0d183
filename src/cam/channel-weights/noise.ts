/**
 * @file Smooth Grad-CAM++'s weights, as torch-cam has them: sum over positions of relu(g) g2 / (2 g2 + sum(A g3) + 1e-8),
 * g2 and g3 the means of the gradient's square and cube over noisy pictures, g the gradient of the last of these, A the
 * plain picture's activations.
 */

import { toMap } from "../../models/taps.js";
import type { Plan } from "../../runtime/plan.js";
import { compileLargest, type BatchGraph } from "../passes/memory-budget.js";
import { normalNumbers } from "../passes/seeded-random.js";
import type { LayerWeights, WeightRequest } from "./weight-request.js";

/** Noisy pictures, and the standard deviation of their noise on the normalised picture: torch-cam's defaults. */
const SAMPLES = 4;
const DEVIATION = 0.3;
const EPS = 1e-8;

export async function noiseWeights(m: WeightRequest): Promise<LayerWeights> {
  const { forward, tap, targets, input, seed, signal } = m;
  const channels = tap.output.shape.at(-1)!;
  const gradients = await GradientPlan.compile(m);
  try {
    const [value] = await forward.plan.read(forward.indexOf(tap.output));
    const A = value!.subarray(m.layout.prefix * channels);
    const squares = new Float64Array(targets.length * A.length);
    const cubes = new Float64Array(targets.length * A.length);
    let last = new Float32Array();
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
      last.forEach((g, i) => {
        squares[i]! += (g * g) / SAMPLES;
        cubes[i]! += (g * g * g) / SAMPLES;
      });
      m.onProgress(sample, SAMPLES);
    }
    const weights = new Float32Array(targets.length * channels);
    targets.forEach((_, t) => {
      for (let c = 0; c < channels; c++) {
        const at = t * A.length + c;
        let sum = 0;
        for (let i = 0; i < A.length; i += channels) sum += A[i + c]! * cubes[at + i]!;
        for (let i = 0; i < A.length; i += channels) {
          const g2 = squares[at + i]!;
          weights[t * channels + c]! += (Math.max(0, last[at + i]!) * g2) / (2 * g2 + sum + EPS);
        }
      }
    });
    return { weights };
  } finally {
    gradients.dispose();
    // Maps are made of the plain picture's activations.
    forward.plan.write("picture", input);
    await forward.plan.run();
  }
}

/** The gradients of all targets' logits at a layer, for what the forward pass ran on last. */
class GradientPlan {
  private constructor(
    private readonly m: WeightRequest,
    private readonly plan: Plan,
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
    return new GradientPlan(m, plan, batch);
  }

  /** [targets, h, w, C] */
  async read(): Promise<Float32Array<ArrayBuffer>> {
    const { targets, logits, signal } = this.m;
    const parts: Float32Array[] = [];
    for (let start = 0; start < targets.length; start += this.batch) {
      const chunk = targets.slice(start, start + this.batch);
      const seed = new Float32Array(this.batch * logits.length);
      chunk.forEach((target, i) => (seed[i * logits.length + target] = 1));
      this.plan.write("seed", seed);
      await this.plan.run({ signal });
      const [values] = await this.plan.read(0);
      parts.push(values!.subarray(0, (values!.length / this.batch) * chunk.length));
    }
    const result = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (result.set(part, at), at + part.length), 0);
    return result;
  }

  dispose(): void {
    this.plan.dispose();
  }
}
