/** @file Files without a classifier, whose output is the embedding that it would read; and leaving a classifier out. */

import { transparent } from "../checkpoint/key-prefix.js";
import { matchKeys, type KeyMatch } from "../checkpoint/match-keys.js";
import type { FileModule } from "../checkpoint/types.js";
import type { BuildOptions } from "../models/arch.js";
import { withoutTables } from "../models/detect.js";
import {
  ARCHITECTURES,
  buildTemplate,
  classesKey,
  findSpelling,
  keyRulesFor,
  type Identity,
} from "../models/registry.js";
import { findDeepHead } from "./deep-head.js";
import { headOf, matchSketch, outlineOf, parameterShapes, sketchShapes } from "./sketch.js";
import type { Tensors } from "./tensors.js";

/** What a graph without a classifier is built with. */
type Headless = Pick<BuildOptions, "head"> & { readonly classes: 0 };

/** The second head of a distilled DeiT. */
const TEACHER = "head_dist";

/** The Sequential around the head, where the architecture has one. */
function aroundOf(identity: Identity): string | undefined {
  const parent = headOf(identity).split(".").slice(0, -1).join(".");
  return outlineOf(identity).kinds.get(parent) === "Sequential" ? parent : undefined;
}

/** Whether the head makes the published embedding. @param labels how many classes the caller names, if any */
function isProjection(identity: Identity, { tensors }: KeyMatch, labels?: number): boolean {
  const { projection } = findSpelling(identity.arch, identity.spelling);
  const [outputs] = tensors.get(classesKey(identity))?.shape ?? [];
  return projection !== undefined && outputs === projection && labels !== outputs;
}

/**
 * How a file without a head is built: where all of the network but the head, or but the Sequential around it, is there and
 * nothing else. Undefined for other files.
 * @param sketch the match of the architecture as published
 * @param labels how many classes the caller names, if any
 */
export function findHeadless(
  checkpoint: Tensors,
  identity: Identity,
  sketch: KeyMatch,
  labels?: number,
): Headless | undefined {
  if (isProjection(identity, sketch, labels)) return { classes: 0 };
  if (sketch.tensors.has(classesKey(identity))) return undefined;
  const around = aroundOf(identity);
  const forms: readonly Headless[] = [
    { classes: 0 },
    ...(around === undefined
      ? []
      : [{ classes: 0, head: { path: around, layers: [], activation: undefined } } as const]),
  ];
  return forms.find((form) => isWhole(checkpoint, identity, sketch, form));
}

function isWhole(checkpoint: Tensors, identity: Identity, { shapes }: KeyMatch, form: Headless): boolean {
  const { size } = ARCHITECTURES[identity.arch].preprocessing;
  const template = buildTemplate(identity.arch, {
    size,
    channels: 3,
    spelling: identity.spelling,
    shapes: withoutTables(shapes),
    ...form,
  });
  const expected = sketchShapes(identity, parameterShapes(template));
  const { report } = matchKeys(expected, checkpoint, keyRulesFor(identity), { head: headOf(identity) });
  const { missing, mismatched, ambiguous, foreign } = report;
  return missing.length + mismatched.length + ambiguous.length + foreign.length === 0;
}

/** A file as if it had no classifier, and the classifier's path in the file; undefined where it has none. */
export function withoutClassifier(
  checkpoint: Tensors,
  identity: Identity,
): { readonly file: Tensors; readonly leftOut: string } | undefined {
  const sketch = matchSketch(checkpoint, identity);
  if (isProjection(identity, sketch)) return undefined;
  const deep = findDeepHead(checkpoint, identity, sketch);
  const paths = deep ? [deep.module] : headPaths(sketch, identity);
  const [leftOut] = paths;
  if (leftOut === undefined) return undefined;
  const isIn = (key: string): boolean => {
    const path = transparent(key).join(".");
    return paths.some((one) => path === one || path.startsWith(`${one}.`));
  };
  const { tensors, modules, ...rest } = checkpoint;
  const file: Tensors = {
    ...rest,
    tensors: new Map([...tensors].filter(([key]) => !isIn(key))),
    ...(modules && { modules: withIdentities(modules, isIn, paths) }),
  };
  return { file, leftOut };
}

/** The file's paths of the head, and of a distilled network's second head. */
function headPaths({ tensors }: KeyMatch, identity: Identity): string[] {
  return [headOf(identity), TEACHER].flatMap((head) => {
    const weight = tensors.get(`${head}.weight`)?.name;
    return weight === undefined ? [] : [transparent(weight).slice(0, -1).join(".")];
  });
}

const IDENTITY: FileModule = { className: "torch.nn.modules.linear.Identity", settings: new Map() };

/** As a user's own `model.fc = nn.Identity()`. */
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
