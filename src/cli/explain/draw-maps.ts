/** @file Draws the maps of an explanation: their files, and the facts for their records. */

import type { CamMap, Explanation } from "../../cam/request/types.js";
import { GradlensError } from "../../errors.js";
import { uniformBorder } from "../../image/border.js";
import { cropFor } from "../../image/crop.js";
import { sizeOf } from "../../image/picture.js";
import { layMap } from "../../image/resize.js";
import type { ModelPreprocessing } from "../../library/settings/model-description.js";
import type { WantedResults, WantedMap } from "../../results/wanted-maps.js";
import type { MapFacts } from "../../results/map-records.js";
import { renderingOf, type Request } from "../../results/request.js";
import type { LoadedPicture } from "../inputs/read-pictures.js";
import { notesOf } from "../../results/notes.js";
import { regionsOf, regionsRecord } from "../../results/regions.js";
import { truthRecord } from "../../results/truth.js";
import { renderGradient, renderMap, type DrawnMap } from "./render-files.js";

export interface Drawn extends DrawnMap {
  /** The facts for the record of each map. */
  readonly maps: readonly { readonly map: WantedMap; readonly facts: MapFacts }[];
  readonly milliseconds: number;
}

/** Draws what is wanted of an explanation. */
export async function draw(
  explanation: Explanation,
  wanted: WantedResults,
  request: Request,
  { picture }: LoadedPicture,
  { size: [height, width], bgr, resize, cropPct }: ModelPreprocessing,
): Promise<Drawn> {
  const begin = performance.now();
  const { heat } = request;
  const crop = cropFor(picture, { height, width }, cropPct);
  const border = uniformBorder(picture);
  const guidedOf = (target: { readonly index: number }) =>
    explanation.guided?.find((guided) => guided.target.index === target.index);
  const gradientOf = (map: CamMap) =>
    explanation.inputGradients?.find(
      ({ method, target }) => method === map.method && target.index === map.target.index,
    );
  const results = [];
  // One after the other: each needs 7 bytes a pixel of the picture.
  for (const one of wanted.maps) {
    const map = explanation.maps.find(
      ({ method, layers, target }) =>
        method === one.method && target.index === one.target.index && layers.join() === one.layers.join(),
    );
    if (map === undefined) throw new GradlensError("internal", `no map of ${one.method} came back`);
    const rendering = renderingOf(request, one);
    const laid = layMap(map.data, sizeOf(map.shape), picture, crop);
    const regions = regionsOf(map, laid, picture, crop, rendering);
    const gradients = { guided: guidedOf(one.target), own: gradientOf(map) };
    const drawing = { picture, laid, crop, fitting: { resize, cropPct }, rendering, regions };
    const drawn = await renderMap(map, gradients, one.files, drawing, { heat, bgr });
    const notes = notesOf(map, laid, border, picture);
    const pointed = notes.flat === undefined && notes.noHeat === undefined ? notes.peak : undefined;
    const facts = {
      ...notes,
      ...(regions && { regions: regionsRecord(regions, rendering) }),
      ...(rendering.truth && { truth: truthRecord(rendering.truth, pointed, regions?.regions) }),
      ...(map.channels && { channels: map.channels }),
    };
    results.push({ ...drawn, map: one, facts });
  }
  const files = new Map(results.flatMap((result) => [...result.files]));
  for (const { target, picture: name } of wanted.guided) {
    const guided = guidedOf(target);
    if (guided !== undefined) files.set(name, await renderGradient(guided, name, bgr));
  }
  return {
    files,
    foreign: results.flatMap(({ foreign }) => foreign),
    maps: results.map(({ map, facts }) => ({ map, facts })),
    milliseconds: performance.now() - begin,
  };
}
