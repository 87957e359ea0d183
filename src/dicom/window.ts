/** @file Maps grey values to 0..1: by the VOI LUT Module (PS3.3 C.11.2), a given window, or the range of all values. */

import { itemsOf, numberOf, TAGS, textOf } from "./data-set.js";
import { lookUp, readLut, type Lut } from "./lut.js";
import type { Layers, Rescale } from "./modality.js";
import type { UsedWindow, Window, WindowFunction } from "./options.js";
import { problem } from "./problem.js";
import { mapInto, type StoredValues } from "./stored-values.js";
import { say } from "../language/say.js";

/** The window that is used, and its function from a value to 0..1. */
export interface Voi {
  readonly used: UsedWindow;
  readonly toUnit: (value: number) => number;
}

/**
 * Grey values as 0..1. Uses the requested window, else the file's first, else its first VOI LUT, else `range`.
 * @throws GradlensError "bad-picture"
 */
export function windowed(
  values: StoredValues,
  rescale: Rescale,
  layers: Layers,
  requested: Window | undefined,
  range: () => readonly [least: number, greatest: number],
): { data: Float32Array; used: UsedWindow } {
  const { used, toUnit } =
    (requested && requestedWindow(requested)) ?? fileVoi(layers) ?? lutVoi(layers) ?? rangeVoi(range());
  const data = mapInto(new Float32Array(values.length), values, (value) => {
    // Float pixels may hold NaN outside the image: black.
    return Number.isNaN(value) ? 0 : toUnit(rescale(value));
  });
  return { data, used };
}

/** The requested window: LINEAR, whose width is at least 1, or LINEAR_EXACT below that. */
export function requestedWindow(requested: Window): Voi {
  return voi({ ...requested, function: requested.width < 1 ? "LINEAR_EXACT" : "LINEAR", from: "option" });
}

function fileVoi(layers: Layers): Voi | undefined {
  for (const layer of layers) {
    const center = numberOf(layer, TAGS.windowCenter, say`window centre`);
    const width = numberOf(layer, TAGS.windowWidth, say`window width`);
    if (center === undefined || width === undefined) continue;
    const named = textOf(layer, TAGS.windowFunction) ?? "LINEAR";
    if (named !== "LINEAR" && named !== "LINEAR_EXACT" && named !== "SIGMOID") {
      throw problem(
        say`has an unknown VOI LUT function (supported: LINEAR, LINEAR_EXACT, SIGMOID): give --window C,W`,
      );
    }
    if (width <= 0 || (named === "LINEAR" && width < 1)) {
      throw problem(say`has a window of width ${width}, which ${named} cannot have: give --window C,W`);
    }
    return voi({ center, width, function: named, from: "file" });
  }
  return undefined;
}

function lutVoi(layers: Layers): Voi | undefined {
  const table = layers.flatMap((layer) => itemsOf(layer, TAGS.voiLuts))[0];
  if (table === undefined) return undefined;
  const lut: Lut = readLut(table, TAGS.lutDescriptor, TAGS.lutData, true);
  const most = 2 ** lut.bits - 1;
  return {
    used: { function: "LUT", from: "file" },
    toUnit: (value) => Math.min(lookUp(lut, value) / most, 1),
  };
}

/** @throws GradlensError "bad-picture" for a range that overflows f64 */
function rangeVoi([least, greatest]: readonly [number, number]): Voi {
  const width = greatest - least;
  if (width === Infinity) {
    throw problem(say`has values from ${least} to ${greatest}, too far apart to show: give --window C,W`);
  }
  // The sum of both may overflow.
  return voi({ center: least / 2 + greatest / 2, width, function: "LINEAR_EXACT", from: "range" });
}

function voi(used: Exclude<UsedWindow, { function: "LUT" }>): Voi {
  return { used, toUnit: FUNCTIONS[used.function](used) };
}

/** C.11.2.1.2 and C.11.2.1.3, with an output of 0..1. A width of 0 (LINEAR: 1) is a threshold. */
const FUNCTIONS: Record<WindowFunction, (window: Window) => (value: number) => number> = {
  LINEAR: ({ center, width }) => ramp(center - 0.5, width - 1),
  LINEAR_EXACT: ({ center, width }) => ramp(center, width),
  SIGMOID:
    ({ center, width }) =>
    (value) =>
      1 / (1 + Math.exp((-4 * (value - center)) / width)),
};

function ramp(center: number, width: number): (value: number) => number {
  const low = center - width / 2;
  const high = center + width / 2;
  return (value) => {
    if (value <= low) return 0;
    return value > high ? 1 : (value - center) / width + 0.5;
  };
}
