/** @file `--strip`: picture, map, overlay and guided Grad-CAM in a row, for a paper. */

import type { CamMap } from "../../cam/types.js";
import type { Crop } from "../../image/crop.js";
import type { Rect } from "../../image/grid-layout.js";
import { colorMap } from "../../image/overlay.js";
import type { Picture, Size } from "../../image/picture.js";
import { resizedMapRows } from "../../image/resize.js";
import { layoutStrip } from "../../image/strip-layout.js";
import { drawFigure } from "../../node/figure/draw.js";
import { figureLetters } from "../../node/figure/letters.js";
import { scoreText } from "../messages.js";
import type { Rendering } from "../arguments/settings.js";

/** Pixels per inch, as journals ask for. */
const DENSITY = 300;

/** What a strip is made of. */
export interface StripParts {
  readonly map: Pick<CamMap, "method" | "target" | "flat">;
  /** What the overlay is laid on. */
  readonly picture: Picture;
  readonly overlay: Picture;
  /** 0..1, of the size `from`; `crop` is the part of the picture that it is of, with `around` about it. */
  readonly heat: Float32Array;
  readonly from: Size;
  readonly crop: Crop;
  readonly around: number;
  /** Guided Grad-CAM, of the same part. */
  readonly guided: Picture | undefined;
  readonly colormap: Rendering["colormap"];
}

/** A strip as the bytes of a PNG. */
export function renderStrip(parts: StripParts): Promise<Uint8Array> {
  const { map, picture, overlay, guided } = parts;
  const { method, target, flat } = map;
  const labels = [
    "picture",
    flat === undefined ? method : `${method} (flat)`,
    `${target.label ?? `class ${target.index}`} ${scoreText(target.score)}`,
    ...(guided ? [`guided ${method}`] : []),
  ];
  const { cells, ...layout } = layoutStrip(picture, labels, figureLetters().measure);
  const [first, second, third, fourth] = cells as [Rect, Rect, Rect, Rect?];
  const ready = (one: Picture) => () => Promise.resolve(one);
  const guidedAt = fourth && partOf(fourth, parts.crop);
  return drawFigure({
    ...layout,
    density: DENSITY,
    boxes: fourth ? [fourth] : [],
    pictures: [
      { at: first, picture: ready(picture) },
      { at: second, picture: () => Promise.resolve(coloured(parts, second)) },
      { at: third, picture: ready(overlay) },
      ...(guided && guidedAt ? [{ at: guidedAt, picture: ready(guided) }] : []),
    ],
  });
}

function coloured({ heat, from, crop, around, colormap }: StripParts, size: Size): Picture {
  const fillRow = resizedMapRows(heat, from, size, crop, around);
  const values = new Float32Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) fillRow(y, values.subarray(y * size.width, (y + 1) * size.width));
  return colorMap(values, size, colormap);
}

/** Where a part of a picture lies in a cell that shows all of it. */
function partOf(cell: Rect, { left, top, width, height, of }: Crop): Rect {
  const x = Math.round((left * cell.width) / of.width);
  const y = Math.round((top * cell.height) / of.height);
  return {
    left: cell.left + x,
    top: cell.top + y,
    width: Math.max(1, Math.min(Math.round((width * cell.width) / of.width), cell.width - x)),
    height: Math.max(1, Math.min(Math.round((height * cell.height) / of.height), cell.height - y)),
  };
}
