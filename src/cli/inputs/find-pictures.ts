/** @file Finds the pictures of --image (files, folders, globs, stdin), and the output folder of each. */

import { stat } from "node:fs/promises";
import { parse, relative, resolve, sep } from "node:path";
import { badArgument, GradlensError } from "../../errors.js";
import { SUPPORTED_PICTURES } from "../../picture-file/picture-kinds.js";
import { fileError, hasSystemCode, noSuchFile } from "../terminal/file-errors.js";
import { filesBelow, pictureSuffix, skippedWords, whyNoPicture, type Skipped } from "./picture-files.js";
import { foldName, NameBook, safeName } from "../../text/safe-names.js";
import { phrase, say, translated } from "../../language/say.js";

export interface Input {
  /** Absolute; undefined: stdin. */
  readonly file?: string;
  /** For messages. */
  readonly shown: string;
  /** Its folder below the output folder, as safe names: none ends in a picture's suffix. */
  readonly folder: readonly string[];
  /** Its name where all results share a folder. */
  readonly flatName: string;
}

const HINT = phrase`--image names a picture, a folder or a glob`;

/** The pictures that are meant, and the skipped files of folders and globs. */
export interface FoundPictures {
  readonly inputs: readonly Input[];
  readonly skipped: readonly Skipped[];
}

/**
 * The pictures that `patterns` mean, each once. Files below `out` in a folder or glob are skipped: results are not
 * explained.
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
      if (stdin) throw badArgument(say`--image - is given twice: stdin holds one picture`);
      stdin = true;
    } else {
      const found = await expand(pattern, cwd, out);
      for (const file of found.pictures) files.add(file);
      for (const one of found.skipped) skipped.push(one);
    }
  }
  const paths = [...files];
  const folders = outputFolders(paths);
  const found = paths.map((file, i) => ({ file, shown: shorter(file, cwd), folder: folders[i]! }));
  const piped = { shown: "stdin", folder: stdinFolder(folders) };
  const book = new NameBook();
  const all: Input[] = (stdin ? [...found, piped] : found).map((input) => ({
    ...input,
    flatName: book.take(safeName(input.folder.join("-"))),
  }));
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
    // An existing path is no glob, even with brackets.
    if (!(await stat(path)).isDirectory()) return { pictures: [path], skipped: [] };
    const skipped: Skipped[] = [];
    const found = await sorted(await filesBelow(path, skipped), skipped, out);
    if (found.pictures.length > 0) return found;
    throw none(say`folder ${pattern} holds no pictures`, found);
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT", "ENOTDIR", "EINVAL"))
      throw fileError(error, say`picture`, pattern, translated(HINT));
  }
  const { glob, isDynamicPattern } = await import("tinyglobby");
  const slashes = sep === "\\" ? pattern.replaceAll("\\", "/") : pattern;
  if (!isDynamicPattern(slashes)) throw await noSuchFile(say`picture`, path, translated(HINT));
  const matched = await glob(slashes, { cwd, absolute: true, expandDirectories: false });
  if (matched.length === 0)
    throw new GradlensError("bad-file", say`picture ${pattern}: nothing matches; ${translated(HINT)}`);
  const found = await sorted(
    matched.map((file) => resolve(file)),
    [],
    out,
  );
  if (found.pictures.length > 0) return found;
  throw none(say`picture ${pattern}: no picture matches`, found);
}

/** Files as pictures and others; `skipped` are others already. */
async function sorted(files: readonly string[], skipped: readonly Skipped[], out: string): Promise<Expanded> {
  const pictures: string[] = [];
  const others = [...skipped];
  // One after the other: the number of open files is limited.
  for (const file of files) {
    const why = isBelow(file, out)
      ? { one: say`result of an earlier run`, several: say`results of earlier runs` }
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
    `${what} (${translated(SUPPORTED_PICTURES)})${words === undefined ? "" : `: ${words}`}; ${translated(HINT)}`,
  );
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** For each file the parts of its path below the folder that all have in common; of one file its name alone. */
function partsBelow(files: readonly string[]): string[][] {
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
  return split.map((parts) => parts.slice(common));
}

/**
 * The folder of each file's results, as its parts. It is the file's path below the folder that all files share, without the
 * picture's suffix. Its names are safe and differ on every file system. Files whose names differ in the suffix alone get it
 * behind a hyphen: `a-png`, `a-jpg`.
 */
export function outputFolders(files: readonly string[]): string[][] {
  const paths = partsBelow(files);
  const names = new Map<string, ReadonlyMap<string, string>>();
  for (const [parent, entries] of entriesOf(paths)) names.set(parent, folderNames(entries));
  return paths.map((parts) =>
    parts.map((part, i) => names.get(JSON.stringify(parts.slice(0, i)))!.get(keyOf(part, i, parts))!),
  );
}

interface Entry {
  /** A safe name without a picture's suffix; what still ends in one has a hyphen in place of the dot. */
  readonly plain: string;
  /** The suffix of a picture; undefined for folders and other files. */
  readonly suffix: string | undefined;
}

function entryOf(name: string, isFile: boolean): Entry {
  const suffix = isFile ? pictureSuffix(name) : undefined;
  const stem = suffix === undefined ? name : name.slice(0, name.lastIndexOf("."));
  const safe = safeName(stem === "" ? name : stem);
  const plain = pictureSuffix(safe) === undefined ? safe : safe.replace(/\.(?=[^.]*$)/, "-");
  return { plain, suffix };
}

const keyOf = (part: string, i: number, parts: readonly string[]): string =>
  `${i === parts.length - 1 ? "file" : "folder"} ${part}`;

/** What lies in each folder, by the parts of its path. */
function entriesOf(paths: readonly (readonly string[])[]): Map<string, Map<string, Entry>> {
  const parents = new Map<string, Map<string, Entry>>();
  for (const parts of paths) {
    for (const [i, name] of parts.entries()) {
      const parent = JSON.stringify(parts.slice(0, i));
      const entries = parents.get(parent) ?? new Map<string, Entry>();
      parents.set(parent, entries.set(keyOf(name, i, parts), entryOf(name, i === parts.length - 1)));
    }
  }
  return parents;
}

/** A name for each entry of a folder. */
function folderNames(entries: ReadonlyMap<string, Entry>): Map<string, string> {
  const suffixes = new Map<string, Set<string | undefined>>();
  for (const { plain, suffix } of entries.values()) {
    const name = foldName(plain);
    suffixes.set(name, (suffixes.get(name) ?? new Set()).add(suffix));
  }
  const book = new NameBook();
  return new Map(
    [...entries].map(([key, { plain, suffix }]) => {
      const isShared = suffix !== undefined && suffixes.get(foldName(plain))!.size > 1;
      return [key, book.take(isShared ? `${plain}-${suffix}` : plain)];
    }),
  );
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
