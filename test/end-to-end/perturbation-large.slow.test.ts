/** @file Score-CAM and Ablation-CAM of further networks against PyTorch. */

import { test } from "vitest";
import { perturbationCases } from "../reference/golden-cases.js";
import { checkFamily } from "./perturbation-families.js";

test.each(perturbationCases("all"))(
  "Score-CAM and Ablation-CAM of %s are PyTorch's",
  (arch) => checkFamily(arch),
  600_000,
);
