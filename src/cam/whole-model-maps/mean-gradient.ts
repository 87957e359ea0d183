/**
 * @file The mean of a logit's gradient over several pictures made of one: SmoothGrad's noisy ones, the steps of integrated
 * gradients. Forward and reverse pass of a batch of pictures are one plan, which gives the batch's share of the mean.
 */

import { instantiate } from "../../graph/instantiate.js";
import { optimize } from "../../graph/rewrite.js";
import type { Plan } from "../../runtime/plan.js";
import { compileLargest, type BatchGraph } from "../passes/memory-budget.js";
import type { InputMethod } from "../methods/method.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import { KeptPlans } from "../passes/kept-plans.js";
import { normalNumbers } from "../passes/seeded-random.js";

export type Samples = NonNullable<InputMethod["samples"]>;

export interface Sampling {
  readonly symbolic: SymbolicModel;
  /** Keeps the plan for later pictures. */
  readonly forward: ForwardPass;
  /** The normalised picture. */
  readonly input: Float32Array;
  /** Class indexes. */
  readonly targets: readonly number[];
  /** For what is drawn. */
  readonly seed: string;
  /** Pictures at once, at most; bytes of GPU memory beyond the weights that may be in use. */
  readonly batchSize: number;
  readonly memory?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before the first batch and after each. */
  readonly onProgress: (done: number, total: number) => void;
}

const KEPT = new KeptPlans<SamplePlan>(true);

/** @returns the mean gradient [H, W, channels] of each target's logit */
export async function meanGradients(samples: Samples, s: Sampling): Promise<Float32Array[]> {
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
    plan.show(pictures, 1 / samples.count);
    for (const [t, target] of targets.entries()) {
      const share = await plan.gradient(target, s.signal);
      const sum = sums[t]!;
      share.forEach((g, i) => (sum[i]! += g));
      s.onProgress((done += count), total);
    }
  }
  return sums.map((sum) => Float32Array.from(sum));
}

/** What a picture counts in the mean, [batch, 1, 1, 1]. */
const SHARES = "shares";

export class SamplePlan {
  private constructor(
    private readonly plan: Plan,
    readonly batch: number,
    private readonly classes: number,
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
    return new SamplePlan(plan, batch, template.logits.shape[1]!);
  }

  /** Writes up to `batch` pictures, each of which counts `share` in the mean. */
  show(pictures: readonly Float32Array[], share: number): void {
    const { batch } = this;
    const size = pictures[0]!.length;
    const all = new Float32Array(batch * size);
    pictures.forEach((picture, i) => all.set(picture, i * size));
    this.plan.write("picture", all);
    this.plan.write(
      SHARES,
      Float32Array.from({ length: batch }, (_, i) => (i < pictures.length ? share : 0)),
    );
  }

  /** The sum of the shown pictures' gradients of one class's logit, each times its share. */
  async gradient(target: number, signal: AbortSignal | undefined): Promise<Float32Array> {
    const seed = new Float32Array(this.batch * this.classes);
    for (let i = 0; i < this.batch; i++) seed[i * this.classes + target] = 1;
    this.plan.write("seed", seed);
    await this.plan.run({ signal });
    const [gradient] = await this.plan.read(0);
    return gradient!;
  }

  dispose(): void {
    this.plan.dispose();
  }
}
