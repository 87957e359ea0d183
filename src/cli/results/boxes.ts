/** @file Writes the regions of all pictures of a run as JSON, COCO's data set format, and CSV. */

import type { Region } from "../../image/regions.js";
import type { BoxFormatName } from "../../options/box-formats.js";
import { csvFile, csvText } from "../text/csv.js";
import type { Manifest, MapRecord, Rendering } from "../../results/manifest.js";

/** One picture's part of a run. */
export interface BoxedPicture {
  /** Its number among the run's pictures, from 1. */
  readonly id: number;
  /** Its path below the pictures' common folder, with `/`. */
  readonly file: string;
  /** Its folder below the output folder, with `/`, and the model's folder within. */
  readonly folder: string;
  readonly model: string;
  /** The folders of its files below the output folder. */
  readonly place: readonly string[];
  readonly manifest: Manifest;
}

/** One region with its map, picture and model. */
interface Box {
  readonly picture: BoxedPicture;
  readonly map: MapRecord;
  readonly region: Region;
}

const JSON_FORMAT = "gradlens-boxes";
const COCO_DESCRIPTION = "regions of gradlens heat maps";

const COLUMNS: readonly (readonly [name: string, of: (box: Box) => string | number | undefined])[] = [
  // The names of scores.csv.
  ["picture", ({ picture }) => picture.folder],
  ["model", ({ picture }) => picture.model],
  ["picture_width", ({ picture }) => picture.manifest.picture.width],
  ["picture_height", ({ picture }) => picture.manifest.picture.height],
  ["overlay", overlayOf],
  ["method", ({ map }) => map.method],
  ["layers", ({ map }) => map.layers.join(" ")],
  ["class", ({ map }) => map.target.index],
  ["label", ({ map }) => map.target.label],
  ["logit", ({ map }) => map.target.logit],
  ["score", ({ map }) => map.target.score],
  ["threshold", ({ map }) => map.regions!.threshold],
  ["level", ({ map }) => map.regions!.level],
  ["x", ({ region }) => region.box[0]],
  ["y", ({ region }) => region.box[1]],
  ["width", ({ region }) => region.box[2]],
  ["height", ({ region }) => region.box[3]],
  ["area", ({ region }) => region.area],
  ["mean_heat", ({ region }) => region.meanHeat],
  ["max_heat", ({ region }) => region.maxHeat],
  ["peak_x", ({ region }) => region.peak[0]],
  ["peak_y", ({ region }) => region.peak[1]],
];
const HEADER = COLUMNS.map(([name]) => name);

/** By format the end of the file's name, the beginning of every such file, and what makes its text. */
export const BOX_FORMATS = {
  json: { suffix: ".json", mark: `{\n"format": "${JSON_FORMAT}"`, text: plainText },
  coco: { suffix: ".coco.json", mark: `{\n"info": {"description":"${COCO_DESCRIPTION}"`, text: cocoText },
  csv: { suffix: ".csv", mark: csvText([HEADER]), text: tableText },
} as const satisfies Record<BoxFormatName, unknown>;

/** Only regions found with this run's options: a folder may hold those of an earlier run. */
function boxesOf(pictures: readonly BoxedPicture[], { threshold, minArea }: Rendering): Box[] {
  return pictures.flatMap((picture) =>
    picture.manifest.maps
      .filter(({ regions }) => regions?.threshold === threshold && regions?.minArea === minArea)
      .flatMap((map) => map.regions!.found.map((region) => ({ picture, map, region }))),
  );
}

/** The path of a box's overlay, unique among the run's maps. */
function overlayOf({ picture, map }: Box): string {
  return [...picture.place, map.overlay].join("/");
}

function tableText(pictures: readonly BoxedPicture[], rendering: Rendering): string {
  const rows = boxesOf(pictures, rendering).map((box) => COLUMNS.map(([, of]) => String(of(box) ?? "")));
  return csvFile(csvText([HEADER, ...rows]));
}

function plainText(pictures: readonly BoxedPicture[], rendering: Rendering): string {
  const boxes = boxesOf(pictures, rendering).map((box) => {
    const { box: sides, area, meanHeat, maxHeat, peak } = box.region;
    const region = { box: sides, area, meanHeat, maxHeat, peak };
    const { method, layers, target, regions } = box.map;
    const { width, height } = box.picture.manifest.picture;
    const picture = { file: box.picture.file, width, height };
    return { picture, overlay: overlayOf(box), method, layers, target, level: regions!.level, ...region };
  });
  const { threshold, minArea } = rendering;
  return jsonText({ format: JSON_FORMAT, formatVersion: 1, threshold, minArea, boxes });
}

/**
 * COCO's data set format (cocodataset.org, "Data format", object detection): categories are the model's classes by index, `score`
 * is the class's score. Facts that COCO lacks (method, overlay, heat) are added as further keys.
 */
function cocoText(pictures: readonly BoxedPicture[], rendering: Rendering): string {
  const { logits, labels, versions } = pictures[0]!.manifest;
  const annotations = boxesOf(pictures, rendering).map((box, i) => {
    const { box: bbox, area, segmentation, meanHeat, maxHeat, peak } = box.region;
    const { target, method } = box.map;
    return {
      // COCO's own evaluation ignores an annotation with the id 0.
      id: i + 1,
      image_id: box.picture.id,
      category_id: target.index,
      bbox,
      area,
      segmentation,
      iscrowd: 0,
      score: target.score,
      method,
      overlay: overlayOf(box),
      mean_heat: meanHeat,
      max_heat: maxHeat,
      peak,
    };
  });
  return jsonText({
    info: { description: COCO_DESCRIPTION, version: versions["gradlens"] },
    images: pictures.map(({ id, file, manifest: { picture } }) => ({
      id,
      file_name: file,
      width: picture.width,
      height: picture.height,
    })),
    categories: logits.map((_, id) => ({ id, name: labels?.[id] ?? `class ${id}` })),
    annotations,
  });
}

/** An object as JSON with each array entry on its own line. */
function jsonText(value: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(value).map(([key, entry]) => {
    const lines = Array.isArray(entry) ? entry.map((one) => `\n${JSON.stringify(one)}`) : undefined;
    return `${JSON.stringify(key)}: ${lines ? `[${lines.join(",")}\n]` : JSON.stringify(entry)}`;
  });
  return `{\n${entries.join(",\n")}\n}\n`;
}
