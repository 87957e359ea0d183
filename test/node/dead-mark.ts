/** @file The mark of a process that no longer runs. */
import { newMark } from "../../src/node/owner.js";

/** As of a process that had this one's number before it. */
export function deadMark(): string {
  return newMark().replace(/-(\d+)-\d*-/, "-$1-1-");
}
