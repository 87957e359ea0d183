/**
 * @file The plan of methods that read no layer: their gradients and raw maps for some targets, in one graph behind the shared
 * forward pass.
 */

import type { Node, Pair } from "../../graph/types.js";
import type { PlanRunOptions } from "../../runtime/plan.js";
import { rowsOf } from "../split-lists.js";
import { METHODS, valuesRead, type WholeModelMethodName } from "../methods/table.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import { PlanKindCache } from "../passes/plan-kind-cache.js";
import { ReversePlan } from "../passes/reverse-plan.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { MapOptionValues } from "../map-options.js";

/** The methods that read the shared forward pass. The others run passes of their own (mean-gradient.ts). */
export const sharedOf = (methods: readonly WholeModelMethodName[]): WholeModelMethodName[] =>
  methods.filter((name) => !METHODS[name].inputGradient?.samples);

/** In the template. */
const mapsOf = (
  symbolic: SymbolicModel,
  methods: readonly WholeModelMethodName[],
  options: MapOptionValues,
): Node[] => methods.map((name) => METHODS[name].map(symbolic, options));

/** The values that a forward pass must keep. */
export const keptFor = (
  symbolic: SymbolicModel,
  methods: readonly WholeModelMethodName[],
  options: MapOptionValues,
): Node[] => symbolic.savedFor(mapsOf(symbolic, sharedOf(methods), options), []);

/** A method's value for one target. */
export interface WholeModelValue {
  /** Methods of the input gradient: the gradient [H, W, channels]. Others: the raw map. */
  readonly data: Float32Array;
  /** [h, w] of `data`. */
  readonly size: Pair;
}

const KEPT = new PlanKindCache<WholeModelPlan>();

export class WholeModelPlan {
  private constructor(
    private readonly plan: ReversePlan,
    /** In the order of the plan's outputs. */
    private readonly methods: readonly WholeModelMethodName[],
  ) {}

  /** The plan of some shared methods for `targets` targets, kept behind `forward`. */
  static for(
    symbolic: SymbolicModel,
    forward: ForwardPass,
    methods: readonly WholeModelMethodName[],
    targets: number,
    options: MapOptionValues,
  ): Promise<WholeModelPlan> {
    const key = JSON.stringify([methods, valuesRead(methods, options), targets]);
    return KEPT.get(forward, key, async () => {
      const maps = mapsOf(symbolic, methods, options);
      const reverse = symbolic.reverse(forward, maps, [], targets);
      const plan = await ReversePlan.compile(symbolic, forward, reverse.graph, reverse.values);
      return new WholeModelPlan(plan, methods);
    });
  }

  /**
   * Runs behind the forward pass.
   * @param seed SymbolicModel.seedRows of the targets
   * @returns for each method a value a target; one value if it is the same for all
   */
  async run(
    seed: Float32Array,
    { signal }: PlanRunOptions,
  ): Promise<Map<WholeModelMethodName, WholeModelValue[]>> {
    const { plan, methods } = this;
    const values = await plan.run(seed, { signal });
    return new Map(
      methods.map((name, i) => {
        const [rows, h, w] = plan.plan.outputs[i]!.shape as [number, number, number];
        return [name, rowsOf(values[i]!, rows).map((data) => ({ data, size: [h, w] }))];
      }),
    );
  }

  dispose(): void {
    this.plan.dispose();
  }
}
