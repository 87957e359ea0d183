/** @file Chooses among the architectures and spellings that a file's keys fit. */

import { badWeights } from "../../errors.js";
import type { Shape } from "../../graph/shape.js";
import type { Detected } from "../../models/detect.js";
import { ownSpelling, type Identity, type NamedArch } from "../../models/template.js";
import type { FitOptions } from "./fit-request.js";
import type { Assumption } from "../settings/settings.js";
import type { Tensors } from "../file/tensors.js";
import { say, translated } from "../../language/say.js";

/** An identity, and the assumptions behind it. */
export interface Identified extends Identity {
  readonly assumed: readonly Assumption[];
}

/** The spelling that the caller or the file names. A file's spelling belongs to the architecture that it names. */
export const namedSpelling = (
  { metadata }: Tensors,
  { arch, spelling }: Pick<FitOptions, "arch" | "spelling">,
): string | undefined => spelling ?? (arch === undefined ? metadata.get("spelling") : undefined);

/**
 * The first of the detected ones that has the wanted spelling; undefined if none has. That others fit too is an assumption.
 * @throws GradlensError "bad-weights" for architectures of the same keys that do not compute the same
 */
export function chooseDetected(
  { name, modules }: Tensors,
  found: readonly Detected[],
  shapes: ReadonlyMap<string, Shape>,
  wanted: string | undefined,
): Identified | undefined {
  checkNotOpen(name, found, shapes);
  const first = found.find(({ spelling }) => wanted === undefined || spelling === wanted);
  const isOpen = wanted === undefined && modules === undefined;
  return first && { ...first, assumed: assumptions(first, found, isOpen) };
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
export function withMark(
  { tensors }: Tensors,
  found: readonly Detected[],
  wanted?: string,
): readonly Detected[] {
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
