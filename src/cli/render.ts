/** @file From a heat map to the bytes of its files. */

import type { CamMap, GuidedMap } from "../cam/types.js";
import { guidedPicture } from "../image/guided-picture.js";
import { overlay } from "../image/overlay.js";
import type { Picture, Size } from "../image/picture.js";
import { resizedMapRows, resizePicture } from "../image/resize.js";
import { encodeNpy } from "../node/npy.js";
import { encodeHeat, encodePicture, pictureFormat } from "../node/write-picture.js";
import type { MapFiles } from "./results.js";
import type { Rendering } from "./settings.js";

export interface Drawing {
  readonly picture: Picture;
  readonly rendering: Rendering;
  readonly heatBits: 8 | 16 | undefined;
  /** The model is fed blue first. */
  readonly bgr: boolean;
}

/** The files of one map, by name. `guided` is the guided gradient of the map's target, where it is wanted. */
export async function renderMap(
  map: CamMap,
  guided: GuidedMap | undefined,
  files: MapFiles,
  { picture, rendering, heatBits, bgr }: Drawing,
): Promise<Map<string, Uint8Array>> {
  const input = sizeOf(map.shape);
  const size = rendering.overlaySize === "input" ? input : picture;
  const laidOn = resizePicture(picture, size);
  const rendered = new Map<string, Uint8Array>();
  const drawn = overlay(laidOn, map.data, input, rendering);
  rendered.set(files.overlay, await encodePicture(drawn, pictureFormat(files.overlay)));
  if (files.heat !== undefined)
    rendered.set(files.heat, await encodeHeat(map.data, input, size, heatBits ?? 8));
  if (files.npy !== undefined) rendered.set(files.npy, encodeNpy(map.data, map.shape));
  if (files.guided !== undefined && guided !== undefined) {
    const seen = guidedPicture(guided.data, input, { map: map.data, bgr });
    rendered.set(files.guided, await encodePicture(seen, "png"));
  }
  return rendered;
}

/** A guided-backprop picture as the bytes of a PNG. */
export function renderGuided({ data, shape }: GuidedMap, bgr: boolean): Promise<Uint8Array> {
  return encodePicture(guidedPicture(data, sizeOf(shape), { bgr }), "png");
}

/** The first maximum of a map resized to a picture's size, in the picture's pixels. */
export function peakIn(map: CamMap, picture: Size): [x: number, y: number] {
  const fillRow = resizedMapRows(map.data, sizeOf(map.shape), picture);
  const row = new Float32Array(picture.width);
  let best = { value: -Infinity, x: 0, y: 0 };
  for (let y = 0; y < picture.height; y++) {
    fillRow(y, row);
    for (let x = 0; x < row.length; x++) if (row[x]! > best.value) best = { value: row[x]!, x, y };
  }
  return [best.x, best.y];
}

function sizeOf([height, width]: readonly [number, number, ...number[]]): Size {
  return { height, width };
}
