/** @file Score-CAM against pytorch-grad-cam's, and Ablation-CAM through an attention: one forward pass per channel. */

import { test } from "vitest";
import { goldenNames } from "../reference/golden-cases.js";
import { checkMethod } from "./perturbation-cases.js";

const LONG = 600_000;

test.each(goldenNames("scorecam", "all"))(
  "Score-CAM of %s is pytorch-grad-cam's",
  (name) => checkMethod(name, "scorecam"),
  LONG,
);

test.each(goldenNames("ablationcam", "all"))(
  "Ablation-CAM of %s is the reference's",
  (name) => checkMethod(name, "ablationcam"),
  LONG,
);
