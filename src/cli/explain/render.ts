/** @file From a heat map to the bytes of its files. */

import type { CamMap, GuidedMap, InputGradient } from "../../cam/types.js";
import { edgeAt, type Border } from "../../image/border.js";
import { drawContour } from "../../image/contour.js";
import { wholeOf, type Crop } from "../../image/crop.js";
import { fitPicture, type Fitting } from "../../image/fit-picture.js";
import { guidedPicture } from "../../image/guided-picture.js";
import { overlay } from "../../image/overlay.js";
import { toGrey, type Picture, type Size } from "../../image/picture.js";
import type { Regions } from "../../image/regions.js";
import { resizedMapRows } from "../../image/resize.js";
import { unsigned, ZERO_OF_SIGNED } from "../../image/signed.js";
import { encodeNpy } from "../../node/npy.js";
import { encodeHeat, encodePicture, pictureFormat } from "../../node/write-picture.js";
import type { MapFiles } from "../results/results.js";
import type { Rendering } from "../arguments/settings.js";
import { renderStrip } from "./strip.js";

export interface Drawing {
  readonly picture: Picture;
  /** The part of it that the model saw, and how it was resized. */
  readonly crop: Crop;
  readonly fitting: Fitting;
  readonly rendering: Rendering;
  /** Their mask is of the overlay's size. */
  readonly regions: Regions | undefined;
  readonly heatBits: 8 | 16 | undefined;
  /** The model is fed blue first. */
  readonly bgr: boolean;
}

/** What pictures of a map are made of beside it, where they are wanted. */
export interface Gradients {
  /** The guided gradient of the map's target. */
  readonly guided: GuidedMap | undefined;
  /** What the map itself was made of. */
  readonly own: InputGradient | undefined;
}

/** The files of one map, by name. */
export async function renderMap(
  map: CamMap,
  { guided, own }: Gradients,
  files: MapFiles,
  { picture, crop, fitting, rendering, regions, heatBits, bgr }: Drawing,
): Promise<Map<string, Uint8Array>> {
  const input = sizeOf(map.shape);
  const asInput = rendering.overlaySize === "input";
  const laidOn = asInput ? fitPicture(picture, input, fitting) : picture;
  const part = asInput ? wholeOf(input) : crop;
  const rendered = new Map<string, Uint8Array>();
  const heat = map.signed ? unsigned(map.data) : map.data;
  const around = map.signed ? ZERO_OF_SIGNED : 0;
  // The picture's own colours would be read as signs.
  const plain = overlay(map.signed ? toGrey(laidOn) : laidOn, heat, input, {
    ...rendering,
    crop: part,
    around,
  });
  const drawn = regions ? drawContour(plain, map.data, input, { ...regions, crop: part }) : plain;
  rendered.set(files.overlay, await encodePicture(drawn, pictureFormat(files.overlay)));
  if (files.heat !== undefined)
    rendered.set(files.heat, await encodeHeat(heat, input, laidOn, heatBits ?? 8, part, around));
  if (files.mask !== undefined && regions !== undefined)
    rendered.set(files.mask, await encodePicture(regions.mask, "png"));
  if (files.npy !== undefined) rendered.set(files.npy, encodeNpy(map.data, map.shape));
  const seen =
    files.guided !== undefined && guided !== undefined
      ? guidedPicture(guided.data, input, { map: map.data, bgr })
      : undefined;
  if (seen) rendered.set(files.guided!, await encodePicture(seen, "png"));
  if (files.strip !== undefined) {
    const { colormap } = rendering;
    const parts = { map, picture: laidOn, overlay: drawn, heat, from: input, crop: part, around, colormap };
    rendered.set(files.strip, await renderStrip({ ...parts, guided: seen }));
  }
  if (files.gradient !== undefined && own !== undefined)
    rendered.set(files.gradient, await renderGradient(own, bgr));
  return rendered;
}

/** A gradient of the picture as the bytes of a PNG. */
export function renderGradient(
  { data, shape }: GuidedMap | InputGradient,
  bgr: boolean,
): Promise<Uint8Array> {
  return encodePicture(guidedPicture(data, sizeOf(shape), { bgr }), "png");
}

/** That a peak lies in a border of the picture that shows nothing, in words; undefined where it does not. */
export function peakNote(peak: readonly [number, number], border: Border, picture: Size): string | undefined {
  const edge = edgeAt(peak, border, picture);
  if (edge === undefined) return undefined;
  const lines = edge === "left" || edge === "right" ? "columns" : "rows";
  return `the peak lies in the picture's border of one colour (${border[edge]} ${lines} at the ${edge}), where there is nothing to see`;
}

/** The first maximum of a map of a part of a picture, laid over the picture, in the picture's pixels. */
export function peakIn(map: CamMap, picture: Size, crop: Crop): [x: number, y: number] {
  const fillRow = resizedMapRows(map.data, sizeOf(map.shape), picture, crop);
  const row = new Float32Array(picture.width);
  let best = { value: -Infinity, x: 0, y: 0 };
  for (let y = 0; y < picture.height; y++) {
    fillRow(y, row);
    for (let x = 0; x < row.length; x++) if (row[x]! > best.value) best = { value: row[x]!, x, y };
  }
  return [best.x, best.y];
}

/** Of a [height, width, ...] shape. */
export function sizeOf([height, width]: readonly [number, number, ...number[]]): Size {
  return { height, width };
}
