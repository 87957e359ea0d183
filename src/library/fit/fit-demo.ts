/** @file Fits a file of the demo's family alone, so that the page starts without the other families. */

import { isComplete } from "../../checkpoint/match-keys.js";
import { detectAmong } from "../../models/detect.js";
import { EFFICIENTNETS } from "../../models/efficientnet.js";
import { spellingOf, type NamedArch } from "../../models/template.js";
import { chooseDetected, namedSpelling, withMark, type Identified } from "../network/choose-detected.js";
import { fitRequest, type FitOptions } from "../network/fit-request.js";
import { describeFit, matchNetwork, resolveNetwork, type FittedModel } from "./fit-steps.js";
import { pictureChannels, readNetwork } from "../network/read-network.js";
import { networkShapes, type Tensors } from "../file/tensors.js";

type Name = keyof typeof EFFICIENTNETS;

const isOfDemo = (name: string): name is Name => Object.hasOwn(EFFICIENTNETS, name);

/**
 * `fitModel` for a file that names one of the family and says nothing else of its network. Undefined for other files, and for
 * one that does not fit: fitModel says why.
 * @throws GradlensError where fitModel throws one, maybe with another message
 */
export function fitDemo(source: Tensors, options: FitOptions = {}): FittedModel | undefined {
  const { metadata, facts, modules } = source;
  const arch = options.arch ?? metadata.get("arch");
  const saysMore = modules !== undefined || (facts !== undefined && facts.size > 0);
  if (saysMore || arch === undefined || !isOfDemo(arch)) return undefined;
  const request = fitRequest(source, options);
  const identity = identityOf({ arch, def: EFFICIENTNETS[arch] }, request.sketches.file, options);
  if (identity === undefined) return undefined;
  const network = readNetwork(request, identity);
  const matched = matchNetwork(request, network);
  if (!isComplete(matched.match.report)) return undefined;
  const channels = pictureChannels(network);
  return describeFit(matched, resolveNetwork(matched), { channels, names: [], modules: undefined });
}

function identityOf(named: NamedArch, file: Tensors, options: FitOptions): Identified | undefined {
  const wanted = namedSpelling(file, options);
  if (wanted !== undefined) return { ...named, spelling: spellingOf(named, wanted).name, assumed: [] };
  const shapes = networkShapes(file.tensors);
  return chooseDetected(file, withMark(file, detectAmong(shapes, [named])), shapes, wanted);
}
