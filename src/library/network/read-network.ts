/** @file Reads a network from the file's tensors: its classes, channels, head and the size of its position tables. */

import { transparent } from "../../checkpoint/key-prefix.js";
import type { KeyMatch } from "../../checkpoint/match-keys.js";
import { renameKey } from "../../checkpoint/rename-key.js";
import { badWeights, unsupported } from "../../errors.js";
import type { BuildOptions, FileSize } from "../../models/arch.js";
import { channelsKey, classesKey, keyRulesFor, type Identity } from "../../models/template.js";
import { findDeepHead, type DeepHead } from "./deep-head.js";
import type { Identified } from "./choose-detected.js";
import type { FitRequest } from "./fit-request.js";
import { readMetadata, type MetadataSettings } from "../file/metadata.js";
import type { NamedModule } from "./module-names.js";
import { asLeft, findHeadless, withoutClassifier, type LeftOut } from "./no-classifier.js";
import { Sketches } from "./sketch.js";
import { networkShapes, type Tensors } from "../file/tensors.js";
import { say } from "../../language/say.js";

export interface Network {
  readonly identity: Identified;
  /** Without the classifier, if that is left out. */
  readonly file: Tensors;
  readonly sketches: Sketches;
  readonly kept: MetadataSettings;
  /** The classifier that `embedding` leaves out. */
  readonly leftOut: LeftOut | undefined;
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

/**
 * Classes, channels and the sizes of position tables come from the named tensors.
 * @throws GradlensError "bad-file" for metadata that cannot be read, "bad-weights" for an adapter
 */
export function readNetwork({ options, sketches: whole }: FitRequest, identity: Identified): Network {
  const kept = readMetadata(whole.file.metadata, whole.file.name);
  const labels = (options.labels ?? kept.labels)?.length;
  const cut = options.embedding ? withoutClassifier(whole, identity, labels) : undefined;
  const leftOut = cut?.leftOut;
  const sketches = cut ? new Sketches(cut.file) : whole;
  const { file } = sketches;
  const { preprocessing, reading } = identity.def;
  const sketch = sketches.match(identity);
  const head = sketch.tensors.get(classesKey(identity));
  const stem = sketch.tensors.get(channelsKey(identity));
  const deep = findDeepHead(sketches, identity, options.headActivation ?? kept.headActivation);
  if (deep) checkNoAdapter(file.name, identity, deep, labels);
  const headless = deep ? undefined : findHeadless(sketches, identity, labels);
  const build = {
    classes: deep?.classes ?? head?.shape[0] ?? 1000,
    channels: stem?.shape[1] ?? 3,
    spelling: identity.spelling,
    shapes: sketch.shapes,
    ...(deep && { head: deep, headFeatures: deep.features }),
    ...(hasOwnHead(identity, sketch, headPath(deep, head?.name, leftOut)) && { ownHead: true }),
    ...(headless && asLeft(headless, leftOut)),
  };
  return {
    identity,
    file,
    sketches,
    kept,
    leftOut,
    build,
    modules: undefined,
    fileSize: reading?.size({ ...build, size: preprocessing.size }, networkShapes(file.tensors)),
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
    say`${file}: ${module} has as many outputs as it reads, ${classes}: it may adapt the embedding instead of naming classes. Give --labels with ${classes} names if it is a classifier; else use a file without it`,
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

/** @throws GradlensError "unsupported" for a first convolution that reads no pictures */
export function pictureChannels({ file: { name }, build: { channels } }: Network): 1 | 3 {
  if (channels === 1 || channels === 3) return channels;
  throw unsupported(say`${name}: its first convolution reads ${channels} channels; pictures have 1 or 3`);
}
