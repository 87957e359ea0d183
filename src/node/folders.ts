/** @file Makes folders one by one, because mkdir's own recursion never ends where a folder cannot be made, as in /proc. */

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** The missing folders of this path, the innermost first. */
export function missingFolders(folder: string): string[] {
  const missing: string[] = [];
  const isMissing = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) === undefined;
  for (let path = folder; isMissing(path) && path !== dirname(path); path = dirname(path)) missing.push(path);
  return missing;
}

/** Makes a folder and its missing parents, with the permissions `mode`. @throws the file system's error. */
export function makeFolders(folder: string, mode = 0o777): void {
  for (const path of missingFolders(folder).reverse()) {
    try {
      mkdirSync(path, mode);
    } catch (error) {
      // Another process made it just now.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
