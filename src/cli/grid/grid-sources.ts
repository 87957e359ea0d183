/** @file The results of a picture as a grid shows them: overlays and gradients are read from the folder of results. */

import { join } from "node:path";
import { drawBoxes } from "../../image/box-lines.js";
import { cropFor } from "../../image/crop.js";
import type { Picture } from "../../image/picture.js";
import type { GridMap, GridSource, Shown } from "../../figure/grid/sources.js";
import { readPicture } from "../../node/read-picture.js";
import type { Manifest, MapRecord, Rendering } from "../../results/manifest.js";

/** One picture's results in a run. */
interface ShownResults extends Pick<GridSource, "methods" | "refused"> {
  /** Unique for each picture and model. */
  readonly image: string;
  readonly model: string;
  readonly manifest: Manifest;
  /** The requested maps, in order. */
  readonly requested: readonly MapRecord[];
  /** The class indexes of the requested maps. */
  readonly targets: readonly number[];
  /** Guided backprop is requested. */
  readonly guided: boolean;
  readonly overlaySize: Rendering["overlaySize"];
  /** Reads the picture: all pictures of a run may not fit into memory. */
  readonly picture: () => Promise<Picture>;
}

export function gridSourceOf(results: ShownResults): GridSource {
  const { image, model, manifest, requested, targets, guided, overlaySize, picture, methods, refused } =
    results;
  const { arch, activation, labels, weights } = manifest;
  const gradients = manifest.guided.filter(({ target }) => guided && targets.includes(target.index));
  return {
    image: { key: image, name: manifest.picture.file ?? "stdin" },
    model: { key: model, name: weights.file },
    ...{ arch, activation, labels, methods, refused },
    picture: { size: manifest.picture, load: async () => marked(await picture(), requested) },
    maps: requested.map((record) => mapOf(manifest, record, guided)),
    gradients: gradients.map((record) => ({
      target: record.target,
      shown: gradientAt(manifest, record.picture, overlaySize),
    })),
  };
}

/** The picture with the boxes that people drew of the maps' labels. */
function marked(picture: Picture, maps: readonly MapRecord[]): Picture {
  const boxes = new Map(
    maps.flatMap(({ rendering: { truth = [] } }) => truth.map((box) => [box.join(), box])),
  );
  return boxes.size === 0 ? picture : drawBoxes(picture, [...boxes.values()], "solid");
}

function mapOf(manifest: Manifest, record: MapRecord, withGuided: boolean): GridMap {
  const { method, layers, target, flat, signed, scaledWith, augSmooth, eigenSmooth, guided } = record;
  const { colormap, overlaySize } = record.rendering;
  const overlay = { size: placeOf(manifest, overlaySize), load: reading(manifest, record.overlay) };
  return {
    ...{ method, layers, target, flat, signed, augSmooth, eigenSmooth, colormap, overlay },
    shared: scaledWith !== undefined,
    ...(withGuided && guided !== undefined && { guided: gradientAt(manifest, guided, overlaySize) }),
  };
}

/** A gradient has the size of the model's input, and lies where that was in the picture. */
function gradientAt(manifest: Manifest, file: string, overlaySize: Rendering["overlaySize"]): Shown {
  const { picture, preprocessing } = manifest;
  const shown = { size: placeOf(manifest, overlaySize), load: reading(manifest, file) };
  if (overlaySize === "input" || preprocessing.cropPct === undefined) return shown;
  return { ...shown, part: cropFor(picture, inputOf(manifest), preprocessing.cropPct) };
}

const inputOf = ({ preprocessing: { size } }: Manifest) => ({ height: size[0], width: size[1] });

const placeOf = (manifest: Manifest, overlaySize: Rendering["overlaySize"]) =>
  overlaySize === "input" ? inputOf(manifest) : manifest.picture;

const reading =
  ({ dir }: Manifest, file: string) =>
  (): Promise<Picture> =>
    readPicture(join(dir, file));
