/** @file Finds a checkpoint's architecture and spelling. */

import { transparent } from "../checkpoint/key-prefix.js";
import { isHarmless } from "../checkpoint/unused-tensors.js";
import { GradlensError } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import type { ArchDef } from "../models/arch.js";
import { detectArch, type Detected } from "../models/detect.js";
import { nearestArch } from "../models/nearest-arch.js";
import { checkKeysNotRefused } from "../models/refused.js";
import { checkVitParts } from "../models/vit-refused.js";
import {
  ARCH_NAMES,
  ARCHITECTURES,
  findArch,
  findSpelling,
  type Arch,
  type Identity,
} from "../models/registry.js";
import { commonModules, settingsOtherwise } from "./file-modules.js";
import type { FileWords } from "./file-words.js";
import { preferNamed } from "./said-network.js";
import type { Assumption } from "./settings.js";
import { matchSketch } from "./sketch.js";
import type { Tensors } from "./tensors.js";
import { say, translated } from "../language/say.js";

/** An identity, and the assumptions behind it. */
export interface Identified extends Identity {
  readonly assumed: readonly Assumption[];
}

/**
 * The architecture that the caller, the file or its keys say, and the spelling: also said, or that which its keys have.
 * Where keys and shapes fit several, the first is used, and that is an assumption.
 * @throws GradlensError "bad-weights" where none fits, "bad-argument" for a spelling that the architecture lacks,
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
  const fitting = preferNamed(detectArch(shapes, arch && [arch]), wordsOf(checkpoint));
  const detected = byMark(checkpoint, fitting, wanted);
  const found = byModules(checkpoint, detected);
  checkNotOpen(checkpoint.name, found, shapes);
  const first = found.find(({ spelling }) => wanted === undefined || spelling === wanted);
  const isOpen = wanted === undefined && checkpoint.modules === undefined;
  if (first) return { ...first, assumed: assumptions(first, found, isOpen) };
  if (found.length === 0) checkKeysNotRefused(checkpoint.name, shapes);
  // The match reports what does not fit, key by key.
  if (arch !== undefined) return { arch, spelling: findSpelling(arch).name, assumed: [] };
  if (found[0] !== undefined) {
    const fitting = found.map(({ arch, spelling }) => `${arch} (${spelling})`).join(", ");
    throw new GradlensError(
      "bad-weights",
      say`${checkpoint.name}: its keys fit ${fitting}, not the spelling "${wanted}"; name another with --spelling, or leave it out`,
    );
  }
  throw new GradlensError(
    "bad-weights",
    say`${checkpoint.name} does not say its architecture, and its keys fit none of the ${ARCH_NAMES.length} architectures that gradlens models lists: ${nearestInWords(shapes)}`,
  );
}

/** @throws GradlensError "bad-weights" for architectures of the same keys that do not compute the same */
function checkNotOpen(file: string, found: readonly Identity[], shapes: ReadonlyMap<string, Shape>): void {
  const archs = [...new Set(found.map(({ arch }) => arch))];
  const keys = [...shapes.keys()];
  const isSettled = ({ settledBy }: ArchDef): boolean =>
    settledBy !== undefined && keys.some((key) => settledBy.test(key));
  if (archs.every((arch) => isSettled(ARCHITECTURES[arch]))) return;
  const differs = (arch: Arch): string | undefined => ARCHITECTURES[arch].differs;
  if (archs.every((arch) => differs(arch) === differs(archs[0]!))) return;
  const each = archs.map((arch) =>
    differs(arch) ? say`${arch} (with ${translated(differs(arch)!)})` : arch,
  );
  throw new GradlensError(
    "bad-weights",
    say`${file} may be ${each.join(say` or `)}: their keys are the same, their results are not; name its network with --arch`,
  );
}

/** The spellings whose mark the file has; where it has none, those without a mark. @param wanted is kept in any case */
function byMark({ tensors }: Tensors, found: readonly Detected[], wanted?: string): readonly Detected[] {
  const markOf = ({ arch, spelling }: Detected): string | undefined => findSpelling(arch, spelling).mark;
  const hasKey = (mark: string): boolean =>
    [...tensors.keys()].some((key) => key === mark || key.endsWith(`.${mark}`));
  const isWanted = ({ spelling }: Detected): boolean => spelling === wanted;
  const marked = found.filter((one) => markOf(one) !== undefined && hasKey(markOf(one)!));
  if (marked.length > 0) return found.filter((one) => marked.includes(one) || isWanted(one));
  const plain = found.filter((one) => markOf(one) === undefined || isWanted(one));
  return plain.length > 0 ? plain : found;
}

/** Of several spellings of the first architecture, the one first whose modules the file has, where it has modules. */
function byModules(checkpoint: Tensors, detected: readonly Detected[]): readonly Detected[] {
  if (checkpoint.modules === undefined) return detected;
  const found = bySettings(checkpoint, detected);
  const same = found.filter(({ arch }) => arch === found[0]?.arch);
  if (same.length < 2) return found;
  const common = new Map(
    same.map((one) => [one, commonModules(checkpoint, one, matchSketch(checkpoint, one))]),
  );
  const first = same.reduce((best, one) => (common.get(one)! > common.get(best)! ? one : best));
  return [first, ...found.filter((one) => one !== first)];
}

/** Of architectures that compute the same keys otherwise, those of which the file's modules say the least otherwise. */
function bySettings(checkpoint: Tensors, found: readonly Detected[]): readonly Detected[] {
  const differs = ({ arch }: Detected): string | undefined => ARCHITECTURES[arch].differs;
  if (found.every((one) => differs(one) === differs(found[0]!))) return found;
  const otherwise = new Map(
    found.map((one) => [one, settingsOtherwise(checkpoint, one, matchSketch(checkpoint, one))]),
  );
  const least = Math.min(...otherwise.values());
  const nearest = new Set(found.filter((one) => otherwise.get(one) === least).map(({ arch }) => arch));
  return found.filter(({ arch }) => nearest.has(arch));
}

/** The nearest architecture, and what differs. */
function nearestInWords(shapes: ReadonlyMap<string, Shape>): string {
  const near = nearestArch(shapes);
  if (near === undefined) return say`name it with --arch if it is one of them under other names`;
  const { arch, spelling, fitting, parameters, missing, foreign } = near;
  const differences = [
    ...(missing === undefined ? [] : [say`the file lacks ${missing}`]),
    ...(foreign === undefined ? [] : [say`${foreign} does not belong to it`]),
  ];
  return say`the nearest is ${arch} (${spelling}): ${fitting} of its ${parameters} parameters fit, but ${differences.join(say` and `)}; --arch ${arch} lists every difference`;
}

/** What keys and shapes leave open and makes a difference: another architecture's preprocessing, another spelling's values. */
function assumptions(first: Identity, found: readonly Identity[], spellingOpen: boolean): Assumption[] {
  const archs = [...new Set(found.map(({ arch }) => arch))].filter((arch) => arch !== first.arch);
  const { differs, only } = findSpelling(first.arch, first.spelling);
  const others = found
    .filter(({ arch, spelling }) => arch === first.arch && spelling !== first.spelling)
    .flatMap(({ arch, spelling }) => {
      const how = findSpelling(arch, spelling).differs ?? differs;
      return how || only ? [`${spelling}${how ? ` (${translated(how)})` : ""}`] : [];
    });
  return [
    ...(archs.length > 0
      ? [
          {
            what: "arch" as const,
            value: first.arch,
            because: say`the keys of ${archs.join(", ")} are the same`,
          },
        ]
      : []),
    ...(spellingOpen && others.length > 0
      ? [
          {
            what: "spelling" as const,
            value: first.spelling,
            because: say`the keys fit ${others.join(", ")} too`,
          },
        ]
      : []),
  ];
}

/** The file's plain values beside its weights. */
export const wordsOf = ({ facts = new Map(), stateDict = "" }: Tensors): FileWords => ({ facts, stateDict });

/** Shapes of the tensors that may be of a network, by their keys without transparent wrappers. */
export const networkShapes = (tensors: Tensors["tensors"]): Map<string, Shape> =>
  new Map(
    [...tensors].flatMap(([key, { shape }]): [string, Shape][] => {
      const path = transparent(key).join(".");
      return isHarmless(path) ? [] : [[path, shape]];
    }),
  );
