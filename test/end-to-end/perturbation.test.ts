/** @file Ablation-CAM against the references, where it is quick. */

import { test } from "vitest";
import { checkMethod } from "./perturbation-cases.js";

test.each(["densenet121", "resnet18", "mnasnet1_0", "vit_tiny_patch16_224", "pvt_v2_b0"])(
  "Ablation-CAM of %s is the reference's",
  (name) => checkMethod(name, "ablationcam"),
);
