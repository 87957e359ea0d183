/** @file Draws one heat map over its picture: the overlay, with the outlines and boxes of regions. */

import type { CamMap } from "../cam/request/types.js";
import { drawBoxes } from "../image/box-lines.js";
import { drawContour } from "../image/contour.js";
import { wholeOf, type Crop } from "../image/crop.js";
import { enlarged } from "../image/enlarge.js";
import { fitPicture, type Fitting } from "../image/fit-picture.js";
import { overlay } from "../image/overlay.js";
import { sizeOf, toGrey, type Picture, type Size } from "../image/picture.js";
import type { Regions } from "../image/regions.js";
import { layMap } from "../image/resize.js";
import type { Box } from "../image/rle.js";
import { unsigned, ZERO_OF_SIGNED } from "../image/signed.js";
import type { Rendering } from "./manifest.js";

/** A picture, and how a map is drawn on it. */
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
}

/** The ground of a map: the whole picture, or the part that the model saw. */
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

/** A picture of a map's ground, `times` as large, with the boxes that people drew of the map's label. */
function withTruth(ground: Picture, times: number, { picture, crop, rendering }: Drawing): Picture {
  const { truth, overlaySize } = rendering;
  return truth
    ? drawBoxes(ground, boxesOnOverlay(truth, times, picture, crop, overlaySize), "solid")
    : ground;
}

/** Boxes of a picture in the pixels of an overlay that is `times` as large as its ground. */
export function boxesOnOverlay(
  boxes: readonly Box[],
  times: number,
  picture: Size,
  crop: Crop,
  overlaySize: Rendering["overlaySize"],
): Box[] {
  return boxes
    .map((box) => (overlaySize === "input" ? boxInCrop(box, picture, crop) : box))
    .map(([x, y, w, h]): Box => [x * times, y * times, w * times, h * times]);
}

/** The overlay `plain`, enlarged, with the outlines and boxes of the map's regions, and the boxes that people drew. */
function outlined(
  plain: Picture,
  times: number,
  map: CamMap,
  { picture: laidOn, part, values }: Ground,
  drawing: Drawing,
): Picture {
  const { picture, crop, rendering, regions } = drawing;
  const ground = withTruth(enlarged(plain, times), times, drawing);
  if (regions === undefined) return ground;
  const { level, mask } = regions;
  const drawn =
    times === 1
      ? drawContour(ground, values, laidOn, { level, mask })
      : drawContour(ground, map.data, sizeOf(map.shape), { level, mask: enlarged(mask, times), crop: part });
  if (!rendering.drawBoxes) return drawn;
  const boxes = regions.regions.map(({ box }) => box);
  return drawBoxes(drawn, boxesOnOverlay(boxes, times, picture, crop, rendering.overlaySize));
}

/** A drawn map. */
export interface DrawnOverlay {
  /** The overlay with outlines and boxes, `times` as large as its ground. */
  readonly overlay: (times: number) => Picture;
  /** The ground: the picture, or the part that the model saw. */
  readonly laidOn: Picture;
  /** `laidOn` with the boxes that people drew. */
  readonly marked: Picture;
  /** The part of `laidOn` that the map covers. */
  readonly part: Crop;
  /** The map as 0..1 at its own size. */
  readonly heat: Float32Array;
  /** The map's value around `part`. */
  readonly around: number;
  /** The map at the size of `laidOn`. */
  readonly shown: Float32Array;
}

export function drawMap(map: CamMap, drawing: Drawing): DrawnOverlay {
  const ground = groundOf(map, drawing);
  const { picture: laidOn, part, values } = ground;
  const heat = map.signed ? unsigned(map.data) : map.data;
  const around = map.signed ? ZERO_OF_SIGNED : 0;
  const shown = map.signed ? layMap(heat, sizeOf(map.shape), laidOn, part, around) : values;
  // Colours of the picture would look like signs.
  const plain = overlay(map.signed ? toGrey(laidOn) : laidOn, shown, drawing.rendering);
  const drawn = outlined(plain, 1, map, ground, drawing);
  return {
    overlay: (times) => (times === 1 ? drawn : outlined(plain, times, map, ground, drawing)),
    laidOn,
    marked: withTruth(laidOn, 1, drawing),
    part,
    heat,
    around,
    shown,
  };
}

/** Converts a box from the picture's pixels to those of the part that the model saw. */
function boxInCrop([x, y, width, height]: Box, picture: Size, { left, top, of }: Crop): Box {
  const [scaleX, scaleY] = [of.width / picture.width, of.height / picture.height];
  return [x * scaleX - left, y * scaleY - top, width * scaleX, height * scaleY];
}
