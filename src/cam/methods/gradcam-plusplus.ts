/** @file Grad-CAM++: channels weighted by their positive gradients, each with its own factor. */

import { gradientMethod } from "./kinds.js";
import { POSITIONS } from "./method.js";
import { phrase } from "../../language/say.js";

/** pytorch-grad-cam's: keeps the factor finite. */
const EPS = 1e-6;

export const gradcamPlusPlus = gradientMethod({
  title: "Grad-CAM++",
  paper: "Chattopadhay et al., WACV 2018, https://arxiv.org/abs/1710.11063",
  question: phrase`The same, with weight for small areas`,
  // Equations 7 and 19 with an exponential score: sum of relu(g) * g^2 / (2 g^2 + sum(A) g^3). Only positive gradients
  // count, so p = relu(g) stands for g everywhere. The factor is then 0 where g <= 0.
  weights(b, A, G) {
    const p = b.relu(G);
    const p2 = b.mul(p, p);
    const p3 = b.mul(p2, p);
    const denominator = b.add(b.add(b.mul(p2, 2), b.mul(b.sum(A, POSITIONS), p3)), EPS);
    return b.sum(b.div(p3, denominator), POSITIONS);
  },
});
