/** @file Words for the operating system's file errors. */

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EISDIR: "this is a folder, not a file",
  ENOTDIR: "a part of this path is a file, not a folder",
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
  ENAMETOOLONG: "the name is too long for this file system",
  EMFILE: "too many files are open",
  ELOOP: "symbolic links lead round in a circle",
  EBUSY: "it is in use",
  ERR_FS_FILE_TOO_LARGE: "the file is too large",
  ERR_INVALID_ARG_VALUE: "the path holds characters that no path may hold",
};

/** The error of node:fs in a few words, without its path. */
export function fileProblem(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && WORDS[code]) || (message || String(error)).split("\n")[0]!;
}
