/** @file Reads a user's text file in any encoding that is recognised. */

import { decodeAnyText, type Decoded } from "../../text/decode.js";
import { orFileError, readBounded } from "../terminal/file-errors.js";
import { say } from "../../language/say.js";

/** A file of texts, as a message names it: "labels" and the path that was typed. */
export interface TextFile {
  readonly what: string;
  readonly named: string;
  readonly path: string;
}

/**
 * The text of a file.
 * @throws what the file system says, or GradlensError "bad-file" for more than `most` bytes and for other encodings
 */
export async function readAnyText({ what, named, path }: TextFile, most: number): Promise<Decoded> {
  return decodeAnyText(await readBounded(path, most), `${what} ${named}`);
}

/**
 * The same, with what the user should know of the file's encoding; undefined for plain UTF-8.
 * @param way how to name another file
 * @throws GradlensError "bad-file"
 */
export async function readNotedText(
  file: TextFile,
  most: number,
  way: string,
): Promise<{ readonly text: string; readonly note: string | undefined }> {
  const { what, named } = file;
  const { text, encoding } = await orFileError(readAnyText(file, most), what, named, way);
  return { text, note: encoding === undefined ? undefined : say`${what} ${named} is read as ${encoding}` };
}
