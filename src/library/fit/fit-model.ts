/** @file Fits a checkpoint to one of all architectures. */

import { requireComplete } from "../../checkpoint/require-complete.js";
import { isComplete } from "../../checkpoint/match-keys.js";
import { detectAmong } from "../../models/detect.js";
import { checkKeysNotRefused } from "../../models/unsupported.js";
import { ALL_NAMED } from "../../models/registry.js";
import { compareModules } from "../modules/compare-modules.js";
import { withModules } from "../modules/file-modules.js";
import { fitRequest, type FitOptions } from "../network/fit-request.js";
import {
  describeFit,
  matchNetwork,
  resolveNetwork,
  type FittedModel,
  type NetworkMatch,
} from "./fit-steps.js";
import { identify } from "../identify/identify.js";
import { pictureChannels, readNetwork } from "../network/read-network.js";
import { checkNetworkName } from "../identify/network-name-check.js";
import { headOf } from "../network/sketch.js";
import { networkShapes, trainingStateOf, type Tensors } from "../file/tensors.js";

/**
 * Finds the architecture and checks every key and shape; no tensor is read. Nothing is filled in: a missing tensor, or one with
 * another shape, is an error.
 * @throws GradlensError "bad-file", "bad-weights", "bad-argument", "unsupported"
 */
export function fitModel(source: Tensors, options: FitOptions = {}): FittedModel {
  const request = fitRequest(source, options);
  const identity = identify(request.sketches, options);
  const network = withModules(readNetwork(request, identity));
  const matched = matchNetwork(request, network);
  checkMatch(matched);
  const channels = pictureChannels(network);
  const { file, modules } = network;
  const names = checkNetworkName(file.name, trainingStateOf(file), identity.arch, options.arch !== undefined);
  const resolved = resolveNetwork(matched);
  const compared = modules && compareModules(file, identity, resolved.template, modules);
  return describeFit(matched, resolved, { channels, names, modules: compared });
}

/** @throws GradlensError "bad-weights" where tensors do not match parameters, "unsupported" for a known network */
function checkMatch({ network: { identity, file }, match: { report } }: NetworkMatch): void {
  if (isComplete(report)) return;
  const shapes = networkShapes(file.tensors);
  // A detector's backbone fits, except for the head and the detector's own modules.
  if (report.missing.length + report.foreign.length > 0) checkKeysNotRefused(file.name, shapes);
  requireComplete(report, {
    file: file.name,
    arch: identity.arch,
    head: headOf(identity),
    otherArch: () => {
      const likely = detectAmong(shapes, ALL_NAMED).map((found) => found.arch);
      // Only the head may be wrong; its shape does not depend on the architecture.
      return likely.includes(identity.arch) ? undefined : likely[0];
    },
  });
}
