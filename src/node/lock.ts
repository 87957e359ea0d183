/** @file Lets several processes write to a folder, one at a time. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isOlder, namesIn, newMark, ownerState, removeUnfinished, shortHash } from "./owner.js";

const LOCK = ".gradlens-lock";
const LOCKS = /^\.gradlens-lock(\.[0-9a-f]{8})*$/;

/** A lock without an owner's mark is being made, or its maker was killed at that moment. */
const MAKING_MS = 2_000;
/** A lock of another machine or container is abandoned if it stays unchanged this long. */
const UNCHANGED_MS = 30_000;
/** Other processes hold a lock for milliseconds; a longer wait is reported. */
const PATIENCE_MS = 2_000;
const TURN_MS = 20;

export interface LockOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Called once if the wait is long. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Runs `work` while no other process with this lock works in the folder. A killed process leaves its lock, which the next one
 * recognises as abandoned.
 * @throws an error of `work`, the file system's error, or the signal's reason
 */
export async function withLock<T>(folder: string, work: () => T, options: LockOptions = {}): Promise<T> {
  const path = join(folder, LOCK);
  await acquire(path, options);
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Removes what killed processes left in a folder of results. Keeps the files of processes that still run. */
export async function removeLeftovers(folder: string): Promise<void> {
  removeUnfinished(folder);
  await removeDeadLocks(folder).catch(() => undefined); // harmless; the next run tries again
}

async function removeDeadLocks(folder: string): Promise<void> {
  // Longest names first, so that a lock's own lock goes before it.
  const names = namesIn(folder).filter((name) => LOCKS.test(name));
  for (const name of names.sort((a, b) => b.length - a.length)) {
    const path = join(folder, name);
    const holder = read(path);
    if (holder !== undefined && isLost(path, holder)) await bury(path, holder, {});
  }
}

async function acquire(path: string, { signal, onWait }: LockOptions): Promise<void> {
  const begin = performance.now();
  let reported = false;
  let seen: { readonly holder: string; readonly at: number } | undefined;
  for (;;) {
    if (take(path)) return;
    const now = performance.now();
    const holder = read(path);
    if (holder === undefined) continue; // released just now
    if (seen?.holder !== holder) seen = { holder, at: now };
    if (isLost(path, holder) || (isElsewhere(holder) && now - seen.at > UNCHANGED_MS)) {
      await bury(path, holder, { signal });
      continue;
    }
    if (!reported && now - begin > PATIENCE_MS) {
      reported = true;
      onWait?.();
    }
    await sleep(TURN_MS, undefined, { signal });
  }
}

/** Writes this process's mark into a free lock. Returns false if another process holds it. */
function take(path: string): boolean {
  const mark = newMark();
  try {
    writeFileSync(path, mark, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  // If this process paused between making the file and writing it, another may have removed the lock as abandoned.
  return read(path) === mark;
}

/**
 * Removes an abandoned lock, under a second lock named after its mark. Without that, a second process, late, would remove the lock
 * that a third one has made meanwhile.
 */
async function bury(path: string, holder: string, options: LockOptions): Promise<void> {
  const right = `${path}.${shortHash(holder)}`;
  await acquire(right, options);
  try {
    if (read(path) === holder) rmSync(path, { force: true });
  } finally {
    rmSync(right, { force: true });
  }
}

const isElsewhere = (holder: string): boolean => ownerState(holder) === "elsewhere";

function isLost(path: string, holder: string): boolean {
  const state = ownerState(holder);
  return state === undefined ? isOlder(path, MAKING_MS) : state === "dead";
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
