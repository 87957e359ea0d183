/** @file Describes the architecture nearest to a file that fits none. */

import type { Shape } from "../graph/shape.js";
import { say } from "../language/say.js";
import { nearestArch } from "../models/nearest-arch.js";

/** The nearest architecture, and what differs. */
export function describeNearest(shapes: ReadonlyMap<string, Shape>): string {
  const near = nearestArch(shapes);
  if (near === undefined) return say`name it with --arch if it is one of them under other names`;
  const { arch, spelling, fitting, parameters, missing, foreign } = near;
  const differences = [
    ...(missing === undefined ? [] : [say`the file lacks ${missing}`]),
    ...(foreign === undefined ? [] : [say`${foreign} does not belong to it`]),
  ];
  return say`the nearest is ${arch} (${spelling}): ${fitting} of its ${parameters} parameters fit, but ${differences.join(say` and `)}; --arch ${arch} lists every difference`;
}
