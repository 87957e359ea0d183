/** Whether node_modules holds what the lock file asks for. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** npm leaves it when an install is complete. */
const hiddenLock = (root) => join(root, "node_modules", ".package-lock.json");

/** Compares the lock file with npm's own list, and that with the folders that are there. */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const found = packagesOf(hiddenLock(root));
  if (wanted === undefined || found === undefined) return false;
  const known = Object.entries(found).every(([path, { version }]) => wanted[path]?.version === version);
  const all = Object.entries(wanted).every(([path, { optional }]) => path === "" || optional || found[path]);
  return known && all && foldersAreThere(root, found);
}

/** The quick part: npm finished, and no package's folder is missing. */
export function hasModules(root) {
  const found = packagesOf(hiddenLock(root));
  return found !== undefined && foldersAreThere(root, found);
}

/** So that the next look finds an install incomplete. */
export function distrustModules(root) {
  rmSync(hiddenLock(root), { force: true });
}

const foldersAreThere = (root, packages) =>
  Object.keys(packages).every((path) => path === "" || existsSync(join(root, path, "package.json")));

function packagesOf(lock) {
  try {
    return JSON.parse(readFileSync(lock, "utf8")).packages;
  } catch {
    return undefined; // missing, or cut off
  }
}
