/** @file Finds a checkpoint's architecture and spelling among all. */

import { badWeights } from "../../errors.js";
import type { Shape } from "../../graph/shape.js";
import { detectAmong } from "../../models/detect.js";
import { nearestArch } from "../../models/nearest-arch.js";
import { checkKeysNotRefused } from "../../models/unsupported.js";
import { ALL_NAMED, findArch } from "../../models/registry.js";
import { spellingOf } from "../../models/template.js";
import { lookalikesOf } from "../../models/lookalikes.js";
import { checkVitParts } from "../../models/unsupported-vit.js";
import { chooseDetected, namedSpelling, withMark, type Identified } from "../network/choose-detected.js";
import type { FitOptions } from "../network/fit-request.js";
import { chooseByModules } from "./choose-by-modules.js";
import { preferNamed } from "./network-name-check.js";
import type { Assumption } from "../settings/settings.js";
import type { Sketches } from "../network/sketch.js";
import { networkShapes, trainingStateOf } from "../file/tensors.js";
import { say, translated } from "../../language/say.js";

/**
 * The architecture that the caller, the file or its keys name, and its spelling, named or found by the keys. If keys and shapes
 * fit several, the first is used, which is an assumption.
 * @throws GradlensError "bad-weights" where none fits, "bad-argument" for a spelling that the architecture lacks,
 *   "unsupported" for a network that is known and not read
 */
export function identify(sketches: Sketches, options: Pick<FitOptions, "arch" | "spelling">): Identified {
  const { file } = sketches;
  const arch = options.arch ?? file.metadata.get("arch");
  const wanted = namedSpelling(file, options);
  const shapes = networkShapes(file.tensors);
  checkVitParts(file.name, shapes);
  const named = arch === undefined ? undefined : findArch(arch);
  if (named !== undefined && wanted !== undefined) {
    return { ...named, spelling: spellingOf(named, wanted).name, assumed: [] };
  }
  const fitting = preferNamed(detectAmong(shapes, named ? [named] : ALL_NAMED), trainingStateOf(file));
  const found = chooseByModules(sketches, withMark(file, fitting, wanted));
  const chosen = chooseDetected(file, found, shapes, wanted);
  if (chosen !== undefined) {
    const mayHaveLookalikes = named === undefined && file.modules === undefined && chosen.spelling === "timm";
    const lookalikes = mayHaveLookalikes ? lookalikesOf(chosen.arch, shapes) : [];
    return { ...chosen, assumed: [...chosen.assumed, ...lookalikeAssumption(chosen.arch, lookalikes)] };
  }
  if (found.length === 0) checkKeysNotRefused(file.name, shapes);
  // The match reports what does not fit, key by key.
  if (named !== undefined) return { ...named, spelling: spellingOf(named).name, assumed: [] };
  if (found.length > 0) {
    const fitting = found.map(({ arch, spelling }) => `${arch} (${spelling})`).join(", ");
    throw badWeights(
      say`${file.name}: its keys fit ${fitting}, not the spelling "${wanted}"; name another with --spelling, or leave it out`,
    );
  }
  throw badWeights(
    say`${file.name} does not say its architecture, and its keys fit none of the ${ALL_NAMED.length} architectures that gradlens models lists: ${describeNearest(shapes)}`,
  );
}

function lookalikeAssumption(arch: string, lookalikes: ReturnType<typeof lookalikesOf>): Assumption[] {
  const each = lookalikes.map(({ name, differs }) => say`${name} (with ${translated(differs)})`);
  if (each.length === 0) return [];
  const because = say`the keys are those of timm's ${each.join(say` or `)} too, which gradlens does not compute`;
  return [{ what: "arch", value: arch, because }];
}

/** The nearest architecture, and what differs. */
function describeNearest(shapes: ReadonlyMap<string, Shape>): string {
  const near = nearestArch(shapes);
  if (near === undefined) return say`name it with --arch if it is one of them under other names`;
  const { arch, spelling, fitting, parameters, missing, foreign } = near;
  const differences = [
    ...(missing === undefined ? [] : [say`the file lacks ${missing}`]),
    ...(foreign === undefined ? [] : [say`${foreign} does not belong to it`]),
  ];
  return say`the nearest is ${arch} (${spelling}): ${fitting} of its ${parameters} parameters fit, but ${differences.join(say` and `)}; --arch ${arch} lists every difference`;
}
