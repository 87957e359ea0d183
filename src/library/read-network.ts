/** @file Reads a network from the file's tensors and modules, and matches each tensor with its parameter. */

import { transparent } from "../checkpoint/key-prefix.js";
import { isComplete, type KeyMatch } from "../checkpoint/match-keys.js";
import { renameKey } from "../checkpoint/rename-key.js";
import { badWeights, GradlensError, unsupported } from "../errors.js";
import type { BuildOptions, FileSize } from "../models/arch.js";
import type { HeadActivation } from "../graph/file-head.js";
import {
  buildArch,
  channelsKey,
  classesKey,
  keyRulesFor,
  type Identity,
  type Template,
} from "../models/template.js";
import type { AllNetworks } from "./networks.js";
import { findDeepHead, type DeepHead } from "./deep-head.js";
import { byPath } from "./said-modules.js";
import { networkShapes } from "./identify.js";
import type { NamedModule } from "./module-names.js";
import { asLeft, findHeadless, type LeftOut } from "./no-classifier.js";
import { headOf, matchAs, matchSketch, parameterShapes } from "./sketch.js";
import type { Tensors } from "./tensors.js";
import { say } from "../language/say.js";

export interface Network {
  readonly identity: Identity;
  /** The settings of the graph, except the size of pictures. */
  readonly build: Omit<BuildOptions, "size">;
  /** The file's modules; undefined where it holds tensors alone. */
  readonly modules: readonly NamedModule[] | undefined;
  /** The size of picture that the file's position tables are for. */
  readonly fileSize: FileSize | undefined;
  /** Its head, if that has several layers. */
  readonly deepHead: DeepHead | undefined;
  /** The file's keys of the weights of the head and of the first convolution; missing if the file lacks them. */
  readonly headKey: string | undefined;
  readonly stemKey: string | undefined;
}

/** Facts about the head from outside the file. */
interface HeadKnown {
  readonly headActivation: HeadActivation | undefined;
  /** The classifier that `embedding` left out. */
  readonly leftOut: LeftOut | undefined;
  /** The number of classes that the caller or the file names. */
  readonly labels: number | undefined;
}

/** Classes, channels and the sizes of position tables come from the named tensors. */
export function readNetwork(
  all: AllNetworks | undefined,
  checkpoint: Tensors,
  identity: Identity,
  { headActivation, leftOut, labels }: HeadKnown,
): Network {
  const { preprocessing, reading } = identity.def;
  const sketch = matchSketch(checkpoint, identity);
  const head = sketch.tensors.get(classesKey(identity));
  const stem = sketch.tensors.get(channelsKey(identity));
  const deep = findDeepHead(checkpoint, identity, sketch, headActivation);
  if (deep) checkNoAdapter(checkpoint.name, identity, deep, labels);
  const headless = deep ? undefined : findHeadless(checkpoint, identity, sketch, labels);
  const modules = all?.modules.named(checkpoint, identity, sketch, deep);
  const build = {
    classes: deep?.classes ?? head?.shape[0] ?? 1000,
    channels: stem?.shape[1] ?? 3,
    spelling: identity.spelling,
    shapes: sketch.shapes,
    ...(modules && { modules: byPath(modules) }),
    ...(deep && { head: deep, headFeatures: deep.features }),
    ...(hasOwnHead(identity, sketch, headPath(deep, head?.name, leftOut)) && { ownHead: true }),
    ...(headless && asLeft(headless, leftOut)),
  };
  const fileSize = reading?.size({ ...build, size: preprocessing.size }, networkShapes(checkpoint.tensors));
  return {
    identity,
    build,
    modules,
    fileSize,
    deepHead: deep,
    headKey: deep?.key ?? head?.name,
    stemKey: stem?.name,
  };
}

/** @throws GradlensError "bad-weights" for layers that may be an adapter of the embedding: tensors do not show the mixing */
function checkNoAdapter(
  file: string,
  { def }: Identity,
  { classes, features, module }: DeepHead,
  labels: number | undefined,
): void {
  if (!def.family.adapted || labels === classes || features !== classes) return;
  throw badWeights(
    say`${file}: ${module} has as many outputs as it reads, ${classes}, so it may adapt the embedding instead of naming classes; --labels with ${classes} names makes it a classifier, a file without it gives the embedding`,
  );
}

/** The path of the file's head, also of a left-out one. @param weight the key of its weight */
const headPath = (
  deep: DeepHead | undefined,
  weight: string | undefined,
  leftOut: LeftOut | undefined,
): string | undefined => deep?.module ?? weight?.replace(/\.weight$/, "") ?? leftOut?.path;

function hasOwnHead(identity: Identity, { report }: KeyMatch, head: string | undefined): boolean {
  if (head === undefined) return false;
  const [prefix] = report.prefixes;
  const path = `${transparent(head).join(".")}.weight`;
  const start = prefix === undefined ? "" : `${prefix}.`;
  const published = classesKey(identity);
  const isPublished = (one: string): boolean => one === published;
  const renamed = renameKey(path.slice(start.length), keyRulesFor(identity), isPublished);
  return !path.startsWith(start) || !isPublished(renamed.key);
}

/**
 * Every tensor of the file, under its parameter. @param all finds the network of a file that does not fit
 * @throws GradlensError "bad-weights" where a parameter is missing, of another shape, or not the file's only network,
 *   "unsupported" for a network that is known and not computed
 */
export function matchNetwork(
  checkpoint: Tensors,
  { identity, deepHead }: Network,
  template: Template,
  all: AllNetworks | undefined,
): KeyMatch {
  const { name: file, tensors } = checkpoint;
  const head = headOf(identity);
  const match = matchAs(identity, parameterShapes(template), checkpoint, {
    ...(deepHead && { headLayers: deepHead }),
  });
  if (isComplete(match.report)) return match;
  // With all architectures at hand the file is fitted once more, for the words.
  if (all === undefined) throw badWeights(file);
  // A detector's backbone fits, except for the head and the detector's own modules.
  if (match.report.missing.length + match.report.foreign.length > 0)
    all.checkKeysNotRefused(file, networkShapes(tensors));
  all.requireComplete(match.report, {
    file,
    arch: identity.arch,
    head,
    otherArch: () => {
      const likely = all.detect(networkShapes(tensors)).map((found) => found.arch);
      // Only the head may be wrong; its shape does not depend on the architecture.
      return likely.includes(identity.arch) ? undefined : likely[0];
    },
  });
  return match;
}

/** @throws GradlensError "unsupported" for a first convolution that reads no pictures */
export function pictureChannels(file: string, channels: number): 1 | 3 {
  if (channels === 1 || channels === 3) return channels;
  throw unsupported(say`${file}: its first convolution reads ${channels} channels; pictures have 1 or 3`);
}

/** True if the network can be built for pictures of a size. */
export function isBuildable({ identity, build }: Network, size: BuildOptions["size"]): boolean {
  try {
    buildArch(identity, { ...build, size });
    return true;
  } catch (error) {
    if (error instanceof GradlensError) return false;
    throw error;
  }
}
