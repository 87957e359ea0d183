/** @file Removes leftovers of killed processes from a folder of results. */
import { removeDeadLocks } from "./lock.js";
import { removeUnfinished } from "./owner.js";

/** Keeps the files of processes that still run. */
export async function removeLeftovers(folder: string): Promise<void> {
  removeUnfinished(folder);
  await removeDeadLocks(folder).catch(() => undefined); // harmless; the next run tries again
}
