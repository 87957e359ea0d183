/** @file What a method's map at a layer is made of, as nodes of a plan's graph. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { mapLayout, toMap, type Tap } from "../../models/taps.js";
import type { LayerNodes } from "../methods/method.js";
import { METHODS, type LayerMethodName } from "../methods/table.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { WeightsOf } from "./map-request.js";

/** The gradient, and the Hessian times the activations, at a layer: those that methods read. */
export type LayerGradients = Pick<LayerNodes, "gradient" | "curvature">;

/** For each layer, in the template. */
export function gradientsAt(
  symbolic: SymbolicModel,
  taps: readonly Tap[],
  methods: readonly LayerMethodName[],
): LayerGradients[] {
  const rules = methods.flatMap((name) => METHODS[name].gradient ?? []);
  if (rules.length === 0) return taps.map(() => ({}));
  const curved = rules.some(({ curvature }) => curvature);
  return symbolic.gradients(taps.map((tap) => tap.output)).map((gradient, i) => ({
    gradient,
    curvature: curved ? symbolic.curvature(gradient, taps[i]!.output) : undefined,
  }));
}

export const nodesOf = ({ gradient, curvature }: LayerGradients): Node[] => [
  ...(gradient ? [gradient] : []),
  ...(curvature ? [curvature] : []),
];

interface PlanGraph {
  readonly b: Builder;
  readonly symbolic: SymbolicModel;
  readonly forward: ForwardPass;
  readonly targets: number;
  readonly defaultLayer: string;
}

/** @param gradients their copies in `b`, in the layer's own layout */
export function methodInputs(
  { b, symbolic, forward, targets, defaultLayer }: PlanGraph,
  method: LayerMethodName,
  tap: Tap,
  gradients: LayerGradients,
): { readonly A: Node; readonly X: Node } {
  const { template } = symbolic;
  const layout = mapLayout(tap, defaultLayer);
  const A = toMap(b, forward.savedInput(b, tap.output), layout);
  const weightsInput = weightsName(method, tap);
  return METHODS[method].inputs({ b, template, tap, layout, A, targets, ...gradients, weightsInput });
}

const weightsName = (method: LayerMethodName, tap: Tap): string => `${method} weights ${tap.path}`;

/** The values of a plan's inputs for channel weights. */
export const weightInputs = (
  methods: readonly LayerMethodName[],
  taps: readonly Tap[],
  weightsOf: WeightsOf,
): Map<string, Float32Array> =>
  new Map(
    methods
      .filter((name) => METHODS[name].channelWeights)
      .flatMap((name) => taps.map((tap) => [weightsName(name, tap), weightsOf(name, tap)])),
  );
