/** @file Which pictures are meant: files, folders, globs and stdin, and the folder in the output that each one gets. */

import type { Dirent } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, join, parse, relative, resolve, sep } from "node:path";
import { DICOM_HEAD, hasDicomMark } from "../../dicom/recognise.js";
import { GradlensError } from "../../errors.js";
import { SUPPORTED_PICTURES } from "../../node/picture-kinds.js";
import { fileError, hasCode, noSuchFile } from "./files.js";
import { NameBook, safeName } from "../results/names.js";

export interface Input {
  /** Absolute; undefined: stdin. */
  readonly file?: string;
  /** For messages. */
  readonly shown: string;
  /** Its folder below the output folder, as safe names. */
  readonly folder: readonly string[];
}

/** Which files of a folder or glob are taken; what a file holds decides in the end. */
const PICTURE_NAME = /\.(png|jpe?g|webp|tiff?|dcm|dicom)$/i;

/** DICOM files often have no ending, or a UID for a name: such files are looked into. */
const MAYBE_DICOM = /^(?!DICOMDIR$)(?:[^.]+|[\d.]+|.+\.ima)$/i;
const WAY = "--image names a picture, a folder or a glob";

/**
 * The pictures that `patterns` mean, each once. Files below `out` are left aside where a folder or glob holds them:
 * results are not pictures to explain. Throws `bad-file` for what is not there, `bad-argument` for stdin twice.
 */
export async function findInputs(patterns: readonly string[], cwd: string, out: string): Promise<Input[]> {
  const files = new Set<string>();
  let stdin = false;
  for (const pattern of patterns) {
    if (pattern === "-") {
      if (stdin) throw new GradlensError("bad-argument", "--image - is given twice: stdin holds one picture");
      stdin = true;
    } else for (const file of await expand(pattern, cwd, out)) files.add(file);
  }
  const paths = [...files];
  const folders = outputFolders(paths);
  const inputs: Input[] = paths.map((file, i) => ({ file, shown: shorter(file, cwd), folder: folders[i]! }));
  return stdin ? [...inputs, { shown: "stdin", folder: stdinFolder(folders) }] : inputs;
}

async function expand(pattern: string, cwd: string, out: string): Promise<string[]> {
  const path = resolve(cwd, pattern);
  const picturesOf = async (files: readonly string[]): Promise<string[]> => {
    const pictures: string[] = [];
    // One after the other: a system allows a process only so many open files.
    for (const file of files) if (!isBelow(file, out) && (await isPicture(file))) pictures.push(file);
    return pictures.sort();
  };
  try {
    // A path that exists is meant as it stands, brackets and all.
    if (!(await stat(path)).isDirectory()) return [path];
    const found = await picturesOf(await filesBelow(path));
    if (found.length > 0) return found;
    throw new GradlensError(
      "bad-file",
      `folder ${pattern} holds no pictures (${SUPPORTED_PICTURES}); ${WAY}`,
    );
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR", "EINVAL")) throw fileError(error, "picture", pattern, WAY);
  }
  const { glob, isDynamicPattern } = await import("tinyglobby");
  const slashes = sep === "\\" ? pattern.replaceAll("\\", "/") : pattern;
  if (!isDynamicPattern(slashes)) throw await noSuchFile("picture", path, WAY);
  const found = (await glob(slashes, { cwd, absolute: true, expandDirectories: false })).map((file) =>
    resolve(file),
  );
  const pictures = await picturesOf(found);
  if (pictures.length > 0) return pictures;
  const but = found.length > 0 ? ` (${found.length} files match, none of them ${SUPPORTED_PICTURES})` : "";
  throw new GradlensError("bad-file", `picture ${pattern}: nothing matches${but}; ${WAY}`);
}

/** Every file below a folder, links to files included, hidden folders not. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith(".") ? [] : filesBelow(path);
      return (await isFile(entry, path)) ? [path] : [];
    }),
  );
  return found.flat();
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = await stat(path).catch(() => undefined);
  return target?.isFile() ?? false;
}

/** By its name, or by DICOM's mark in the file. What cannot be read is no picture. */
async function isPicture(file: string): Promise<boolean> {
  if (PICTURE_NAME.test(file)) return true;
  if (!MAYBE_DICOM.test(basename(file))) return false;
  try {
    const handle = await open(file);
    try {
      const head = new Uint8Array(DICOM_HEAD);
      await handle.read(head, 0, DICOM_HEAD, 0);
      return hasDicomMark(head);
    } finally {
      await handle.close();
    }
  } catch {
    return false;
  }
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/**
 * For each file its path below the folder that all have in common, as names that are safe and tell files apart on every
 * file system. One file gives its name alone.
 */
export function outputFolders(files: readonly string[]): string[][] {
  const split = files.map((file) => {
    const { root } = parse(file);
    return [root, ...relative(root, file).split(sep)];
  });
  const first = split[0] ?? [];
  let common = 0;
  while (split.every((parts) => common < parts.length - 1 && parts[common] === first[common])) {
    common++;
    if (common >= first.length) break;
  }
  const books = new Map<string, { book: NameBook; names: Map<string, string> }>();
  return split.map((parts) => {
    const folder: string[] = [];
    for (const part of parts.slice(common)) {
      const parent = folder.join("/");
      if (!books.has(parent)) books.set(parent, { book: new NameBook(), names: new Map() });
      const { book, names } = books.get(parent)!;
      if (!names.has(part)) names.set(part, book.take(safeName(part)));
      folder.push(names.get(part)!);
    }
    return folder;
  });
}

function stdinFolder(others: readonly (readonly string[])[]): string[] {
  const book = new NameBook();
  for (const first of new Set(others.map((folder) => folder[0]!))) book.take(first);
  return [book.take("stdin")];
}

function shorter(file: string, cwd: string): string {
  const below = relative(cwd, file);
  return below.length < file.length && !below.startsWith(`..${sep}..${sep}`) ? below : file;
}
