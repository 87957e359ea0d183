/** @file Renders the files of one heat map: overlay, grey PNG, mask, array, gradients and strip. */

import type { CamMap, GuidedMap, InputGradient } from "../../cam/request/types.js";
import { drawBoxes } from "../../image/box-lines.js";
import { drawContour } from "../../image/contour.js";
import { wholeOf, type Crop } from "../../image/crop.js";
import { enlarged } from "../../image/enlarge.js";
import { fitPicture, type Fitting } from "../../image/fit-picture.js";
import { guidedPicture } from "../../image/guided-picture.js";
import { overlay } from "../../image/overlay.js";
import { sizeOf, toGrey, type Picture, type Size } from "../../image/picture.js";
import type { Regions } from "../../image/regions.js";
import { layMap } from "../../image/resize.js";
import type { Box } from "../../image/rle.js";
import { unsigned, ZERO_OF_SIGNED } from "../../image/signed.js";
import { encodeNpy } from "../../node/npy.js";
import { encodeHeat, encodePicture, pictureFormat } from "../../node/write-picture.js";
import type { MapFiles } from "../results/wanted-maps.js";
import type { Rendering } from "../results/manifest.js";
import { renderStrip } from "./strip.js";

export interface Drawing {
  readonly picture: Picture;
  /** The map laid over the picture. */
  readonly laid: Float32Array;
  /** The part of the picture that the model saw, and how it was resized. */
  readonly crop: Crop;
  readonly fitting: Fitting;
  readonly rendering: Rendering;
  /** Their mask has the overlay's size. */
  readonly regions: Regions | undefined;
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

/** Where a map is drawn: on the whole picture, or on what the model saw of it. */
interface Ground {
  readonly picture: Picture;
  /** The part of `picture` that the map covers. */
  readonly part: Crop;
  /** The map at the size of `picture`. */
  readonly values: Float32Array;
}

function groundOf(map: CamMap, { picture, laid, crop, fitting, rendering }: Drawing): Ground {
  if (rendering.overlaySize !== "input") return { picture, part: crop, values: laid };
  const input = sizeOf(map.shape);
  return { picture: fitPicture(picture, input, fitting), part: wholeOf(input), values: map.data };
}

/** The overlay `plain`, enlarged, with the outlines and boxes of the map's regions. */
function outlined(
  plain: Picture,
  times: number,
  map: CamMap,
  { picture: laidOn, part, values }: Ground,
  { picture, crop, rendering, regions }: Drawing,
): Picture {
  const ground = enlarged(plain, times);
  if (regions === undefined) return ground;
  const { level, mask } = regions;
  const drawn =
    times === 1
      ? drawContour(ground, values, laidOn, { level, mask })
      : drawContour(ground, map.data, sizeOf(map.shape), { level, mask: enlarged(mask, times), crop: part });
  if (!rendering.drawBoxes) return drawn;
  const asInput = rendering.overlaySize === "input";
  const boxes = regions.regions.map(({ box }) => (asInput ? boxInCrop(box, picture, crop) : box));
  return drawBoxes(
    drawn,
    boxes.map(([x, y, w, h]): Box => [x * times, y * times, w * times, h * times]),
  );
}

export async function renderMap(
  map: CamMap,
  { guided, own }: Gradients,
  files: MapFiles,
  drawing: Drawing,
): Promise<DrawnMap> {
  const { rendering, regions, heat: heatBits = 8, bgr } = drawing;
  const input = sizeOf(map.shape);
  const ground = groundOf(map, drawing);
  const { picture: laidOn, part, values } = ground;
  const rendered = new Map<string, Uint8Array>();
  const heat = map.signed ? unsigned(map.data) : map.data;
  const around = map.signed ? ZERO_OF_SIGNED : 0;
  const shown = map.signed ? layMap(heat, input, laidOn, part, around) : values;
  // The picture's own colours would be read as signs.
  const plain = overlay(map.signed ? toGrey(laidOn) : laidOn, shown, laidOn, rendering);
  const drawn = outlined(plain, 1, map, ground, drawing);
  rendered.set(files.overlay, await encodePicture(drawn, pictureFormat(files.overlay)));
  if (files.heat !== undefined) rendered.set(files.heat, await encodeHeat(shown, laidOn, heatBits));
  if (files.mask !== undefined && regions !== undefined)
    rendered.set(files.mask, await encodePicture(regions.mask, "png"));
  if (files.npy !== undefined) rendered.set(files.npy, encodeNpy(map.data, map.shape));
  const seen =
    files.guided !== undefined && guided !== undefined
      ? guidedPicture(guided.data, input, { map: map.data, bgr })
      : undefined;
  if (seen) rendered.set(files.guided!, await encodePicture(seen, "png"));
  if (files.gradient !== undefined && own !== undefined)
    rendered.set(files.gradient, await renderGradient(own, bgr));
  if (files.strip === undefined) return { files: rendered, foreign: [] };
  const { png, foreign } = await renderStrip({
    map,
    picture: laidOn,
    guided: seen,
    overlay: (times) => (times === 1 ? drawn : outlined(plain, times, map, ground, drawing)),
    heat,
    from: input,
    crop: part,
    around,
    colormap: rendering.colormap,
  });
  rendered.set(files.strip, png);
  return { files: rendered, foreign };
}

/** A gradient of the picture as the bytes of a PNG. */
export function renderGradient(
  { data, shape }: GuidedMap | InputGradient,
  bgr: boolean,
): Promise<Uint8Array> {
  return encodePicture(guidedPicture(data, sizeOf(shape), { bgr }), "png");
}

/** A box of a picture's pixels in those of the part of it that the model saw. */
function boxInCrop([x, y, width, height]: Box, picture: Size, { left, top, of }: Crop): Box {
  const [scaleX, scaleY] = [of.width / picture.width, of.height / picture.height];
  return [x * scaleX - left, y * scaleY - top, width * scaleX, height * scaleY];
}
