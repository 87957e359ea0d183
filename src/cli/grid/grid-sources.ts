/** @file The results of a picture as a grid shows them: overlays and gradients are read from the folder of results. */

import { join } from "node:path";
import { drawBoxes } from "../../image/box-lines.js";
import { cropFor } from "../../image/crop.js";
import type { Picture } from "../../image/picture.js";
import type { GridMap, GridSource, LazyPicture } from "../../figure/grid/sources.js";
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
  const { image, model, manifest, requested, targets, guided, overlaySize, picture } = results;
  const gradients = manifest.guided.filter(({ target }) => guided && targets.includes(target.index));
  return {
    image: { key: image, name: manifest.picture.file ?? "stdin" },
    model: { key: model, name: manifest.weights.file },
    arch: manifest.arch,
    activation: manifest.activation,
    labels: manifest.labels,
    methods: results.methods,
    refused: results.refused,
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
  const { guided, scaledWith } = record;
  const { colormap, overlaySize } = record.rendering;
  return {
    ...record,
    compareScale: scaledWith === undefined ? "own" : "shared",
    colormap,
    overlay: { size: placeOf(manifest, overlaySize), load: reading(manifest, record.overlay) },
    guided: withGuided && guided !== undefined ? gradientAt(manifest, guided, overlaySize) : undefined,
  };
}

/** A gradient has the size of the model's input, and lies where that was in the picture. */
function gradientAt(manifest: Manifest, file: string, overlaySize: Rendering["overlaySize"]): LazyPicture {
  const { picture, preprocessing } = manifest;
  const isWhole = overlaySize === "input" || preprocessing.cropPct === undefined;
  return {
    size: placeOf(manifest, overlaySize),
    part: isWhole ? undefined : cropFor(picture, inputOf(manifest), preprocessing.cropPct),
    load: reading(manifest, file),
  };
}

const inputOf = ({ preprocessing: { size } }: Manifest) => ({ height: size[0], width: size[1] });

const placeOf = (manifest: Manifest, overlaySize: Rendering["overlaySize"]) =>
  overlaySize === "input" ? inputOf(manifest) : manifest.picture;

const reading =
  ({ dir }: Manifest, file: string) =>
  (): Promise<Picture> =>
    readPicture(join(dir, file));
