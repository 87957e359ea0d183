/** @file `--strip`: picture, map, overlay and guided Grad-CAM beside each other, for a paper. */

import type { CamMap } from "../../cam/request/types.js";
import type { Crop } from "../../image/crop.js";
import { colorMap } from "../../image/overlay.js";
import type { Picture, Size } from "../../image/picture.js";
import { layMap } from "../../image/resize.js";
import { partOf, type Rect } from "../../figure/layout/rects.js";
import { scoreText } from "../../figure/layout/score-text.js";
import { layoutStrip, type StripLabel } from "../../figure/layout/strip-layout.js";
import { drawPng } from "../../figure/drawing/draw-png.js";
import { figureLetters } from "../../figure/drawing/letters.js";
import type { Rendering } from "../../results/manifest.js";
import { isAllNegative } from "../../results/notes.js";

/** Pixels per inch, as journals require. */
const DENSITY = 300;

/** What a strip is made of. */
export interface StripParts {
  readonly map: CamMap;
  /** What the overlay is laid on. */
  readonly picture: Picture;
  /** The overlay at `times` the picture's size. */
  readonly overlay: (times: number) => Picture;
  /** 0..1, of the size `from`; `crop` is the part of the picture that it is of, with `around` about it. */
  readonly heat: Float32Array;
  readonly from: Size;
  readonly crop: Crop;
  readonly around: number;
  /** Guided Grad-CAM, of the same part. */
  readonly guided: Picture | undefined;
  readonly colormap: Rendering["colormap"];
}

/** The strip, and the letters of its labels that no font of gradlens has. */
export async function renderStrip(
  parts: StripParts,
): Promise<{ readonly png: Uint8Array; readonly foreign: readonly string[] }> {
  const { map, picture, overlay, heat, from, crop, around, guided, colormap } = parts;
  const { method, target } = map;
  const remark = map.flat !== undefined ? " (flat)" : isAllNegative(map) ? " (all negative)" : "";
  const labels: StripLabel[] = [
    { text: "picture" },
    {
      text: method + remark,
      scale: { colormap, ends: map.signed ? ["-1", "1"] : ["0", "1"] },
    },
    { text: target.label ?? `class ${target.index}`, score: scoreText(target.score) },
    ...(guided ? [{ text: `guided ${method}` }] : []),
  ];
  const letters = figureLetters();
  const { cells, ...layout } = layoutStrip(picture, labels, letters.measure);
  const [first, second, third, fourth] = cells as [Rect, Rect, Rect, Rect?];
  const guidedAt = fourth && partOf(fourth, crop);
  const times = Math.max(1, Math.floor(third.width / picture.width));
  const png = await drawPng({
    ...layout,
    density: DENSITY,
    boxes: fourth ? [fourth] : [],
    pictures: [
      { at: first, picture: () => picture },
      { at: second, picture: () => colorMap(layMap(heat, from, second, crop, around), second, colormap) },
      { at: third, picture: () => overlay(times) },
      ...(guided && guidedAt ? [{ at: guidedAt, picture: () => guided }] : []),
    ],
  });
  return { png, foreign: letters.foreign(layout.texts.map(({ text }) => text)) };
}
