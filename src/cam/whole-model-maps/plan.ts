/**
 * @file The plan of methods that look at no layer: their gradients and raw maps for some targets, in one graph behind the
 * forward pass that they share with all others.
 */

import type { Node, Pair } from "../../graph/types.js";
import type { Plan, RunOptions } from "../../runtime/plan.js";
import type { DirectMethod } from "../methods/method.js";
import { optionsOf } from "../methods/kinds.js";
import { METHODS, type DirectMethodName } from "../methods/table.js";
import type { Passes } from "../passes/symbolic-model.js";
import type { Forward } from "../passes/forward-pass.js";
import { KeptPlans } from "../passes/kept-plans.js";
import type { ExplainOptions } from "../request/types.js";

/** Whether a method's values come of the shared forward pass, not of passes of its own (mean-gradient.ts). */
const isShared = (def: DirectMethod): boolean => def.needs !== "input" || def.samples === undefined;

/** Methods whose values do. */
export const sharedOf = (methods: readonly DirectMethodName[]): DirectMethodName[] =>
  methods.filter((name) => isShared(METHODS[name]));

/** What a method reads of the model for each target: the gradient at the picture, or the raw map. In the template. */
function valueOf(passes: Passes, name: DirectMethodName, options: ExplainOptions): Node {
  const def: DirectMethod = METHODS[name];
  if (def.needs !== "input") return def.map(passes, options);
  return passes.gradients([passes.model.template.picture], def.rules)[0]!;
}

/** What a forward pass must keep for the methods. */
export const keptFor = (
  passes: Passes,
  methods: readonly DirectMethodName[],
  options: ExplainOptions,
): Node[] =>
  passes.savedFor(
    sharedOf(methods).map((name) => valueOf(passes, name, options)),
    [],
  );

/** A method's values for one target. */
export interface DirectValue {
  /** Of methods of the picture's gradient: the gradient [H, W, channels]. Of others: the map before scaling. */
  readonly data: Float32Array;
  /** [h, w] of `data`. */
  readonly size: Pair;
}

const KEPT = new KeptPlans<DirectPlan>();

export class DirectPlan {
  private constructor(
    private readonly plan: Plan,
    /** In the order of the plan's outputs. */
    private readonly methods: readonly DirectMethodName[],
  ) {}

  /** The plan of some shared methods for `targets` targets, kept behind `forward`. */
  static for(
    passes: Passes,
    forward: Forward,
    methods: readonly DirectMethodName[],
    targets: number,
    options: ExplainOptions,
  ): Promise<DirectPlan> {
    const read = methods.flatMap(optionsOf).map((option) => [option, options[option] ?? null]);
    return KEPT.get(forward, JSON.stringify([methods, read, targets]), () =>
      DirectPlan.compile(passes, forward, methods, targets, options),
    );
  }

  private static async compile(
    passes: Passes,
    forward: Forward,
    methods: readonly DirectMethodName[],
    targets: number,
    options: ExplainOptions,
  ): Promise<DirectPlan> {
    const { device, weights } = passes.model;
    const wanted = methods.map((name) => valueOf(passes, name, options));
    const { graph, values } = passes.reverse(forward, wanted, [], targets);
    const plan = await device.compile(graph, values, { weights, sources: forward.sourcesOf(graph) });
    return new DirectPlan(plan, methods);
  }

  /**
   * Runs behind the forward pass.
   * @param seed the gradient of the logits for each target, [targets, classes]
   * @returns for each method a value, or one a target where it depends on it
   */
  async run(seed: Float32Array, options: RunOptions): Promise<Map<DirectMethodName, DirectValue[]>> {
    const { plan, methods } = this;
    plan.write("seed", seed);
    await plan.run(options);
    const values = await plan.read(...methods.keys());
    return new Map(
      methods.map((name, i) => {
        const [rows, h, w] = plan.outputs[i]!.shape as [number, number, number];
        const all = values[i]!;
        const row = all.length / rows;
        const parts = Array.from({ length: rows }, (_, t) => all.subarray(t * row, (t + 1) * row));
        return [name, parts.map((data) => ({ data, size: [h, w] }))];
      }),
    );
  }

  dispose(): void {
    this.plan.dispose();
  }
}
