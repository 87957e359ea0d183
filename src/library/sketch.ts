/** @file Matches a file's tensors with an architecture as published, before classes, channels and size are known. */

import { ANY, matchKeys, type KeyMatch } from "../checkpoint/match-keys.js";
import { resizableAxis } from "../models/detect.js";
import {
  ARCHITECTURES,
  buildTemplate,
  channelsKey,
  classesKey,
  keyRulesFor,
  type Identity,
  type Template,
} from "../models/registry.js";
import type { Tensors } from "./tensors.js";

/** An architecture as published, under our names. */
interface Outline {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Paths of its modules. */
  readonly paths: ReadonlySet<string>;
}

const outlines = new Map<string, Outline>();

/** Cached: it does not depend on the file. */
export function outlineOf({ arch, spelling }: Identity): Outline {
  const key = `${arch} ${spelling}`;
  let outline = outlines.get(key);
  if (outline === undefined) {
    const { size } = ARCHITECTURES[arch].preprocessing;
    const template = buildTemplate(arch, { size, channels: 3, classes: 1000, spelling });
    const paths = template.graph.modules.map(({ path }) => path.replace(/#\d+$/, ""));
    outlines.set(key, (outline = { shapes: parameterShapes(template), paths: new Set(paths) }));
  }
  return outline;
}

/** Matches for any number of classes and channels and any size of picture. */
export function matchSketch(checkpoint: Tensors, identity: Identity): KeyMatch {
  const expected = new Map(outlineOf(identity).shapes);
  const head = headOf(identity);
  const free = new Map([[channelsKey(identity), 1]]);
  for (const module of [head, "head_dist"]) free.set(`${module}.weight`, 0).set(`${module}.bias`, 0);
  for (const [key, shape] of expected) {
    const axis = free.get(key) ?? resizableAxis(key);
    if (axis !== undefined) expected.set(key, shape.with(axis, ANY));
  }
  return matchKeys(expected, checkpoint, keyRulesFor(identity), { head });
}

/** Path of the module that makes the logits. */
export const headOf = (identity: Identity): string => classesKey(identity).replace(/\.weight$/, "");

/** The shapes of all parameters of a graph. */
export const parameterShapes = ({ graph }: Template): Map<string, readonly number[]> =>
  new Map([...graph.params].map(([key, { shape }]) => [key, shape]));
