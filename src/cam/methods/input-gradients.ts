/** @file Methods that look at the logit's gradient with respect to the picture. */

import { GUIDED_RULES, requireGuidable } from "./guided-rules.js";
import type { InputMethod } from "./method.js";

export const saliency: InputMethod = {
  title: "Saliency (vanilla gradient)",
  paper: "Simonyan et al., ICLR 2014 workshop, https://arxiv.org/abs/1312.6034",
  needs: "input",
};

export const guided: InputMethod = {
  title: "Guided backprop",
  paper: "Springenberg et al., ICLR 2015 workshop, https://arxiv.org/abs/1412.6806",
  needs: "input",
  rules: GUIDED_RULES,
  check: (template, model) => requireGuidable(template.graph.nodes, model),
};

/** The noise's standard deviation as a share of the range of the picture's values: the authors' code. */
const NOISE = 0.15;

export const smoothgrad: InputMethod = {
  title: "SmoothGrad",
  paper: "Smilkov et al., 2017, https://arxiv.org/abs/1706.03825",
  needs: "input",
  reads: ["seed"],
  samples: {
    count: 25,
    what: "noisy pictures",
    picture(input, _, normal) {
      let [lowest, highest] = [Infinity, -Infinity];
      for (const x of input) [lowest, highest] = [Math.min(lowest, x), Math.max(highest, x)];
      const deviation = NOISE * (highest - lowest);
      return input.map((x) => x + deviation * normal());
    },
  },
};

/** Places on the way at which the gradient is taken. */
const STEPS = 32;

/**
 * Equation 3, by the midpoint rule, from a baseline of zeros: a picture of the mean colour. So the sum over all values is
 * the logit less that of the baseline, but for the rule's error.
 */
export const integrated: InputMethod = {
  title: "Integrated gradients",
  paper: "Sundararajan et al., ICML 2017, https://arxiv.org/abs/1703.01365",
  needs: "input",
  samples: {
    count: STEPS,
    what: "steps from the baseline",
    picture: (input, k) => input.map((x) => (x * (k + 0.5)) / STEPS),
  },
  timesInput: true,
};
