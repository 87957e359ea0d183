/** @file In a process of its own: runs cases one after the other, and ends with 1 at the first that is a fault. */

import { noProgress, writeProgress } from "./progress.js";
import { randomOf } from "./random.js";
import type { FuzzFile, Reader } from "./reader.js";

/** What each process begins with: the JSON of its only argument after the reader's name. */
export interface Job {
  readonly seed: number;
  /** The first case. */
  readonly first: number;
  readonly seconds: number;
  /** One case, and no other. */
  readonly once?: boolean;
}

/** Of the whole process: files are small, so what a case takes comes from the reader's own limits. */
const MAX_RSS_BYTES = 1e9;

/** Where the watching process has opened the file of progress. */
const PROGRESS = 3;

/** The file of a case. */
export async function caseFile(reader: Reader, seed: number, number: number): Promise<FuzzFile> {
  return (await reader.prepare())(randomOf(seed, number));
}

/** Throws at a fault. */
export async function runCases(reader: Reader, { seed, first, seconds, once }: Job): Promise<void> {
  const make = await reader.prepare();
  const end = performance.now() + 1000 * seconds;
  const progress = { ...noProgress(), number: first };
  // A process whose watcher was killed is of no use.
  const watcher = process.ppid;
  for (; performance.now() < end && process.ppid === watcher; progress.number++) {
    writeProgress(PROGRESS, progress);
    const started = performance.now();
    const random = randomOf(seed, progress.number);
    if ((await reader.read(make(random), random)) === "read") progress.read++;
    const ms = performance.now() - started;
    if (ms > progress.slowestMs) Object.assign(progress, { slowestNumber: progress.number, slowestMs: ms });
    progress.cases++;
    progress.peakBytes = 1024 * process.resourceUsage().maxRSS;
    if (progress.peakBytes > MAX_RSS_BYTES)
      throw new Error(`${progress.peakBytes} bytes of memory were in use`);
    if (once) break;
  }
  writeProgress(PROGRESS, { ...progress, over: 1 });
}
