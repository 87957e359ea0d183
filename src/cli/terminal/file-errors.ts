/** @file Turns errors of the file system into GradlensErrors, and paths into words for messages. */

import { createReadStream } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { basename, dirname, relative } from "node:path";
import { GradlensError } from "../../errors.js";
import { fileProblem } from "../../node/file-problem.js";
import { suggestion } from "../../models/nearest.js";
import { say } from "../../language/say.js";

export function hasSystemCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(error.code as string);
}

/**
 * A file system's error as ours; `what` says what the path is ("weights", "the output folder"), `way` the way out.
 * A GradlensError passes through. Any other error is reported as a bug in gradlens.
 */
export function fileError(error: unknown, what: string, path: string, way: string): GradlensError {
  if (error instanceof GradlensError) return error;
  const ofSystem = error instanceof Error && "code" in error;
  if (!ofSystem) return new GradlensError("internal", `${what} ${path}: ${String(error)}`, { cause: error });
  return new GradlensError("bad-file", `${what} ${path}: ${fileProblem(error)}; ${way}`, { cause: error });
}

/** What the promise gives; its error as `fileError`. */
export const orFileError = <T>(promise: Promise<T>, what: string, path: string, way: string): Promise<T> =>
  promise.catch((error: unknown) => {
    throw fileError(error, what, path, way);
  });

/**
 * A small text file. Pipes and devices have no size: bytes are counted as they come.
 * @throws GradlensError "bad-file" for more than `most` bytes, or the file system's error
 */
export const readText = async (path: string, most: number): Promise<string> =>
  Buffer.from(await readBounded(path, most)).toString("utf8");

/**
 * The bytes of a file.
 * @throws GradlensError "bad-file" where they are more than `most`
 */
export async function readBounded(path: string, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > most)
      throw new GradlensError("bad-file", say`${path} has more than ${most} bytes: it is not such a file`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The first bytes of a file, at most `most`. @throws the file system's error */
export async function readHead(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(most), 0, most, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** "No such file" for a path that was typed, with the nearest name in its folder; `way` says how to name another. */
export async function noSuchFile(what: string, path: string, way: string): Promise<GradlensError> {
  const folder = dirname(path);
  const bad = (problem: string, hint = ""): GradlensError =>
    new GradlensError("bad-file", `${what} ${path}: ${problem}${hint || `; ${way}`}`);
  try {
    return bad(say`no such file or folder`, suggestion(basename(path), await readdir(folder)));
  } catch (error) {
    return bad(
      hasSystemCode(error, "ENOTDIR")
        ? say`${folder} is a file, not a folder`
        : say`the folder ${folder} does not exist`,
    );
  }
}

/** A path for messages: from where the user is, where that is shorter. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short !== "" && short.length < path.length ? short : path;
}
