/** @file A plan that starts from the gradient of the logits, the seed: compiles it, writes the seed, runs, reads the values. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import type { Plan } from "../../runtime/plan.js";
import type { ForwardPass } from "./forward-pass.js";
import type { SymbolicModel } from "./symbolic-model.js";

interface ReverseRun {
  readonly signal?: AbortSignal | undefined;
  /** Values of inputs other than the seed. */
  readonly inputs?: ReadonlyMap<string, Float32Array>;
}

export class ReversePlan {
  /** @param read the number of outputs that `run` reads; later ones stay on the GPU */
  constructor(
    readonly plan: Plan,
    private readonly read = plan.outputs.length,
  ) {}

  /**
   * @param graph SymbolicModel.reverse's, with what was appended
   * @param outputs the values that `run` reads
   * @param kept values that other plans read on the GPU
   */
  static async compile(
    { model: { device, weights } }: SymbolicModel,
    forward: ForwardPass,
    graph: Builder,
    outputs: readonly Node[],
    kept: readonly Node[] = [],
  ): Promise<ReversePlan> {
    const plan = await device.compile(graph, [...outputs, ...kept], {
      weights,
      sources: forward.sourcesOf(graph),
    });
    return new ReversePlan(plan, outputs.length);
  }

  /** @param seed [targets, classes]: SymbolicModel.seedRows */
  async run(seed: Float32Array, { signal, inputs = new Map() }: ReverseRun = {}): Promise<Float32Array[]> {
    const { plan } = this;
    plan.write("seed", seed);
    for (const [name, values] of inputs) plan.write(name, values);
    await plan.run({ signal });
    return plan.read(...Array.from({ length: this.read }, (_, i) => i));
  }

  dispose(): void {
    this.plan.dispose();
  }
}
