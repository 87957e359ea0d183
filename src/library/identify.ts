/** @file Which architecture a checkpoint holds, in whose spelling, with which of its tensors as parameters. */

import { ANY, matchKeys, type KeyMatch } from "../checkpoint/match-keys.js";
import type { Checkpoint } from "../checkpoint/types.js";
import { GradlensError } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import type { ArchDef, BuildOptions } from "../models/arch.js";
import { detectArch, resizableAxis } from "../models/detect.js";
import {
  ARCH_NAMES,
  ARCHITECTURES,
  buildTemplate,
  findArch,
  findSpelling,
  keyRulesFor,
  type Arch,
} from "../models/registry.js";

export interface Identity {
  readonly arch: Arch;
  readonly spelling: string;
}

type Tensors = Pick<Checkpoint, "name" | "tensors" | "metadata">;

/**
 * The architecture that the caller, the file or its keys say, and the spelling: also said, or that which its keys have.
 * @throws GradlensError "bad-weights" where none fits, "bad-argument" for a spelling that the architecture has not
 */
export function identify(checkpoint: Tensors, given: Partial<Identity> = {}): Identity {
  const { metadata } = checkpoint;
  const said = given.arch ?? metadata.get("arch");
  const wanted = given.spelling ?? (given.arch === undefined ? metadata.get("spelling") : undefined);
  const shapes = shapesOf(checkpoint.tensors);
  if (said !== undefined) {
    const { arch } = findArch(said);
    const usual = { arch, spelling: findSpelling(arch, wanted).name };
    if (wanted !== undefined) return usual;
    const { report } = matchSketch(checkpoint, usual);
    if (report.missing.length === 0 && report.mismatched.length === 0) return usual;
    return detectArch(shapes, [arch])[0] ?? usual;
  }
  const found = detectArch(shapes);
  const first = found.find(({ spelling }) => wanted === undefined || spelling === wanted);
  if (first) return first;
  if (found[0] !== undefined) {
    const fitting = found.map(({ arch, spelling }) => `${arch} (${spelling})`).join(", ");
    throw new GradlensError(
      "bad-weights",
      `${checkpoint.name}: its keys fit ${fitting}, not the spelling "${wanted}"; name another with --dialect, or leave it out`,
    );
  }
  throw new GradlensError(
    "bad-weights",
    `${checkpoint.name} does not say its architecture and its keys fit none of those known; name it with --arch, one of ${ARCH_NAMES.join(", ")}`,
  );
}

/** The file's tensors as parameters, for any number of classes and channels and any size of picture. */
export function matchSketch(checkpoint: Tensors, { arch, spelling }: Identity): KeyMatch {
  const { channelsFrom, preprocessing }: ArchDef = ARCHITECTURES[arch];
  const expected = parameterShapes(arch, { size: preprocessing.size, classes: 1000, channels: 3, spelling });
  const head = headOf({ arch, spelling });
  const free = new Map([[channelsFrom, 1]]);
  for (const module of [head, "head_dist"]) free.set(`${module}.weight`, 0).set(`${module}.bias`, 0);
  for (const [key, shape] of expected) {
    const axis = free.get(key) ?? resizableAxis(key);
    if (axis !== undefined) expected.set(key, shape.with(axis, ANY));
  }
  return matchKeys(expected, checkpoint, keyRulesFor(arch, spelling), { head });
}

/** Key of the head's weight, whose axis 0 is the number of classes. */
export const classesKey = ({ arch, spelling }: Identity): string =>
  findSpelling(arch, spelling).classesFrom ?? ARCHITECTURES[arch].classesFrom;

export const headOf = (identity: Identity): string => classesKey(identity).replace(/\.weight$/, "");

/** The shapes of all parameters of an architecture's graph. */
export function parameterShapes(arch: Arch, options: BuildOptions): Map<string, number[]> {
  const { graph } = buildTemplate(arch, options);
  return new Map([...graph.params].map(([key, node]) => [key, [...node.shape]]));
}

export const shapesOf = (tensors: ReadonlyMap<string, { readonly shape: Shape }>): Map<string, Shape> =>
  new Map([...tensors].map(([key, { shape }]) => [key, shape]));
