/** @file Score-CAM and Ablation-CAM of networks against PyTorch, one of each way of pooling and attending; others are in perturbation-large. */

import { test } from "vitest";
import { perturbationCases } from "../reference/golden-cases.js";
import { checkFamily } from "./perturbation-families.js";

test.each(perturbationCases("ci"))("Score-CAM and Ablation-CAM of %s are PyTorch's", (arch) =>
  checkFamily(arch),
);
