/** @file Where gradlens keeps what it has fetched once. */
import { accessSync, constants, lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { GradlensError } from "../../errors.js";

/**
 * Folders to look in, best first: GRADLENS_CACHE alone where it is set, else XDG_CACHE_HOME or ~/.cache, else one in the
 * system's temporary folder that is this user's own.
 */
export function cacheFolders(env = process.env): string[] {
  if (env.GRADLENS_CACHE) return [env.GRADLENS_CACHE];
  const xdg = env.XDG_CACHE_HOME;
  const home = homedir();
  const base = xdg && isAbsolute(xdg) ? xdg : isAbsolute(home) ? join(home, ".cache") : undefined;
  return [...(base === undefined ? [] : [join(base, "gradlens")]), join(tmpdir(), `gradlens-${userId()}`)];
}

/** The first cache folder that can be written to; made where it is missing. @throws GradlensError `bad-file` */
export function writableCacheFolder(folders = cacheFolders()): string {
  const found = folders.find(isOurs);
  if (found !== undefined) return found;
  throw new GradlensError(
    "bad-file",
    `cannot write to a cache folder (tried ${folders.join(", ")}); set GRADLENS_CACHE to one that is yours`,
  );
}

/** Programs are loaded from the folder, so one that others may write to (in /tmp, say) is not used. */
function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch {
    return false;
  }
  if (!folder.startsWith(tmpdir()) || process.platform === "win32") return true;
  const stat = lstatSync(folder);
  return stat.isDirectory() && stat.uid === userId() && (stat.mode & 0o022) === 0;
}

function userId(): number | string {
  return process.getuid?.() ?? userInfo().username;
}
