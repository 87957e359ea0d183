/** @file Finds a checkpoint's architecture and spelling. */

import { transparent } from "../checkpoint/key-prefix.js";
import { isHarmless } from "../checkpoint/unused-tensors.js";
import { badWeights } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import { detectAmong, type Detected } from "../models/detect.js";
import { lookalikesOf } from "../models/lookalikes.js";
import { checkVitParts } from "../models/unsupported-vit.js";
import { ownSpelling, spellingOf, type Identity, type NamedArch } from "../models/template.js";
import type { FileWords } from "./file-words.js";
import type { Networks } from "./networks.js";
import type { Assumption } from "./settings.js";
import type { Tensors } from "./tensors.js";
import { say, translated } from "../language/say.js";

/** An identity, and the assumptions behind it. */
export interface Identified extends Identity {
  readonly assumed: readonly Assumption[];
}

/**
 * The architecture that the caller, the file or its keys name, and its spelling, named or found by the keys. If keys and shapes
 * fit several, the first is used, which is an assumption.
 * @throws GradlensError "bad-weights" where none fits, "bad-argument" for a spelling that the architecture lacks,
 *   "unsupported" for a network that is known and not read
 */
export function identify(
  networks: Networks,
  checkpoint: Tensors,
  given: { readonly arch?: string; readonly spelling?: string } = {},
): Identified {
  const { all } = networks;
  const { metadata } = checkpoint;
  const said = given.arch ?? metadata.get("arch");
  const wanted = given.spelling ?? (given.arch === undefined ? metadata.get("spelling") : undefined);
  const shapes = networkShapes(checkpoint.tensors);
  checkVitParts(checkpoint.name, shapes);
  const named = said === undefined ? undefined : networks.find(said);
  if (named !== undefined && wanted !== undefined) {
    return { ...named, spelling: spellingOf(named, wanted).name, assumed: [] };
  }
  const alike = named ? detectAmong(shapes, [named]) : all!.detect(shapes);
  const fitting = all ? all.preferNamed(alike, wordsOf(checkpoint)) : alike;
  const detected = byMark(checkpoint, fitting, wanted);
  const found = all?.modules.prefer(checkpoint, detected) ?? detected;
  checkNotOpen(checkpoint.name, found, shapes);
  const first = found.find(({ spelling }) => wanted === undefined || spelling === wanted);
  const isOpen = wanted === undefined && checkpoint.modules === undefined;
  if (first) {
    const lookalikes =
      named === undefined && checkpoint.modules === undefined && first.spelling === "timm"
        ? lookalikesOf(first.arch, shapes)
        : [];
    return {
      ...first,
      assumed: [...assumptions(first, found, isOpen), ...lookalikeAssumption(first.arch, lookalikes)],
    };
  }
  if (found.length === 0) all?.checkKeysNotRefused(checkpoint.name, shapes);
  // The match reports what does not fit, key by key.
  if (named !== undefined) return { ...named, spelling: spellingOf(named).name, assumed: [] };
  if (found[0] !== undefined) {
    const fitting = found.map(({ arch, spelling }) => `${arch} (${spelling})`).join(", ");
    throw badWeights(
      say`${checkpoint.name}: its keys fit ${fitting}, not the spelling "${wanted}"; name another with --spelling, or leave it out`,
    );
  }
  throw badWeights(
    say`${checkpoint.name} does not say its architecture, and its keys fit none of the ${all!.count} architectures that gradlens models lists: ${all!.nearest(shapes)}`,
  );
}

/** @throws GradlensError "bad-weights" for architectures of the same keys that do not compute the same */
function checkNotOpen(file: string, found: readonly NamedArch[], shapes: ReadonlyMap<string, Shape>): void {
  const archs = [...new Map(found.map((one) => [one.arch, one])).values()];
  const keys = [...shapes.keys()];
  const isSettled = ({ def: { settledBy } }: NamedArch): boolean =>
    settledBy !== undefined && keys.some((key) => settledBy.test(key));
  if (archs.every(isSettled)) return;
  if (archs.every(({ def }) => def.differs === archs[0]!.def.differs)) return;
  const each = archs.map(({ arch, def: { differs } }) =>
    differs ? say`${arch} (with ${translated(differs)})` : arch,
  );
  throw badWeights(
    say`${file} may be ${each.join(say` or `)}: their keys are the same, their results are not; name its network with --arch`,
  );
}

/** The spellings whose mark the file has; where it has none, those without a mark. @param wanted is kept in any case */
function byMark({ tensors }: Tensors, found: readonly Detected[], wanted?: string): readonly Detected[] {
  const markOf = (one: Detected): string | undefined => ownSpelling(one).mark;
  const hasKey = (mark: string): boolean =>
    [...tensors.keys()].some((key) => key === mark || key.endsWith(`.${mark}`));
  const isWanted = ({ spelling }: Detected): boolean => spelling === wanted;
  const marked = found.filter((one) => markOf(one) !== undefined && hasKey(markOf(one)!));
  if (marked.length > 0) return found.filter((one) => marked.includes(one) || isWanted(one));
  const plain = found.filter((one) => markOf(one) === undefined || isWanted(one));
  return plain.length > 0 ? plain : found;
}

/** What keys and shapes leave open, if it matters: another architecture's preprocessing, another spelling's values. */
function assumptions(first: Identity, found: readonly Identity[], spellingOpen: boolean): Assumption[] {
  const archs = [...new Set(found.map(({ arch }) => arch))].filter((arch) => arch !== first.arch);
  const { differs, only } = ownSpelling(first);
  const others = found
    .filter(({ arch, spelling }) => arch === first.arch && spelling !== first.spelling)
    .flatMap((one) => {
      const how = ownSpelling(one).differs ?? differs;
      return how || only ? [`${one.spelling}${how ? ` (${translated(how)})` : ""}`] : [];
    });
  const assumed: Assumption[] = [];
  if (archs.length > 0) {
    const because = say`the keys of ${archs.join(", ")} are the same`;
    assumed.push({ what: "arch", value: first.arch, because });
  }
  if (spellingOpen && others.length > 0) {
    const because = say`the keys fit ${others.join(", ")} too`;
    assumed.push({ what: "spelling", value: first.spelling, because });
  }
  return assumed;
}

function lookalikeAssumption(arch: string, lookalikes: ReturnType<typeof lookalikesOf>): Assumption[] {
  const each = lookalikes.map(({ name, differs }) => say`${name} (with ${translated(differs)})`);
  if (each.length === 0) return [];
  const because = say`the keys are those of timm's ${each.join(say` or `)} too, which gradlens does not compute`;
  return [{ what: "arch", value: arch, because }];
}

/** The file's plain values beside its weights. */
export const wordsOf = ({ facts = new Map(), stateDict = "" }: Tensors): FileWords => ({ facts, stateDict });

/** Shapes of the tensors that may be of a network, by their keys without transparent wrappers. */
export function networkShapes(tensors: Tensors["tensors"]): Map<string, Shape> {
  const shapes = [...tensors].map(([key, { shape }]) => [transparent(key).join("."), shape] as const);
  const keys = shapes.map(([key]) => key);
  return new Map(shapes.filter(([key]) => !isHarmless(key, keys)));
}
