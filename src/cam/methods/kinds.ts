/** @file The kinds of methods: each function is one kind and adds what all its methods share. */

import type { GradRules } from "../../graph/grad.js";
import { toMap } from "../../models/taps.js";
import type { ChannelWeightRule } from "./channel-weights.js";
import type { GradientRule, LayerMethod, WholeModelMethod } from "./method.js";
import { phrase } from "../../language/say.js";

type Facts = Pick<
  LayerMethod,
  "title" | "paper" | "question" | "reads" | "check" | "eigen" | "kernel" | "note" | "signIsEvidence"
>;

/** A method states its summands, or channel weights, which are multiplied with the activations. */
type Terms = Pick<LayerMethod, "summands"> | Required<Pick<LayerMethod, "weights">>;

const summandsOf = (terms: Terms): LayerMethod["summands"] =>
  "summands" in terms ? terms.summands : (b, A, X, options) => b.mul(terms.weights(b, A, X, options), A);

/** One map for all targets, from the activations A [1, h, w, C]. */
export const activationMethod = (facts: Facts & Terms): LayerMethod => ({
  group: "no-gradient",
  cost: "none",
  classAgnostic: true,
  inputs: ({ A }) => ({ A, X: A }),
  ...facts,
  summands: summandsOf(facts),
});

/** A map for each target, from A and the gradient G [T, h, w, C] of each target's logit with respect to A. */
export const gradientMethod = ({ seed, curvature, ...facts }: Facts & Terms & GradientRule): LayerMethod => ({
  group: "gradient",
  // Without these it shares the reverse pass of the logit.
  cost: seed || curvature ? "pass" : "none",
  gradient: { seed, curvature },
  inputs: ({ b, A, layout, gradient: G, curvature: HA }) => ({
    A,
    X: toMap(b, curvature ? b.sub(G!, b.mul(HA!, 0.5)) : G!, layout),
  }),
  ...facts,
  summands: summandsOf(facts),
});

type ChannelWeightFacts = Facts &
  ChannelWeightRule &
  Pick<LayerMethod, "group" | "runsOften"> &
  Partial<Pick<LayerMethod, "cost">>;

/** A map for each target, from A and channel weights W [T, 1, 1, C] that are found by running the model. */
export const channelWeightMethod = ({ find, keeps, ...facts }: ChannelWeightFacts): LayerMethod => ({
  cost: "few",
  channelWeights: { find, keeps },
  inputs: ({ b, A, targets, weightsInput }) => ({
    A,
    X: b.input(weightsInput, [targets, 1, 1, A.shape[3]!]),
  }),
  weights: (_b, _A, W) => W,
  summands: (b, A, W) => b.mul(W, A),
  ...facts,
});

type InputFacts = Pick<
  WholeModelMethod,
  "title" | "paper" | "question" | "reads" | "check" | "signIsEvidence"
> &
  WholeModelMethod["inputGradient"] & {
    /** How gradients flow back, where it differs from the table of ops. */
    readonly rules?: GradRules;
  };

/** A map for each target, from its logit's gradient with respect to the picture. */
export const inputMethod = ({
  rules,
  samples,
  timesInput,
  reads = [],
  ...facts
}: InputFacts): WholeModelMethod => ({
  group: "input",
  cost: samples ? "few" : "pass",
  reads: ["inputHeat", ...reads],
  map: (model) => model.gradients([model.template.picture], rules)[0]!,
  inputGradient: { samples, timesInput },
  flat: phrase`the logit's gradient at the picture is zero everywhere, or has the same size at every pixel`,
  ...(samples && { runsOften: () => true }),
  ...facts,
});
