/** @file Fetches a package's archive with the user's npm, whose registry, proxy and credentials apply. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GradlensError } from "../../errors.js";
import { attempt } from "../attempt.js";
import { say } from "../../language/say.js";

export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** In the format of lock files: `sha512-` and base64. */
  readonly integrity: string;
}

/**
 * The package's .tgz, with its integrity checked. npm writes to `folder`, which must be empty.
 * @throws GradlensError "bad-file" if npm cannot fetch it or its integrity differs, "aborted" by the signal
 */
export async function fetchPackage(
  { name, version, integrity }: PinnedPackage,
  folder: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const spec = `${name}@${version}`;
  const args = ["pack", spec, "--pack-destination", folder, "--loglevel=error", "--fetch-retries=1"];
  // npm keeps its cache below the home folder and fails if it cannot write there.
  if (!isWritable(homedir())) args.push("--cache", join(folder, "npm-cache"));
  try {
    // Windows finds npm.cmd only through its shell; every argument but `folder` is a constant.
    // npm reads the user's settings, but not those of the current folder.
    await promisify(execFile)("npm", args, {
      cwd: folder,
      ...(signal && { signal }),
      shell: process.platform === "win32",
    });
  } catch (error) {
    if (signal?.aborted)
      throw new GradlensError("aborted", say`fetching ${spec} was aborted`, { cause: error });
    throw new GradlensError("bad-file", say`npm could not fetch ${spec}: ${reason(error)}`, { cause: error });
  }
  const archive = (await readdir(folder)).find((file) => file.endsWith(".tgz"));
  if (archive === undefined)
    throw new GradlensError("bad-file", say`npm pack ${spec} left no archive in ${folder}`);
  const bytes = await readFile(join(folder, archive));
  const found = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  if (found !== integrity) {
    const message = say`${spec} from the npm registry has the integrity ${found}, not the expected ${integrity}`;
    throw new GradlensError("bad-file", message);
  }
  return bytes;
}

const isWritable = (path: string): boolean =>
  attempt(() => {
    accessSync(path, constants.W_OK);
    return true;
  }) ?? false;

/** npm's own reason in one line. */
function reason(error: unknown): string {
  const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
  if (code === "ENOENT") return say`npm is not on the PATH`;
  const lines = stderr.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  const telling = lines.filter((line) => line !== "" && !/^(code|errno|syscall|A complete log)\b/.test(line));
  return (telling[0] ?? String(error)).slice(0, 300);
}
