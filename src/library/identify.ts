/** @file Which architecture a checkpoint holds, in whose spelling, with which of its tensors as parameters. */

import { transparent } from "../checkpoint/key-prefix.js";
import { ANY, matchKeys, type KeyMatch } from "../checkpoint/match-keys.js";
import { isHarmless } from "../checkpoint/unused-tensors.js";
import { GradlensError } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import { FAMILY_TITLES, type ArchDef } from "../models/arch.js";
import { detectArch, resizableAxis, type Detected } from "../models/detect.js";
import { nearestArch } from "../models/nearest-arch.js";
import { checkKeysNotRefused } from "../models/refused.js";
import { checkVitParts } from "../models/vit-refused.js";
import {
  ARCHITECTURES,
  buildTemplate,
  findArch,
  findSpelling,
  keyRulesFor,
  type Arch,
  type Template,
} from "../models/registry.js";
import { commonModules } from "./file-modules.js";
import type { FileWords } from "./file-words.js";
import { preferNamed } from "./said-network.js";
import type { Assumption } from "./settings.js";
import type { Tensors } from "./tensors.js";

export interface Identity {
  readonly arch: Arch;
  readonly spelling: string;
}

/** An identity, and what it rests on. */
export interface Identified extends Identity {
  readonly assumed: readonly Assumption[];
}

/**
 * The architecture that the caller, the file or its keys say, and the spelling: also said, or that which its keys have.
 * Of those that keys and shapes fit alike the first is taken, and that is an assumption.
 * @throws GradlensError "bad-weights" where none fits, "bad-argument" for a spelling that the architecture has not,
 *   "unsupported" for a network that is known and not read
 */
export function identify(checkpoint: Tensors, given: Partial<Identity> = {}): Identified {
  const { metadata } = checkpoint;
  const said = given.arch ?? metadata.get("arch");
  const wanted = given.spelling ?? (given.arch === undefined ? metadata.get("spelling") : undefined);
  const shapes = networkShapes(checkpoint.tensors);
  checkVitParts(checkpoint.name, shapes);
  const arch = said === undefined ? undefined : findArch(said).arch;
  if (arch !== undefined && wanted !== undefined) {
    return { arch, spelling: findSpelling(arch, wanted).name, assumed: [] };
  }
  const detected = preferNamed(detectArch(shapes, arch && [arch]), wordsOf(checkpoint));
  const found = byModules(checkpoint, detected);
  const first = found.find(({ spelling }) => wanted === undefined || spelling === wanted);
  const isOpen = wanted === undefined && checkpoint.modules === undefined;
  if (first) return { ...first, assumed: assumptions(first, found, isOpen) };
  if (found.length === 0) checkKeysNotRefused(checkpoint.name, shapes);
  // What does not fit is told key by key.
  if (arch !== undefined) return { arch, spelling: findSpelling(arch).name, assumed: [] };
  if (found[0] !== undefined) {
    const fitting = found.map(({ arch, spelling }) => `${arch} (${spelling})`).join(", ");
    throw new GradlensError(
      "bad-weights",
      `${checkpoint.name}: its keys fit ${fitting}, not the spelling "${wanted}"; name another with --spelling, or leave it out`,
    );
  }
  throw new GradlensError(
    "bad-weights",
    `${checkpoint.name} does not say its architecture, and its keys fit none of those known (${Object.values(FAMILY_TITLES).join(", ")}; gradlens models lists all): ${nearestInWords(shapes)}`,
  );
}

/** Of several spellings of the first architecture, the one first whose modules the file has, where it has modules. */
function byModules(checkpoint: Tensors, found: readonly Detected[]): readonly Detected[] {
  const same = found.filter(({ arch }) => arch === found[0]?.arch);
  if (checkpoint.modules === undefined || same.length < 2) return found;
  const common = new Map(
    same.map((one) => [one, commonModules(checkpoint, one, matchSketch(checkpoint, one))]),
  );
  const first = same.reduce((best, one) => (common.get(one)! > common.get(best)! ? one : best));
  return [first, ...found.filter((one) => one !== first)];
}

/** Which architecture comes nearest, and what is otherwise. */
function nearestInWords(shapes: ReadonlyMap<string, Shape>): string {
  const near = nearestArch(shapes);
  if (near === undefined) return "name it with --arch if it is one of them under other names";
  const { arch, spelling, fitting, parameters, missing, foreign } = near;
  const otherwise = [
    ...(missing === undefined ? [] : [`it has not ${missing}`]),
    ...(foreign === undefined ? [] : [`${foreign} has no place there`]),
  ];
  return `nearest is ${arch} (${spelling}), of whose ${parameters} parameters ${fitting} fit, but ${otherwise.join(" and ")}; --arch ${arch} tells all that differs`;
}

/** What keys and shapes leave open and makes a difference: another architecture's preprocessing, another spelling's values. */
function assumptions(first: Identity, found: readonly Identity[], spellingOpen: boolean): Assumption[] {
  const archs = [...new Set(found.map(({ arch }) => arch))].filter((arch) => arch !== first.arch);
  const { differs, only } = findSpelling(first.arch, first.spelling);
  const others = found
    .filter(({ arch, spelling }) => arch === first.arch && spelling !== first.spelling)
    .flatMap(({ arch, spelling }) => {
      const how = findSpelling(arch, spelling).differs ?? differs;
      return how || only ? [`${spelling}${how ? ` (${how})` : ""}`] : [];
    });
  return [
    ...(archs.length > 0
      ? [
          {
            what: "arch" as const,
            value: first.arch,
            because: `the keys of ${archs.join(", ")} are the same`,
          },
        ]
      : []),
    ...(spellingOpen && others.length > 0
      ? [
          {
            what: "spelling" as const,
            value: first.spelling,
            because: `the keys fit ${others.join(", ")} too`,
          },
        ]
      : []),
  ];
}

/** The file's tensors as parameters, for any number of classes and channels and any size of picture. */
export function matchSketch(checkpoint: Tensors, { arch, spelling }: Identity): KeyMatch {
  const { channelsFrom, preprocessing }: ArchDef = ARCHITECTURES[arch];
  const build = { size: preprocessing.size, classes: 1000, channels: 3, spelling };
  const expected = parameterShapes(buildTemplate(arch, build));
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

/** The shapes of all parameters of a graph. */
export function parameterShapes({ graph }: Template): Map<string, number[]> {
  return new Map([...graph.params].map(([key, node]) => [key, [...node.shape]]));
}

/** What the file says in plain values beside its weights. */
export const wordsOf = ({ facts = new Map(), stateDict = "" }: Tensors): FileWords => ({ facts, stateDict });

/** Shapes of the tensors that may be of a network, by their keys without transparent wrappers. */
export const networkShapes = (tensors: Tensors["tensors"]): Map<string, Shape> =>
  new Map(
    [...tensors].flatMap(([key, { shape }]): [string, Shape][] => {
      const path = transparent(key).join(".");
      return isHarmless(path) ? [] : [[path, shape]];
    }),
  );
