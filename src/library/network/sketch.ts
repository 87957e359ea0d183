/** @file Matches a file's tensors with an architecture as published, before classes, channels and size are known. */

import { ANY, matchKeys, type KeyMatch, type MatchOptions } from "../../checkpoint/match-keys.js";
import { valueAt } from "../../checkpoint/value-at.js";
import type { BuildOptions } from "../../models/arch.js";
import { resizableAxes, withoutTables } from "../../models/detect.js";
import {
  buildArch,
  channelsKey,
  classesKey,
  keyRulesFor,
  type Identity,
  type Template,
} from "../../models/template.js";
import type { Tensors } from "../file/tensors.js";

/** An architecture as published, under our names. */
interface Outline {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Its modules' classes by path. */
  readonly kinds: ReadonlyMap<string, string>;
}

const outlines = new Map<string, Outline>();

/** The graph for colour pictures of the published size and, unless `options` say otherwise, for ImageNet's classes. */
export const buildPublished = (identity: Identity, options: Partial<BuildOptions> = {}): Template =>
  buildArch(identity, {
    size: identity.def.preprocessing.size,
    channels: 3,
    classes: 1000,
    spelling: identity.spelling,
    ...options,
  });

/** Cached: it does not depend on the file. */
export function publishedOutline(identity: Identity): Outline {
  return valueAt(outlines, keyOf(identity), () => {
    const template = buildPublished(identity);
    const kinds = template.graph.modules.map(({ path, kind }) => [path.replace(/#\d+$/, ""), kind] as const);
    return { shapes: parameterShapes(template), kinds: new Map(kinds) };
  });
}

/** A file's matches with architectures as published. A load makes each once. */
export class Sketches {
  private readonly matches = new Map<string, KeyMatch>();
  private readonly parts = new Map<string, ReadonlyMap<string, readonly number[]>>();

  constructor(readonly file: Tensors) {}

  /** The match for any number of classes and channels and any size of picture. */
  match(identity: Identity): KeyMatch {
    return valueAt(this.matches, keyOf(identity), () =>
      matchAs(identity, sketchShapes(identity), this.file, { headFeatures: identity.def.headFeatures }),
    );
  }

  /**
   * The shapes of the architecture's parameters, with the parts that it builds from the file's shapes: a ViT's representation
   * layer, CLIP's projection.
   */
  shapesWithParts(
    identity: Identity,
    options: Partial<BuildOptions> = {},
  ): ReadonlyMap<string, readonly number[]> {
    return valueAt(this.parts, `${keyOf(identity)} ${JSON.stringify(options)}`, () => {
      const shapes = withoutTables(this.match(identity).shapes);
      return sketchShapes(identity, parameterShapes(buildPublished(identity, { shapes, ...options })));
    });
  }
}

const keyOf = ({ arch, spelling }: Identity): string => `${arch} ${spelling}`;

export const matchAs = (
  identity: Identity,
  expected: ReadonlyMap<string, readonly number[]>,
  checkpoint: Tensors,
  options: MatchOptions = {},
): KeyMatch =>
  matchKeys(expected, checkpoint, keyRulesFor(identity), {
    head: headOf(identity),
    auxiliary: identity.def.auxiliary,
    ...options,
  });

/** The shapes of an architecture's parameters, with ANY for dimensions in which files differ. */
export function sketchShapes(
  identity: Identity,
  shapes: ReadonlyMap<string, readonly number[]> = publishedOutline(identity).shapes,
): Map<string, readonly number[]> {
  const expected = new Map(shapes);
  const head = headOf(identity);
  const free = new Map([[channelsKey(identity), 1]]);
  for (const module of [head, "head_dist"]) free.set(`${module}.weight`, 0).set(`${module}.bias`, 0);
  for (const [key, shape] of expected) {
    const own = free.get(key);
    const axes = own === undefined ? resizableAxes(key) : [own - shape.length];
    expected.set(
      key,
      shape.map((n, i) => (axes.includes(i - shape.length) ? ANY : n)),
    );
  }
  return expected;
}

/** The path of the module that computes the logits. */
export const headOf = (identity: Identity): string => classesKey(identity).replace(/\.weight$/, "");

/** The path of the Sequential around the head, if the architecture has one. */
export function aroundOf(identity: Identity): string | undefined {
  const parent = headOf(identity).split(".").slice(0, -1).join(".");
  return publishedOutline(identity).kinds.get(parent) === "Sequential" ? parent : undefined;
}

export const parameterShapes = ({ graph }: Template): Map<string, readonly number[]> =>
  new Map([...graph.params].map(([key, { shape }]) => [key, shape]));
