/** @file Ablation-CAM against the references, where it is quick. */

import { test } from "vitest";
import { goldenNames } from "../reference/golden-cases.js";
import { checkMethod } from "./perturbation-cases.js";

test.each(goldenNames("ablationcam", "always"))("Ablation-CAM of %s is the reference's", (name) =>
  checkMethod(name, "ablationcam"),
);
