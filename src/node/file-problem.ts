/** @file Words for the operating system's file errors. */

import { phrase, translated } from "../language/say.js";

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: phrase`no such file or folder`,
  EISDIR: phrase`this is a folder, not a file`,
  ENOTDIR: phrase`a part of this path is a file, not a folder`,
  EACCES: phrase`permission denied`,
  EPERM: phrase`the operation is not permitted`,
  EROFS: phrase`the file system is read-only`,
  ENOSPC: phrase`the disk is full`,
  EDQUOT: phrase`the disk quota is used up`,
  EEXIST: phrase`it exists already`,
  ENAMETOOLONG: phrase`the name is too long for this file system`,
  EMFILE: phrase`too many files are open`,
  ELOOP: phrase`symbolic links lead round in a circle`,
  EBUSY: phrase`it is in use`,
  ERR_FS_FILE_TOO_LARGE: phrase`the file is too large`,
  ERR_INVALID_ARG_VALUE: phrase`the path holds characters that no path may hold`,
};

/** The error of node:fs in a few words, without its path. */
export function fileProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : WORDS[code];
  return words === undefined ? (message || String(error)).split("\n")[0]! : translated(words);
}
