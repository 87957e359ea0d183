/**
 * @file The plan of methods that use no layer: their gradients and raw maps for some targets, in one graph behind the
 * forward pass that all methods share.
 */

import type { Node, Pair } from "../../graph/types.js";
import type { Plan, PlanRunOptions } from "../../runtime/plan.js";
import type { WholeModelMethod } from "../methods/method.js";
import { optionsOf } from "../methods/kinds.js";
import { METHODS, type WholeModelMethodName } from "../methods/table.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import { KeptPlans } from "../passes/kept-plans.js";
import type { MapOptionValues } from "../map-options.js";

/** Whether a method's values come of the shared forward pass, not of passes of its own (mean-gradient.ts). */
const isShared = (def: WholeModelMethod): boolean => def.needs !== "input" || def.samples === undefined;

/** Methods whose values do. */
export const sharedOf = (methods: readonly WholeModelMethodName[]): WholeModelMethodName[] =>
  methods.filter((name) => isShared(METHODS[name]));

/** What a method reads of the model for each target: the gradient at the picture, or the raw map. In the template. */
function valueOf(symbolic: SymbolicModel, name: WholeModelMethodName, options: MapOptionValues): Node {
  const def: WholeModelMethod = METHODS[name];
  if (def.needs !== "input") return def.map(symbolic, options);
  return symbolic.gradients([symbolic.model.template.picture], def.rules)[0]!;
}

/** What a forward pass must keep for the methods. */
export const keptFor = (
  symbolic: SymbolicModel,
  methods: readonly WholeModelMethodName[],
  options: MapOptionValues,
): Node[] =>
  symbolic.savedFor(
    sharedOf(methods).map((name) => valueOf(symbolic, name, options)),
    [],
  );

/** A method's values for one target. */
export interface WholeModelValue {
  /** Of methods of the picture's gradient: the gradient [H, W, channels]. Of others: the map before scaling. */
  readonly data: Float32Array;
  /** [h, w] of `data`. */
  readonly size: Pair;
}

const KEPT = new KeptPlans<WholeModelPlan>();

export class WholeModelPlan {
  private constructor(
    private readonly plan: Plan,
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
    const read = methods.flatMap(optionsOf).map((option) => [option, options[option] ?? null]);
    return KEPT.get(forward, JSON.stringify([methods, read, targets]), () =>
      WholeModelPlan.compile(symbolic, forward, methods, targets, options),
    );
  }

  private static async compile(
    symbolic: SymbolicModel,
    forward: ForwardPass,
    methods: readonly WholeModelMethodName[],
    targets: number,
    options: MapOptionValues,
  ): Promise<WholeModelPlan> {
    const { device, weights } = symbolic.model;
    const wanted = methods.map((name) => valueOf(symbolic, name, options));
    const { graph, values } = symbolic.reverse(forward, wanted, [], targets);
    const plan = await device.compile(graph, values, { weights, sources: forward.sourcesOf(graph) });
    return new WholeModelPlan(plan, methods);
  }

  /**
   * Runs behind the forward pass.
   * @param seed the gradient of the logits for each target, [targets, classes]
   * @returns for each method a value, or one a target where it depends on it
   */
  async run(seed: Float32Array, options: PlanRunOptions): Promise<Map<WholeModelMethodName, WholeModelValue[]>> {
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
