/** @file Finds the original pictures of results again, by their content among given files. */

import { readFile } from "node:fs/promises";
import type { UsedWindow } from "../../dicom/options.js";
import type { Picture } from "../../image/picture.js";
import { readPicture, type ReadPictureOptions } from "../../node/read-picture.js";
import type { Manifest } from "../../results/manifest.js";
import { hasSystemCode } from "../terminal/file-errors.js";
import { hashBytes } from "../inputs/weights.js";

type PictureRecord = Manifest["picture"];

/** The original picture of results, in the view that they are of; undefined where it is not known. */
export type FindPicture = (record: PictureRecord) => Promise<Picture | undefined>;

/** Finds pictures among files, by their content. */
export function pictureFinder(files: readonly string[]): FindPicture {
  let byHash: Promise<ReadonlyMap<string, string>> | undefined;
  return async (record) => {
    const file = (await (byHash ??= hashesOf(files))).get(record.sha256);
    const bytes = file === undefined ? undefined : await bytesOf(file);
    return bytes && readPicture(bytes, { ...viewOf(record), name: record.file ?? "stdin" });
  };
}

async function hashesOf(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const byHash = new Map<string, string>();
  for (const file of files) {
    const bytes = await bytesOf(file);
    if (bytes) byHash.set(hashBytes(bytes), file);
  }
  return byHash;
}

/** Undefined for a file that is gone or cannot be read. */
async function bytesOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasSystemCode(error, "ENOENT", "ENOTDIR", "EACCES", "EISDIR")) return undefined;
    throw error;
  }
}

/** The frame and the window of a record, as options. Windows of the file itself are found there again. */
function viewOf({ dicom, sixteenBits }: PictureRecord): ReadPictureOptions {
  const window: UsedWindow | undefined = dicom?.window ?? sixteenBits?.window;
  const asked = window?.from === "option" ? window : undefined;
  return {
    ...(dicom && { frame: dicom.frame }),
    ...(asked && { window: { center: asked.center, width: asked.width } }),
  };
}
