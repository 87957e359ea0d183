/** @file Reads a user's text file in any encoding that is recognised. */

import { decodeAnyText, type Decoded } from "../../text/decode.js";
import { readBounded } from "../terminal/file-errors.js";
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

/** What the user should know of a file's encoding; undefined for plain UTF-8. */
export const encodingNote = (
  { what, named }: Omit<TextFile, "path">,
  { encoding }: Decoded,
): string | undefined => (encoding === undefined ? undefined : say`${what} ${named} is read as ${encoding}`);
