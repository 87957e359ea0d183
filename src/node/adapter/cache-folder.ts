/** @file The folder for fetched files, and the check that programs may be loaded from it. */
import { accessSync, constants, lstatSync, readFileSync, realpathSync, type Stats } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { GradlensError } from "../../errors.js";
import { attempt } from "../attempt.js";
import { fileProblem } from "../file-problem.js";
import { makeFolders } from "../folders.js";
import { say } from "../../language/say.js";

/**
 * Candidate folders, best first: GRADLENS_CACHE alone if it is set. Otherwise XDG_CACHE_HOME or ~/.cache, then the system's
 * temporary folder.
 */
export function cacheFolders(env = process.env): string[] {
  if (env.GRADLENS_CACHE) return [resolve(env.GRADLENS_CACHE)];
  const xdg = env.XDG_CACHE_HOME;
  const home = homedir();
  const user = process.getuid?.() ?? userInfo().username;
  const base = xdg && isAbsolute(xdg) ? xdg : isAbsolute(home) ? join(home, ".cache") : undefined;
  return [...(base === undefined ? [] : [join(base, "gradlens")]), join(tmpdir(), `gradlens-${user}`)];
}

/** The first cache folder that is writable and private; made where it is missing. @throws GradlensError "bad-file" */
export function writableCacheFolder(folders = cacheFolders()): string {
  const problems: string[] = [];
  for (const folder of folders) {
    const problem = unusable(folder);
    if (problem === undefined) return folder;
    problems.push(`${folder}: ${problem}`);
  }
  throw new GradlensError(
    "bad-file",
    say`no cache folder can be used (${problems.join("; ")}); set GRADLENS_CACHE to a folder that only you can write to`,
  );
}

/** Makes the folder. Returns the reason if it is unusable. */
function unusable(folder: string): string | undefined {
  const exposed = exposure(folder);
  if (exposed !== undefined) return exposed;
  try {
    makeFolders(folder, 0o700);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    return fileProblem(error);
  }
  return exposure(folder);
}

/**
 * Names another user who could put programs into a folder; undefined if nobody could. The user must own the folder, and the user
 * or root everything above it, writable by nobody else. Folders that do not exist yet are skipped.
 */
export function exposure(folder: string, me = process.getuid?.()): string | undefined {
  if (me === undefined) return undefined; // Windows: a user's own folders are private there
  const trusted = new Set([me, 0, lstatSync("/").uid]);
  const real = attempt(() => realpathSync(folder)) ?? folder;
  for (const path of new Set([...chainOf(folder), ...chainOf(real)])) {
    const stat = attempt(() => lstatSync(path));
    // It does not exist, or this user cannot see it.
    if (stat === undefined) continue;
    const isLeaf = path === real;
    if (isLeaf ? stat.uid !== me : !trusted.has(stat.uid)) return say`${path} belongs to another user`;
    if (!stat.isSymbolicLink() && othersMayWrite(stat, isLeaf)) return say`other users may write to ${path}`;
  }
  return undefined;
}

function chainOf(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...chainOf(parent), path];
}

/** In a sticky folder such as /tmp, others may add entries but not replace this user's. */
function othersMayWrite({ mode, gid }: Stats, isLeaf: boolean): boolean {
  if (!isLeaf && (mode & 0o1000) !== 0) return false;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && !isOwnGroup(gid));
}

/** Many systems give each user a group of one, with write access to the user's folders. */
function isOwnGroup(gid: number): boolean {
  try {
    const { username } = userInfo();
    const groups = readFileSync("/etc/group", "utf8").split("\n");
    const [name, , , members = ""] =
      groups.map((line) => line.split(":")).find(([, , id]) => id === String(gid)) ?? [];
    return name === username && members.split(",").every((member) => member === "" || member === username);
  } catch {
    return false;
  }
}
