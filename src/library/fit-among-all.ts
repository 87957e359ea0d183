/** @file Fits a checkpoint to one of all architectures. */

import { detectAmong } from "../models/detect.js";
import { ALL_NAMED, findArch } from "../models/registry.js";
import { checkKeysNotRefused } from "../models/unsupported.js";
import { requireComplete } from "../checkpoint/require-complete.js";
import { compareModules } from "./compare-modules.js";
import { namedModules } from "./file-modules.js";
import { byModules } from "./modules-preferred.js";
import { fitAmong, type FitOptions, type FittedModel } from "./fit-model.js";
import { nearestInWords } from "./nearest-in-words.js";
import type { Networks } from "./networks.js";
import { checkSaidNetwork, preferNamed } from "./said-network.js";
import type { Tensors } from "./tensors.js";

const ALL: Networks = {
  find: findArch,
  all: {
    count: ALL_NAMED.length,
    detect: (shapes) => detectAmong(shapes, ALL_NAMED),
    preferNamed,
    checkSaid: checkSaidNetwork,
    checkKeysNotRefused,
    requireComplete,
    modules: { named: namedModules, prefer: byModules, compare: compareModules },
    nearest: nearestInWords,
  },
};

/**
 * Finds the architecture and checks every key and shape; no tensor is read.
 * @throws GradlensError as `fitAmong`
 */
export const fitModel = (file: Tensors, options: FitOptions = {}): FittedModel =>
  fitAmong(ALL, file, options);
