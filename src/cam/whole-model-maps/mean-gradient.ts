/**
 * @file The mean of a logit's gradient over pictures made of one: the noisy copies of SmoothGrad, the steps of integrated
 * gradients. One plan runs the forward and reverse pass of a batch and returns the batch's share of the mean.
 */

import { instantiate } from "../../graph/instantiate.js";
import { optimize } from "../../graph/rewrite.js";
import { compileLargest, type BatchGraph } from "../passes/memory-budget.js";
import type { WeightRequest } from "../methods/channel-weights.js";
import type { PictureSamples } from "../methods/method.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import { PlanKindCache } from "../passes/plan-kind-cache.js";
import { ReversePlan } from "../passes/reverse-plan.js";
import { normalNumbers } from "../passes/seeded-random.js";

/** `forward` keeps the plan for later pictures; `onProgress` is called before the first batch and after each. */
export interface Sampling extends Pick<
  WeightRequest,
  "symbolic" | "forward" | "input" | "targets" | "batchSize" | "memory" | "signal" | "onProgress"
> {
  /** For random numbers. */
  readonly seed: string;
}

const KEPT = new PlanKindCache<SamplePlan>(true);

/** @returns the mean gradient [H, W, channels] of each target's logit */
export async function meanGradients(samples: PictureSamples, s: Sampling): Promise<Float32Array[]> {
  const { symbolic, forward, input, targets, batchSize, memory } = s;
  const plan = await KEPT.get(
    forward,
    JSON.stringify([batchSize, memory, samples.count]),
    () => SamplePlan.compile(symbolic, Math.min(batchSize, samples.count), memory),
    memory !== undefined,
  );
  const sums = targets.map(() => new Float64Array(input.length));
  const normal = normalNumbers(s.seed);
  const total = samples.count * targets.length;
  let done = 0;
  s.onProgress(done, total);
  for (let first = 0; first < samples.count; first += plan.batch) {
    const count = Math.min(plan.batch, samples.count - first);
    const pictures = Array.from({ length: count }, (_, i) => samples.picture(input, first + i, normal));
    plan.write(pictures, 1 / samples.count);
    for (const [t, target] of targets.entries()) {
      const share = await plan.gradient(target, s.signal);
      const sum = sums[t]!;
      share.forEach((g, i) => (sum[i]! += g));
      s.onProgress((done += count), total);
    }
  }
  return sums.map((sum) => Float32Array.from(sum));
}

/** An input [batch, 1, 1, 1]: the share of each picture in the mean. */
const SHARES = "shares";

class SamplePlan {
  private constructor(
    private readonly symbolic: SymbolicModel,
    private readonly plan: ReversePlan,
    readonly batch: number,
  ) {}

  /** @throws GradlensError "out-of-memory" where not even one picture at a time fits */
  static async compile(
    symbolic: SymbolicModel,
    most: number,
    memory: number | undefined,
  ): Promise<SamplePlan> {
    const { model } = symbolic;
    const { device, template } = model;
    const [gradient] = symbolic.gradients([template.picture]);
    const make = (batch: number): BatchGraph => {
      const rewrite = optimize([gradient!], { maxElements: device.maxElements });
      const { graph, copyOf } = instantiate([gradient!], { batch, rewrite });
      const shares = graph.input(SHARES, [batch, 1, 1, 1]);
      return { graph, output: graph.sum(graph.mul(copyOf(gradient!), shares), [0]) };
    };
    const { plan, batch } = await compileLargest(model, most, make, memory);
    return new SamplePlan(symbolic, new ReversePlan(plan), batch);
  }

  /** Writes up to `batch` pictures. @param share of each in the mean */
  write(pictures: readonly Float32Array[], share: number): void {
    const { batch } = this;
    const size = pictures[0]!.length;
    const all = new Float32Array(batch * size);
    pictures.forEach((picture, i) => all.set(picture, i * size));
    const { plan } = this.plan;
    plan.write("picture", all);
    plan.write(
      SHARES,
      Float32Array.from({ length: batch }, (_, i) => (i < pictures.length ? share : 0)),
    );
  }

  /** The sum over the written pictures of a logit's gradient times the picture's share. @param target a class index */
  async gradient(target: number, signal: AbortSignal | undefined): Promise<Float32Array> {
    const targets = new Array<number>(this.batch).fill(target);
    const [gradient] = await this.plan.run(this.symbolic.seedRows(targets), { signal });
    return gradient!;
  }

  dispose(): void {
    this.plan.dispose();
  }
}
