/** @file Removes what killed processes left in a folder of results. */
import { removeDeadLocks } from "./lock.js";
import { removeUnfinished } from "./owner.js";

/** Removes it. What processes that still run have there stays. */
export async function removeLeftovers(folder: string): Promise<void> {
  removeUnfinished(folder);
  await removeDeadLocks(folder).catch(() => undefined); // harmless; the next run tries again
}
