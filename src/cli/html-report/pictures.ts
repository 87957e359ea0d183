/** @file The pictures of a report's entry: originals, and maps as small grey PNGs. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fitPicture } from "../../image/fit-picture.js";
import type { Picture } from "../../image/picture.js";
import { greyThumbnail, thumbnail } from "../../node/thumbnails.js";
import type { ReportPicture, ReportPictures } from "../../report/data.js";
import { orFileError } from "../terminal/file-errors.js";
import type { Manifest, MapRecord } from "../../results/manifest.js";
import type { FolderOfResults } from "./entries.js";
import type { FindPicture } from "./find-picture.js";
import { say } from "../../language/say.js";

/** Longest sides in pixels. A map of a layer has at most some dozen cells a side. */
const PICTURE_SIDE = 480;
const MAP_SIDE = 192;

const dataUrl = (type: "png" | "jpeg", bytes: Uint8Array): string =>
  `data:image/${type};base64,${Buffer.from(bytes).toString("base64")}`;

/** @throws GradlensError "bad-file", "bad-picture" */
export async function picturesOf(
  { dir, manifest }: FolderOfResults,
  findPicture: FindPicture,
): Promise<ReportPictures> {
  // Saved overlays need no original, which may be large and far away.
  let found: Promise<Picture | undefined> | undefined;
  const grounds: string[] = [];
  const places = new Map<string, number>();
  const groundOf = async ({ rendering }: MapRecord): Promise<number | undefined> => {
    const known = places.get(rendering.overlaySize);
    if (known !== undefined) return known;
    const original = await (found ??= findPicture(manifest.picture));
    if (original === undefined) return undefined;
    const ground = rendering.overlaySize === "input" ? inputOf(original, manifest) : original;
    const place = grounds.push(dataUrl("jpeg", await thumbnail(ground, PICTURE_SIDE))) - 1;
    places.set(rendering.overlaySize, place);
    return place;
  };
  const maps: ReportPicture[] = [];
  for (const map of manifest.maps) maps.push(await pictureOf(dir, map, groundOf));
  return { grounds, maps };
}

async function pictureOf(
  dir: string,
  map: MapRecord,
  groundOf: (map: MapRecord) => Promise<number | undefined>,
): Promise<ReportPicture> {
  if (map.heat === undefined) {
    const overlay = await readBytes(join(dir, map.overlay));
    return { kind: "overlay", url: dataUrl("jpeg", await thumbnail(overlay, PICTURE_SIDE)) };
  }
  const heat = await readBytes(join(dir, map.heat));
  const ground = await groundOf(map);
  return {
    kind: "map",
    url: dataUrl("png", await greyThumbnail(heat, MAP_SIDE)),
    ...(ground !== undefined && { ground }),
  };
}

/** What the model saw of a picture. */
function inputOf(picture: Picture, { preprocessing }: Manifest): Picture {
  const [height, width] = preprocessing.size;
  return fitPicture(picture, { width, height }, preprocessing);
}

function readBytes(path: string): Promise<Uint8Array> {
  const way = say`run the same cam command again: it makes what is missing`;
  return orFileError(readFile(path), say`picture of a map`, path, way);
}
