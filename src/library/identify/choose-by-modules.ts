/** @file Chooses the architecture whose modules agree best with the file's, where the tensors fit several. */

import type { Detected } from "../../models/detect.js";
import { commonModules, settingsOtherwise } from "../modules/file-modules.js";
import type { Sketches } from "../network/sketch.js";

/** Of the first architecture's spellings, puts the one first that has the most modules of the file. */
export function chooseByModules(sketches: Sketches, detected: readonly Detected[]): readonly Detected[] {
  if (sketches.file.modules === undefined) return detected;
  const found = bySettings(sketches, detected);
  const same = found.filter(({ arch }) => arch === found[0]?.arch);
  if (same.length < 2) return found;
  const common = new Map(same.map((one) => [one, commonModules(sketches, one)]));
  const first = same.reduce((best, one) => (common.get(one)! > common.get(best)! ? one : best));
  return [first, ...found.filter((one) => one !== first)];
}

/** Of architectures with the same keys and other computations, those with the fewest differences from the modules. */
function bySettings(sketches: Sketches, found: readonly Detected[]): readonly Detected[] {
  const differs = ({ def }: Detected): string | undefined => def.differs;
  if (found.every((one) => differs(one) === differs(found[0]!))) return found;
  const otherwise = new Map(found.map((one) => [one, settingsOtherwise(sketches, one)]));
  const least = Math.min(...otherwise.values());
  const nearest = new Set(found.filter((one) => otherwise.get(one) === least).map(({ arch }) => arch));
  return found.filter(({ arch }) => nearest.has(arch));
}
