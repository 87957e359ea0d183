/** @file Methods of the logit's gradient with respect to the picture. */

import { GUIDED_RULES, requireGuidable } from "./guided-rules.js";
import { inputMethod } from "./kinds.js";
import { phrase } from "../../language/say.js";

export const saliency = inputMethod({
  title: "Saliency (vanilla gradient)",
  paper: "Simonyan et al., ICLR 2014 workshop, https://arxiv.org/abs/1312.6034",
  question: phrase`Which pixels change the score most?`,
});

export const guided = inputMethod({
  title: "Guided backprop",
  paper: "Springenberg et al., ICLR 2015 workshop, https://arxiv.org/abs/1412.6806",
  question: phrase`The same, through positive gradients only`,
  rules: GUIDED_RULES,
  check: requireGuidable,
});

/** The noise's standard deviation, as a share of the range of the picture's values, in the authors' code. */
const NOISE = 0.15;

export const smoothgrad = inputMethod({
  title: "SmoothGrad",
  paper: "Smilkov et al., 2017, https://arxiv.org/abs/1706.03825",
  question: phrase`Saliency averaged over noisy pictures`,
  reads: ["seed"],
  samples: {
    count: 25,
    what: phrase`noisy pictures`,
    picture(input, _, normal) {
      let [lowest, highest] = [Infinity, -Infinity];
      for (const x of input) [lowest, highest] = [Math.min(lowest, x), Math.max(highest, x)];
      const deviation = NOISE * (highest - lowest);
      return input.map((x) => x + deviation * normal());
    },
  },
});

/** Pictures between the baseline and the input. */
const STEPS = 32;

/**
 * Equation 3 by the midpoint rule. The baseline is zero, a picture of the mean colour. The sum over all values is the logit
 * less that of the baseline, up to the rule's error.
 */
export const integrated = inputMethod({
  title: "Integrated gradients",
  paper: "Sundararajan et al., ICML 2017, https://arxiv.org/abs/1703.01365",
  question: phrase`What each pixel adds, from the mean colour on`,
  samples: {
    count: STEPS,
    what: phrase`steps from the baseline`,
    picture: (input, k) => input.map((x) => (x * (k + 0.5)) / STEPS),
  },
  signIsEvidence: true,
  timesInput: true,
});
