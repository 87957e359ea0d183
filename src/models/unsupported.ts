/** @file Refuses networks that are recognised and not supported, by name. */

import { type GradlensError, unsupported } from "../errors.js";
import type { Shape } from "../graph/shape.js";
import { ARCHITECTURES } from "./architectures.js";
import { knownByKeys, knownByName } from "./known-networks/index.js";
import { phrase, say, translated } from "../language/say.js";

const FAMILIES = new Set(Object.values(ARCHITECTURES).map(({ family }) => family)).size;
const COMPUTED = phrase`gradlens models lists the architectures of the ${FAMILIES} families that it computes`;

const refusal = (what: string): GradlensError =>
  unsupported(say`${what}, which gradlens does not compute; ${translated(COMPUTED)}`);

/** @throws GradlensError "unsupported" for an architecture's name */
export function checkNotRefused(arch: string): void {
  const known = knownByName(arch);
  if (known) throw refusal(say`${arch} is ${translated(known.name)}`);
}

/** For files that fit no architecture. @throws GradlensError "unsupported" for a checkpoint's keys */
export function checkKeysNotRefused(file: string, shapes: ReadonlyMap<string, Shape>): void {
  const known = knownByKeys(shapes.keys());
  if (known)
    throw refusal(say`${file} holds ${translated(known.network.name)}, in ${possessive(known.whose)} names`);
}

/** Of "timm's V2" that is "timm's"; of "the authors" "the authors'". */
function possessive(whose: string): string {
  const [owner] = whose.split("'s") as [string];
  return owner.endsWith("s") ? `${owner}'` : `${owner}'s`;
}
