/** @file What a CAM method is. kinds.ts makes methods of each kind; table.ts lists all. */

import type { Builder } from "../../graph/builder.js";
import type { Node } from "../../graph/types.js";
import type { Template } from "../../models/template.js";
import type { MapLayout, Tap } from "../../models/taps.js";
import type { MapOptionName, MapOptionValues } from "../map-options.js";
import type { NamedModel } from "../model.js";
import type { SymbolicModel } from "../passes/symbolic-model.js";
import type { ChannelWeightRule } from "./channel-weights.js";

/** The headings that list methods to users, in their order. */
export const METHOD_GROUPS = ["gradient", "no-gradient", "attention", "input"] as const;
export type MethodGroup = (typeof METHOD_GROUPS)[number];

interface Method {
  /** The name that the paper gives it. */
  readonly title: string;
  /** The paper that defines it. */
  readonly paper: string;
  /** What its map answers, in a line. "The same" refers to the method before it in the table. */
  readonly question: string;
  readonly group: MethodGroup;
  /** The options that change its maps, besides those that all methods read. */
  readonly reads?: readonly MapOptionName[];
  /** What runs besides the passes that all methods share: nothing, a pass, or a few. See `runsOften` for many. */
  readonly cost: "none" | "pass" | "few";
  /** What its users should know of it, in a line of `gradlens methods`. */
  readonly note?: string;
  /** A negative value of its map, before ReLU, lowers the target's logit. */
  readonly signIsEvidence?: true;
  /** One map for the picture: every target has the same. */
  readonly classAgnostic?: true;
  /** Refuses a model or layer that lacks what the method needs. @throws GradlensError "unsupported" with what to use instead */
  readonly check?: (model: NamedModel, layers: readonly Tap[]) => void;
  /** Whether maps of these layers run the model, or much of it, many times. */
  readonly runsOften?: (template: Template, layers: readonly Tap[]) => boolean;
}

/** A layer in a plan's graph: what a method's map can be made of. */
export interface LayerNodes {
  readonly b: Builder;
  readonly template: Template;
  readonly tap: Tap;
  readonly layout: MapLayout;
  /** The layer's output as a map, [1, h, w, C]. */
  readonly A: Node;
  /** The number of targets, T. */
  readonly targets: number;
  /** Of the targets' logits, in the layer's own layout; present for methods with a GradientRule. */
  readonly gradient?: Node | undefined;
  /** The Hessian times the activations; present where a GradientRule says so. */
  readonly curvature?: Node | undefined;
  /** The name of the plan's input for the method's channel weights. */
  readonly weightsInput: string;
}

/** Which gradient a method reads at a layer. */
export interface GradientRule {
  /**
   * What is differentiated, by its gradient with respect to the logits. Default: the target's logit.
   * @param plain the logits of the unmodified picture. Under aug-smooth, `logits` belong to a variant; choose neighbours by
   * `plain`, so that all variants agree.
   */
  readonly seed?: ((logits: Float32Array, target: number, plain?: Float32Array) => Float32Array) | undefined;
  /** Subtracts half the Hessian times the activations. */
  readonly curvature?: true | undefined;
}

/** A method whose raw map is the sum of its summands over channels. */
export interface LayerMethod extends Method {
  /** The raw map is the first principal component of the summands instead of their sum (eigen.ts). */
  readonly eigen?: true;
  /** That of kernel PCA: positions are compared by tanh(x . y / C + 1). */
  readonly kernel?: "sigmoid";
  readonly gradient?: GradientRule;
  readonly channelWeights?: ChannelWeightRule;
  /** What `weights` and `summands` read: A [1, h, w, C], and X, which depends on the kind. */
  readonly inputs: (layer: LayerNodes) => { readonly A: Node; readonly X: Node };
  /** A weight per channel [T, 1, 1, C], where the method has one. The raw map then is one matrix product. */
  readonly weights?: (b: Builder, A: Node, X: Node, options: MapOptionValues) => Node;
  /** [T, h, w, C]; T is 1 for class-agnostic methods. */
  readonly summands: (b: Builder, A: Node, X: Node, options: MapOptionValues) => Node;
}

/** Pictures made of one, over which a gradient is averaged. */
export interface PictureSamples {
  readonly count: number;
  /** The unit of the progress shown. */
  readonly what: string;
  /**
   * Makes sample `k`. Called in order.
   * @param input the normalised picture @param normal draws from the normal distribution
   */
  readonly picture: (input: Float32Array, k: number, normal: () => number) => Float32Array;
}

/** A method that reads no layer. */
export interface WholeModelMethod extends Method {
  /**
   * The raw map [B, h, w], appended to the template's graph, from values of the forward pass, gradients (model.gradients) or
   * the seed. Without the seed all targets have the same map. For methods of the input gradient: that gradient.
   */
  readonly map: (model: SymbolicModel, options: MapOptionValues) => Node;
  /** The map is the heat of the gradient with respect to the picture. */
  readonly inputGradient?: {
    /** Default: the picture alone. */
    readonly samples?: PictureSamples | undefined;
    /** The gradient is multiplied with the normalised picture. */
    readonly timesInput?: true | undefined;
  };
  /** Why a finished map is zero everywhere. */
  readonly flat: string;
}

export type CamMethod = LayerMethod | WholeModelMethod;

/** The axes of the positions in [T, h, w, C]. */
export const POSITIONS = [1, 2] as const;
