/** @file What a CAM method is: facts for people, and its map as graph code. The table of all is table.ts. */

import type { Builder } from "../../graph/builder.js";
import type { GradRules } from "../../graph/grad.js";
import type { Node } from "../../graph/types.js";
import type { Template } from "../../models/registry.js";
import type { MapOptionName, MapOptionValues } from "../map-options.js";

/** A model, and gradients that are appended to its graph as nodes. */
export interface SymbolicGradients {
  readonly template: Template;
  /** The model itself, without the gradients that were appended to it. */
  readonly forwardNodes: readonly Node[];
  /** The gradient of the logits, one row a target: an input of the template's graph, [B, classes]. */
  readonly seed: Node;
  /** The gradients of the logits, seeded per target, at some nodes of the template. */
  gradients(at: readonly Node[], rules?: GradRules): Node[];
}

interface Facts {
  /** The method's name as its paper writes it. */
  readonly title: string;
  /** Where the method was defined. */
  readonly paper: string;
  /** The map is not the sum of the summands over channels but their first principal component (eigen.ts). */
  readonly eigen?: true;
  /** That of kernel PCA instead: positions are compared by tanh(x . y / C + 1). */
  readonly kernel?: "sigmoid";
}

/** A map that depends on the picture alone: the same for every target. */
export interface ActivationMethod extends Facts {
  readonly needs: "activations";
  /** A weight per channel [1, 1, 1, C], where the method has one: its sum over channels is then one matrix product. */
  readonly weights?: (b: Builder, A: Node) => Node;
  /** [1, h, w, C] from the layer's output A [1, h, w, C]; summed over channels they give the raw map. */
  readonly summands: (b: Builder, A: Node) => Node;
}

/** A map for each target. */
export interface GradientMethod extends Facts {
  readonly needs: "gradients";
  /**
   * What is differentiated, by its gradient with respect to the logits; the target's logit where missing.
   * @param plain the logits of the plain picture, where `logits` are of one of its variants: what is chosen by them is fixed
   */
  readonly seed?: (logits: Float32Array, target: number, plain?: Float32Array) => Float32Array;
  /** It sets a class against others: a model of one output has no such map. */
  readonly contrasts?: true;
  /** G is the gradient less half the Hessian times the activations. */
  readonly curvature?: true;
  /** A weight per channel and target [T, 1, 1, C], where the method has one. */
  readonly weights?: (b: Builder, A: Node, G: Node) => Node;
  /** [T, h, w, C] from A [1, h, w, C] and G [T, h, w, C], the gradient of each target's logit with respect to A. */
  readonly summands: (b: Builder, A: Node, G: Node) => Node;
}

/** A map for each target from the Linear that follows global average pooling (pooled-head.ts). */
export interface HeadMethod extends Facts {
  readonly needs: "head";
  readonly weights: (b: Builder, A: Node, W: Node) => Node;
  /** [T, h, w, C] from what is pooled, A [1, h, w, C], and the weights of each target's logit W [T, 1, 1, C]. */
  readonly summands: (b: Builder, A: Node, W: Node) => Node;
}

/**
 * A map for each target whose channel weights come of running the model on changed inputs or layers (channel-weights/), not of graph
 * code: what is missed where a channel is taken away ("ablation"), what is seen where it masks the picture ("masks"),
 * its gradients under noise ("noise"), or of nothing ("random").
 */
export interface MeasuredMethod extends Facts {
  readonly needs: "ablation" | "masks" | "noise" | "random";
  readonly weights: (b: Builder, A: Node, W: Node) => Node;
  /** [T, h, w, C] from A [1, h, w, C] and the weights W [T, 1, 1, C]. */
  readonly summands: (b: Builder, A: Node, W: Node) => Node;
}

/** A method whose map is made of a layer's summands. */
export type LayerMethod = ActivationMethod | GradientMethod | HeadMethod | MeasuredMethod;

interface WholeModelFacts extends Facts {
  /** Throws GradlensError "unsupported", saying what to take instead, where `model` has no such map. */
  readonly check?: (template: Template, model: string) => void;
  /** Options that the map depends on, beside those of all methods of its kind (kinds.ts). */
  readonly reads?: readonly MapOptionName[];
}

/** A map of the logit's gradient with respect to the picture, or of its mean over several pictures. */
export interface InputMethod extends WholeModelFacts {
  readonly needs: "input";
  /** How gradients flow back, where it is not as the table of ops has it. */
  readonly rules?: GradRules;
  /** The pictures whose gradients are averaged; the picture itself where missing. */
  readonly samples?: {
    readonly count: number;
    /** For people: what is counted. */
    readonly what: string;
    /**
     * The sample at place `k`, asked for in order.
     * @param input the normalised picture @param normal draws from the normal distribution
     */
    readonly picture: (input: Float32Array, k: number, normal: () => number) => Float32Array;
  };
  /** The map is of the gradient times the normalised picture. */
  readonly timesInput?: true;
}

/** A map made of values anywhere in the model: the biases of all layers, or attention. */
export interface GraphMethod extends WholeModelFacts {
  readonly needs: "biases" | "attention";
  /**
   * The map before scaling, [B, h, w], appended to the template's graph: of values of the forward pass, of gradients of the
   * seeded logits (model.gradients), or of the seed itself. Where the seed has no part in it, it is the same for every target.
   */
  readonly map: (model: SymbolicGradients, options: MapOptionValues) => Node;
  /** What it means, in words, where the finished map is zero everywhere. */
  readonly flat: string;
}

/** A method that looks at no layer. */
export type WholeModelMethod = InputMethod | GraphMethod;

export type CamMethod = LayerMethod | WholeModelMethod;

/** A method of weights that are measured. */
export const measured = (method: Omit<MeasuredMethod, "weights" | "summands">): MeasuredMethod => ({
  ...method,
  weights: (_b, _A, W) => W,
  summands: (b, A, W) => b.mul(W, A),
});

export const isMeasured = (method: CamMethod): method is MeasuredMethod =>
  ["ablation", "masks", "noise", "random"].includes(method.needs);

/** The axes of the positions in [T, h, w, C]. */
export const POSITIONS = [1, 2] as const;

/** A method whose summands are its channel weights times the activations. */
export const weighted = (
  method: Omit<GradientMethod, "needs" | "summands"> & Required<Pick<GradientMethod, "weights">>,
): GradientMethod => ({
  ...method,
  needs: "gradients",
  summands: (b, A, G) => b.mul(method.weights(b, A, G), A),
});
