/** @file Sorts the files of a folder or glob into pictures and skipped files. */

import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { hasDicomMark } from "../../dicom/recognise.js";
import { PICTURE_HEAD, pictureKind } from "../../picture-file/picture-kinds.js";
import { readHead } from "../terminal/file-errors.js";
import { say, translated } from "../../language/say.js";

/** A skipped file, with the reason in words for one and for several. */
export interface Skipped extends Reason {
  readonly file: string;
}

export interface Reason {
  readonly one: string;
  readonly several: string;
  /** The file is a picture of an unsupported kind. */
  readonly isPicture?: true;
}

/** Recognised by name; their content is checked when they are read. */
const PICTURE_NAME = /\.(png|jpe?g|jpe|jfif?|jif|webp|gif|tiff?|avif|dcm|dicom)$/i;

/** The suffix of a picture's name, in small letters and without its dot; undefined for other names. */
export const pictureSuffix = (name: string): string | undefined =>
  PICTURE_NAME.exec(name)?.[1]?.toLowerCase();

/** Raw pictures of cameras and slides begin as a TIFF, of a small preview. */
const RAW_NAME = /\.(nef|nrw|cr2|dng|arw|sr2|srw|pef|orf|rw2|3fr|iiq|svs|ndpi|scn|lsm)$/i;

/** Other kinds of pictures, which are named when skipped. */
const OTHER_PICTURE = /^an? ((?:\S+ )*(?:picture|sequence|codestream)|icon file|Photoshop file)$/;

const same = (words: string): Reason => ({ one: words, several: words });

const noPicture = (): Reason => ({ one: say`not a picture`, several: say`not pictures` });

/** Every file below a folder, links to files included; hidden ones and folders, and links to folders, are skipped. */
export async function filesBelow(folder: string, skipped: Skipped[]): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const file = join(folder, entry.name);
      const skip = (one: string, several: string): string[] => {
        skipped.push({ file, one, several });
        return [];
      };
      if (entry.isDirectory()) {
        return entry.name.startsWith(".")
          ? skip(say`hidden folder`, say`hidden folders`)
          : filesBelow(file, skipped);
      }
      if (entry.name.startsWith(".")) return skip(say`hidden`, say`hidden`);
      const target = entry.isSymbolicLink() ? await stat(file).catch(() => undefined) : entry;
      if (target?.isFile()) return [file];
      if (target?.isDirectory()) return skip(say`link to a folder`, say`links to folders`);
      return skip(say`no file`, say`no files`);
    }),
  );
  return found.flat();
}

/** Undefined for a picture; else why it is none. By its name, or by its first bytes whatever its name is. */
export async function whyNoPicture(file: string): Promise<Reason | undefined> {
  const name = basename(file);
  if (PICTURE_NAME.test(name)) return undefined;
  if (RAW_NAME.test(name)) return { one: say`raw picture`, several: say`raw pictures`, isPicture: true };
  // It lists the files of a study.
  if (name.toUpperCase() === "DICOMDIR") return noPicture();
  const head = await readHead(file, PICTURE_HEAD).catch(() => undefined);
  if (head === undefined) return same(say`not readable`);
  const found = pictureKind(head);
  // Without its mark a DICOM file is too easily mistaken.
  if ("kind" in found) return found.kind !== "DICOM" || hasDicomMark(head) ? undefined : noPicture();
  const [, kind] = OTHER_PICTURE.exec(found.looksLike) ?? [];
  if (kind === undefined) return noPicture();
  const shown = translated(found.looksLike);
  return shown === found.looksLike
    ? { one: kind, several: `${kind}s`, isPicture: true }
    : { one: shown, several: shown, isPicture: true };
}

/** The most files that are named for one reason. */
const NAMED = 3;

/** "3 skipped: 2 not pictures (a.txt, b.csv), 1 hidden (.c)"; undefined where there are none. */
export function skippedWords(skipped: readonly Skipped[]): string | undefined {
  if (skipped.length === 0) return undefined;
  const groups = new Map<string, Skipped[]>();
  for (const one of skipped) groups.set(one.one, [...(groups.get(one.one) ?? []), one]);
  const words = [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .map((group) => {
      const names = group.map(({ file }) => basename(file)).sort();
      const more = names.length > NAMED ? ", ..." : "";
      const [{ one, several }] = group as [Skipped];
      return `${group.length} ${group.length === 1 ? one : several} (${names.slice(0, NAMED).join(", ")}${more})`;
    });
  const way = skipped.some(({ isPicture }) => isPicture)
    ? say`; pictures of other kinds can be converted to PNG`
    : "";
  return say`${skipped.length} skipped: ${words.join(", ")}${way}`;
}
