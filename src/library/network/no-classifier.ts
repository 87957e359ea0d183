/**
 * @file Files without a classifier, whose output is the embedding that it would read, and files whose classifier is left out.
 */

import { transparent } from "../../checkpoint/key-prefix.js";
import { isComplete, type KeyMatch } from "../../checkpoint/match-keys.js";
import type { FileModule } from "../../checkpoint/types.js";
import type { FileHead } from "../../graph/file-head.js";
import type { BuildOptions } from "../../models/arch.js";
import { classesKey, ownSpelling, type Identity } from "../../models/template.js";
import { findDeepHead, type DeepHead } from "./deep-head.js";
import { aroundOf, headOf, matchAs, type Sketches } from "./sketch.js";
import type { Tensors } from "../file/tensors.js";

type Headless = Pick<BuildOptions, "head" | "headFeatures"> & { readonly classes: 0 };

/** The second head of a distilled DeiT. */
const TEACHER = "head_dist";

/** True if the head computes the published embedding. @param labels the number of named classes, if any */
function isProjection(identity: Identity, { tensors }: KeyMatch, labels?: number): boolean {
  const { projection } = ownSpelling(identity);
  const [outputs] = tensors.get(classesKey(identity))?.shape ?? [];
  return projection !== undefined && outputs === projection && labels !== outputs;
}

/**
 * The settings for a file without a head: the file holds the network without its head, or without the
 * Sequential around it, and nothing else. Undefined for other files.
 * @param labels the number of classes that the caller or the file names, if any
 */
export function findHeadless(
  sketches: Sketches,
  identity: Identity,
  labels: number | undefined,
): Headless | undefined {
  const sketch = sketches.match(identity);
  if (isProjection(identity, sketch, labels)) return { classes: 0 };
  if (sketch.tensors.has(classesKey(identity))) return undefined;
  const around = aroundOf(identity);
  const forms: Headless[] = [{ classes: 0 }];
  if (around !== undefined)
    forms.push({ classes: 0, head: { path: around, layers: [], activation: undefined } });
  return forms.find((form) =>
    isComplete(matchAs(identity, sketches.shapesWithParts(identity, form), sketches.file).report),
  );
}

export interface LeftOut {
  /** Its path in the file. */
  readonly path: string;
  readonly features: number | undefined;
  /** For a head that reads two pools: the pools of the graph without it. */
  readonly pools: FileHead | undefined;
}

/** A network without its classifier. Its output is what the classifier read. */
export function asLeft(headless: Headless, leftOut: LeftOut | undefined): Headless {
  if (leftOut === undefined) return headless;
  const { features, pools } = leftOut;
  return {
    ...headless,
    ...(features !== undefined && { headFeatures: features }),
    ...(pools && { head: pools }),
  };
}

/** A file as if it had no classifier; undefined if it has none. @param labels the number of named classes, if any */
export function withoutClassifier(
  sketches: Sketches,
  identity: Identity,
  labels: number | undefined,
): { readonly file: Tensors; readonly leftOut: LeftOut } | undefined {
  const sketch = sketches.match(identity);
  if (isProjection(identity, sketch, labels)) return undefined;
  const deep = findDeepHead(sketches, identity);
  const paths = deep ? [deep.module] : headPaths(sketch, identity);
  const [path] = paths;
  if (path === undefined) return undefined;
  const isIn = (key: string): boolean => {
    const path = transparent(key).join(".");
    return paths.some((one) => path === one || path.startsWith(`${one}.`));
  };
  const { tensors, modules, ...rest } = sketches.file;
  const file: Tensors = {
    ...rest,
    tensors: new Map([...tensors].filter(([key]) => !isIn(key))),
    ...(modules && { modules: withIdentities(modules, isIn, paths) }),
  };
  const features = deep?.features ?? sketch.tensors.get(classesKey(identity))?.shape[1];
  return { file, leftOut: { path, features, pools: deep && poolsOf(deep) } };
}

const poolsOf = ({ path, pooling }: DeepHead): FileHead | undefined =>
  pooling && { path, layers: [], activation: undefined, pooling };

/** The file's paths of the head, and of a distilled network's second head. */
function headPaths({ tensors }: KeyMatch, identity: Identity): string[] {
  return [headOf(identity), TEACHER].flatMap((head) => {
    const weight = tensors.get(`${head}.weight`)?.name;
    return weight === undefined ? [] : [transparent(weight).slice(0, -1).join(".")];
  });
}

const IDENTITY: FileModule = { className: "torch.nn.modules.linear.Identity", settings: new Map() };

/** The same as a user's own `model.fc = nn.Identity()`. */
function withIdentities(
  modules: ReadonlyMap<string, FileModule>,
  isIn: (path: string) => boolean,
  paths: readonly string[],
): Map<string, FileModule> {
  return new Map(
    [...modules].flatMap(([from, facts]) => {
      if (!isIn(from)) return [[from, facts] as const];
      return paths.includes(transparent(from).join(".")) ? [[from, IDENTITY] as const] : [];
    }),
  );
}
