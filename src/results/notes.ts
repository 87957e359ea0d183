/** @file A map's peak, and its notes in words: flat, all negative, or a peak in an empty border. */

import { METHODS } from "../cam/methods/table.js";
import type { CamMap } from "../cam/request/types.js";
import { edgeAt, type Border } from "../image/border.js";
import { peak } from "../image/map-range.js";
import type { Size } from "../image/picture.js";
import type { MapRecord } from "./manifest.js";
import { phrase, say, translated } from "../language/say.js";

/** Whether a signed map is nowhere positive, but not flat. */
export function isAllNegative({ signed, flat, data }: CamMap): boolean {
  return signed === true && flat === undefined && data.every((value) => value <= 0);
}

/**
 * A map's peak and the notes for its reader.
 * @param laid the map laid over the picture
 */
export function notesOf(
  map: CamMap,
  laid: Float32Array,
  border: Border,
  picture: Size,
): Pick<MapRecord, "peak" | "peakNote" | "flat" | "noHeat"> {
  const at = peak(laid, picture);
  if (map.flat !== undefined) return { peak: at, flat: map.flat };
  if (isAllNegative(map)) {
    const { signIsEvidence } = METHODS[map.method];
    const why = signIsEvidence ? say`: all of it speaks against this target` : "";
    return { peak: at, noHeat: say`the map is negative or zero everywhere${why}` };
  }
  const note = peakNote(at, border, picture);
  return { peak: at, ...(note !== undefined && { peakNote: note }) };
}

const EDGES = { top: phrase`top`, bottom: phrase`bottom`, left: phrase`left`, right: phrase`right` } as const;

/** The note on a peak in an empty border of the picture. */
function peakNote(at: readonly [number, number], border: Border, picture: Size): string | undefined {
  const edge = edgeAt(at, border, picture);
  if (edge === undefined) return undefined;
  const lines = edge === "left" || edge === "right" ? say`columns` : say`rows`;
  return say`the peak lies in the picture's border of one colour (${border[edge]} ${lines} at the ${translated(EDGES[edge])}), where there is nothing to see`;
}
