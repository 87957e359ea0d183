/** @file Reads boxes that people drew: NIH's BBox_List_2017.csv, a CSV of image, label, x, y, width and height, or COCO's JSON. */

import { GradlensError, shortened } from "../../errors.js";
import type { Size } from "../../image/picture.js";
import type { Box } from "../../image/rle.js";
import { isRecord, parseJsonText } from "../../text/json.js";
import { parseCsv } from "../text/csv.js";
import { phrase, say, translated } from "../../language/say.js";

/** One box, in the pixels of the original picture. */
export interface TruthBox {
  /** The picture's file, with or without folders. */
  readonly image: string;
  readonly label: string;
  readonly box: Box;
  /** The picture's size, where the file says it. */
  readonly of?: Size;
}

type Bad = (problem: string) => GradlensError;

/** The columns of a table; each has these names, in any order. */
const COLUMNS = ["image", "label", "x", "y", "width", "height"] as const;

/**
 * The heads of known tables, in small letters, up to the box. NIH's names the box's numbers in one field that holds commas and
 * no quotes, so that its cells are "Bbox [x", "y", "w" and "h]".
 */
const NIH_HEAD = ["image index", "finding label", "bbox [x", "y", "w", "h]"];

const FORMS = phrase`give NIH's BBox_List_2017.csv, a CSV with the columns image,label,x,y,width,height, or COCO's JSON`;

/**
 * The boxes of a file's text, in its order. COCO's boxes of crowds are left out.
 * @throws GradlensError "bad-file"
 */
export function parseTruth(text: string, file: string): TruthBox[] {
  const bad: Bad = (problem) => new GradlensError("bad-file", say`truth ${file}: ${problem}`);
  const plain = text.replace(/^\uFEFF/, "").trimStart();
  return plain.startsWith("{") ? fromCoco(plain, bad) : fromTable(plain, bad);
}

function fromTable(text: string, bad: Bad): TruthBox[] {
  const [head = [], ...rows] = parseCsv(text) ?? [];
  const names = head.map((name) => name.trim().toLowerCase());
  const isNih = NIH_HEAD.every((name, i) => names[i] === name);
  const places = isNih ? COLUMNS.map((_, i) => i) : COLUMNS.map((name) => names.indexOf(name));
  const missing = COLUMNS.filter((_, i) => places[i]! < 0);
  if (missing.length > 0)
    throw bad(say`its first line has no column ${missing.join(", ")}; ${translated(FORMS)}`);
  return rows.flatMap((row, i) => {
    if (row.every((cell) => cell.trim() === "")) return [];
    const [image, label, ...numbers] = places.map((place) => row[place]?.trim() ?? "");
    if (image === "" || label === "")
      throw bad(say`line ${i + 2} has no ${image === "" ? "image" : "label"}`);
    return [{ image: image!, label: label!, box: boxOf(numbers.map(numberOf), say`line ${i + 2}`, bad) }];
  });
}

const numberOf = (text: string): number => (text === "" ? NaN : Number(text));

/** @throws GradlensError "bad-file" unless four numbers are a box with an area */
function boxOf(numbers: readonly unknown[], place: string, bad: Bad): Box {
  const [x, y, width, height] = numbers as Box;
  const isBox = numbers.length === 4 && numbers.every((value) => Number.isFinite(value));
  if (isBox && width > 0 && height > 0) return [x, y, width, height];
  throw bad(
    say`${place}: ${shortened(numbers.join(","))} is not a box: give x, y, width and height, the last two above 0`,
  );
}

/** COCO's data set format (cocodataset.org, "Data format", object detection). */
function fromCoco(text: string, bad: Bad): TruthBox[] {
  const file = parseJsonText(text, (why) => bad(say`not valid JSON (${why})`));
  const list = (key: string): Record<string, unknown>[] => {
    const value = isRecord(file) ? file[key] : undefined;
    if (Array.isArray(value) && value.every(isRecord)) return value;
    throw bad(say`it has no list "${key}"; ${translated(FORMS)}`);
  };
  const byId = (key: string): Map<unknown, Record<string, unknown>> =>
    new Map(list(key).map((one) => [one["id"], one]));
  const [images, categories] = [byId("images"), byId("categories")];
  return list("annotations").flatMap((annotation, i): TruthBox[] => {
    if (annotation["iscrowd"] === 1) return [];
    const place = say`annotation ${i + 1}`;
    const image = images.get(annotation["image_id"]);
    const name = image?.["file_name"];
    const label = categories.get(annotation["category_id"])?.["name"];
    if (typeof name !== "string")
      throw bad(say`${place}: no image has the id ${String(annotation["image_id"])}`);
    if (typeof label !== "string")
      throw bad(say`${place}: no category has the id ${String(annotation["category_id"])}`);
    const { bbox } = annotation;
    const box = boxOf(Array.isArray(bbox) ? bbox : [], place, bad);
    const [width, height] = [image!["width"], image!["height"]];
    const size = typeof width === "number" && typeof height === "number" && { of: { width, height } };
    return [{ image: name, label, box, ...size }];
  });
}
