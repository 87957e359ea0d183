/** @file What is to be said of a map in words, and where its peak is. */

import { METHODS } from "../../cam/methods/table.js";
import type { CamMap } from "../../cam/request/types.js";
import { edgeAt, type Border } from "../../image/border.js";
import type { Crop } from "../../image/crop.js";
import { sizeOf, type Size } from "../../image/picture.js";
import { resizedMapRows } from "../../image/resize.js";
import type { MapRecord } from "../results/manifest.js";

/** Whether a map that keeps its sign is nowhere positive, and not flat either. */
export function isAllNegative({ signed, flat, data }: CamMap): boolean {
  return signed === true && flat === undefined && data.every((value) => value <= 0);
}

/** A map's peak, laid over the picture, and what a reader of the map should know. `crop` is the part that the map is of. */
export function notesOf(
  map: CamMap,
  border: Border,
  picture: Size,
  crop: Crop,
): Pick<MapRecord, "peak" | "peakNote" | "flat" | "noHeat"> {
  const peak = peakIn(map, picture, crop);
  if (map.flat !== undefined) return { peak, flat: map.flat };
  if (isAllNegative(map)) {
    const ofLabel = METHODS[map.method].needs !== "activations";
    const why = ofLabel ? ": all of it speaks against this label" : "";
    return { peak, noHeat: `the map is negative or zero everywhere${why}` };
  }
  const note = peakNote(peak, border, picture);
  return { peak, ...(note !== undefined && { peakNote: note }) };
}

/** That a peak lies in a border of the picture that shows nothing; undefined where it does not. */
function peakNote(peak: readonly [number, number], border: Border, picture: Size): string | undefined {
  const edge = edgeAt(peak, border, picture);
  if (edge === undefined) return undefined;
  const lines = edge === "left" || edge === "right" ? "columns" : "rows";
  return `the peak lies in the picture's border of one colour (${border[edge]} ${lines} at the ${edge}), where there is nothing to see`;
}

/** The first maximum, in the picture's pixels. */
function peakIn(map: CamMap, picture: Size, crop: Crop): [x: number, y: number] {
  const fillRow = resizedMapRows(map.data, sizeOf(map.shape), picture, crop);
  const row = new Float32Array(picture.width);
  let best = { value: -Infinity, x: 0, y: 0 };
  for (let y = 0; y < picture.height; y++) {
    fillRow(y, row);
    for (let x = 0; x < row.length; x++) if (row[x]! > best.value) best = { value: row[x]!, x, y };
  }
  return [best.x, best.y];
}
