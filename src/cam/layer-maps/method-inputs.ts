/** @file What a method's map at a layer is made of, as nodes of a plan's graph: activations, and gradients or weights. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import { mapLayout, toMap, type Tap } from "../../models/taps.js";
import { isMeasured } from "../methods/method.js";
import { METHODS, type LayerMethodName } from "../methods/table.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { ForwardPass } from "../passes/forward-pass.js";
import { headInputs, requirePooledHead } from "../methods/pooled-head.js";

export const weightsName = (method: LayerMethodName, tap: Tap): string => `${method} weights ${tap.path}`;

/** Gradients of the template that methods need at a layer. */
export interface TapGradients {
  readonly gradient?: Node;
  /** The Hessian times the activations. */
  readonly curvature?: Node;
}

/** For each tap, in the template. */
export function gradientsAt(
  symbolic: SymbolicModel,
  taps: readonly Tap[],
  methods: readonly LayerMethodName[],
): TapGradients[] {
  const defs = methods.map((name) => METHODS[name]).filter((def) => def.needs === "gradients");
  if (defs.length === 0) return taps.map(() => ({}));
  const curved = defs.some((def) => def.curvature);
  return symbolic
    .gradients(taps.map((tap) => tap.output))
    .map((gradient, i) =>
      curved ? { gradient, curvature: symbolic.curvature(gradient, taps[i]!.output) } : { gradient },
    );
}

export interface PlanGraph {
  readonly b: Builder;
  readonly symbolic: SymbolicModel;
  readonly forward: ForwardPass;
  readonly targets: number;
  readonly defaultLayer: string;
  /** The architecture, for messages. */
  readonly name: string;
}

/**
 * @param found the copies in `b` of the tap's gradients, in the tap's own layout
 * @returns the layer's output [1, h, w, C] and what the method needs beside it (raw-map.ts)
 */
export function methodInputs(
  { b, symbolic, forward, targets, defaultLayer, name }: PlanGraph,
  method: LayerMethodName,
  tap: Tap,
  found: TapGradients,
): { A: Node; given?: Node } {
  const layout = mapLayout(tap, defaultLayer);
  const A = toMap(b, forward.savedInput(b, tap.output), layout);
  const def = METHODS[method];
  if (isMeasured(def)) return { A, given: b.input(weightsName(method, tap), [targets, 1, 1, A.shape[3]!]) };
  switch (def.needs) {
    case "activations":
      return { A };
    case "head": {
      const { template } = symbolic.model;
      const seed = b.input("seed", [targets, template.logits.shape[1]!]);
      return headInputs(b, requirePooledHead(template, tap, name), tap.output, A, seed);
    }
    case "gradients": {
      const G = found.gradient!;
      return { A, given: toMap(b, def.curvature ? b.sub(G, b.mul(found.curvature!, 0.5)) : G, layout) };
    }
  }
}
