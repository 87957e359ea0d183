/** @file Renders the files of one heat map: overlay, grey PNG, mask, array, gradients and strip. */

import type { CamMap, GuidedMap, InputGradient } from "../../cam/request/types.js";
import { guidedPicture } from "../../image/guided-picture.js";
import { sizeOf } from "../../image/picture.js";
import { encodeHeat, encodePicture, pictureFormat } from "../../node/write-picture.js";
import { encodeNpy } from "../../picture-file/npy.js";
import { drawMap, type Drawing } from "../../results/draw-map.js";
import type { MapFiles } from "../../results/map-files.js";
import { renderStrip } from "./strip.js";

/** How the files of a map are written. */
export interface FileOptions {
  /** Bits of the map as a grey PNG. */
  readonly heat: 8 | 16 | undefined;
  /** The model's input is blue first. */
  readonly bgr: boolean;
}

/** Gradients that a map's pictures need; undefined where those are not requested. */
export interface Gradients {
  /** The guided gradient of the map's target. */
  readonly guided: GuidedMap | undefined;
  /** The gradient that the map is computed from. */
  readonly own: InputGradient | undefined;
}

export interface DrawnMap {
  /** By name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Letters that gradlens's fonts lack. */
  readonly foreign: readonly string[];
}

export async function renderMap(
  map: CamMap,
  { guided, own }: Gradients,
  files: MapFiles,
  drawing: Drawing,
  { heat: heatBits = 8, bgr }: FileOptions,
): Promise<DrawnMap> {
  const { rendering, regions } = drawing;
  const input = sizeOf(map.shape);
  const { overlay, laidOn, marked, part, heat, around, shown } = drawMap(map, drawing);
  const rendered = new Map<string, Uint8Array>();
  rendered.set(files.overlay, await encodePicture(overlay(1), pictureFormat(files.overlay)));
  if (files.heat !== undefined) rendered.set(files.heat, await encodeHeat(shown, laidOn, heatBits));
  if (files.mask !== undefined && regions !== undefined)
    rendered.set(files.mask, await encodePicture(regions.mask, "png"));
  if (files.npy !== undefined) rendered.set(files.npy, encodeNpy(map.data, map.shape));
  const seen =
    files.guided !== undefined && guided !== undefined
      ? guidedPicture(guided.data, input, { map: map.data, bgr })
      : undefined;
  if (seen) rendered.set(files.guided!, await encodePicture(seen, pictureFormat(files.guided!)));
  if (files.gradient !== undefined && own !== undefined)
    rendered.set(files.gradient, await renderGradient(own, files.gradient, bgr));
  if (files.strip === undefined) return { files: rendered, foreign: [] };
  const { png, foreign } = await renderStrip({
    map,
    picture: marked,
    guided: seen,
    overlay,
    heat,
    from: input,
    crop: part,
    around,
    colormap: rendering.colormap,
  });
  rendered.set(files.strip, png);
  return { files: rendered, foreign };
}

/** A gradient of the picture as the bytes of a file of this name. */
export function renderGradient(
  { data, shape }: GuidedMap | InputGradient,
  name: string,
  bgr: boolean,
): Promise<Uint8Array> {
  return encodePicture(guidedPicture(data, sizeOf(shape), { bgr }), pictureFormat(name));
}
