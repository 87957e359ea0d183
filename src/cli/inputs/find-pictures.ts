/** @file Finds the pictures of --image (files, folders, globs, stdin), and the output folder of each. */

import { stat } from "node:fs/promises";
import { parse, relative, resolve, sep } from "node:path";
import { GradlensError } from "../../errors.js";
import { SUPPORTED_PICTURES } from "../../picture-file/picture-kinds.js";
import { fileError, hasCode, noSuchFile } from "../terminal/file-errors.js";
import { filesBelow, skippedWords, whyNoPicture, type Skipped } from "./picture-files.js";
import { NameBook, safeName } from "../../text/safe-names.js";

export interface Input {
  /** Absolute; undefined: stdin. */
  readonly file?: string;
  /** For messages. */
  readonly shown: string;
  /** Its folder below the output folder, as safe names. */
  readonly folder: readonly string[];
}

const HINT = "--image names a picture, a folder or a glob";

/** The pictures meant, and the files of folders and globs that are none. */
export interface FoundPictures {
  readonly inputs: readonly Input[];
  readonly skipped: readonly Skipped[];
}

/**
 * The pictures that `patterns` mean, each once. Files below `out` are left aside where a folder or glob holds them:
 * results are not pictures to explain.
 * @throws GradlensError "bad-file" for what is not there, `bad-argument` for stdin twice
 */
export async function findInputs(
  patterns: readonly string[],
  cwd: string,
  out: string,
): Promise<FoundPictures> {
  const files = new Set<string>();
  const skipped: Skipped[] = [];
  let stdin = false;
  for (const pattern of patterns) {
    if (pattern === "-") {
      if (stdin) throw new GradlensError("bad-argument", "--image - is given twice: stdin holds one picture");
      stdin = true;
    } else {
      const found = await expand(pattern, cwd, out);
      for (const file of found.pictures) files.add(file);
      for (const one of found.skipped) skipped.push(one);
    }
  }
  const paths = [...files];
  const folders = outputFolders(paths);
  const inputs: Input[] = paths.map((file, i) => ({ file, shown: shorter(file, cwd), folder: folders[i]! }));
  const all = stdin ? [...inputs, { shown: "stdin", folder: stdinFolder(folders) }] : inputs;
  const unlike = new Map(skipped.filter(({ file }) => !files.has(file)).map((one) => [one.file, one]));
  return { inputs: all, skipped: [...unlike.values()] };
}

interface Expanded {
  readonly pictures: readonly string[];
  readonly skipped: readonly Skipped[];
}

async function expand(pattern: string, cwd: string, out: string): Promise<Expanded> {
  const path = resolve(cwd, pattern);
  try {
    // A path that exists is meant as it stands, brackets and all.
    if (!(await stat(path)).isDirectory()) return { pictures: [path], skipped: [] };
    const skipped: Skipped[] = [];
    const found = await sorted(await filesBelow(path, skipped), skipped, out);
    if (found.pictures.length > 0) return found;
    throw none(`folder ${pattern} holds no pictures`, found);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR", "EINVAL")) throw fileError(error, "picture", pattern, HINT);
  }
  const { glob, isDynamicPattern } = await import("tinyglobby");
  const slashes = sep === "\\" ? pattern.replaceAll("\\", "/") : pattern;
  if (!isDynamicPattern(slashes)) throw await noSuchFile("picture", path, HINT);
  const matched = await glob(slashes, { cwd, absolute: true, expandDirectories: false });
  if (matched.length === 0)
    throw new GradlensError("bad-file", `picture ${pattern}: nothing matches; ${HINT}`);
  const found = await sorted(
    matched.map((file) => resolve(file)),
    [],
    out,
  );
  if (found.pictures.length > 0) return found;
  throw none(`picture ${pattern}: no picture matches`, found);
}

/** Files as pictures and others; `skipped` are others already. */
async function sorted(files: readonly string[], skipped: readonly Skipped[], out: string): Promise<Expanded> {
  const pictures: string[] = [];
  const others = [...skipped];
  // One after the other: the number of open files is limited.
  for (const file of files) {
    const why = isBelow(file, out)
      ? { one: "result of an earlier run", several: "results of earlier runs" }
      : await whyNoPicture(file);
    if (why === undefined) pictures.push(file);
    else others.push({ file, ...why });
  }
  return { pictures: pictures.sort(), skipped: others };
}

function none(what: string, { skipped }: Expanded): GradlensError {
  const words = skippedWords(skipped);
  return new GradlensError(
    "bad-file",
    `${what} (${SUPPORTED_PICTURES})${words === undefined ? "" : `: ${words}`}; ${HINT}`,
  );
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
