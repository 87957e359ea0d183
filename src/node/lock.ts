/** @file A folder that several processes write to, one at a time. */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isOlder, namesIn, newMark, ownerState } from "./owner.js";

const LOCK = ".gradlens-lock";
const LOCKS = /^\.gradlens-lock(\.[0-9a-f]{8})*$/;

/** A lock without an owner's mark is being made, or was made by a process that was killed then. */
const MAKING_MS = 2_000;
/** A lock of another machine or container that stays the same for so long has lost its owner. */
const UNCHANGED_MS = 30_000;
/** Other processes hold a lock for milliseconds; a longer wait is reported. */
const PATIENCE_MS = 2_000;
const TURN_MS = 20;

export interface LockOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Called once where it takes long. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Runs `work` while no other process with this lock works in the folder. A killed process leaves its lock; the next one
 * recognises it as abandoned.
 * @throws what `work` throws, the file system's error, or the signal's reason
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

/** Removes locks that have lost their owners. */
export async function removeDeadLocks(folder: string): Promise<void> {
  // Longest names first: a lock's own lock goes before it.
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

/** Puts this process's mark into a lock that nobody has. False where somebody has it. */
function take(path: string): boolean {
  const mark = newMark();
  try {
    writeFileSync(path, mark, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  // Where this process stood still between making the file and writing to it, another may have taken it for lost.
  return read(path) === mark;
}

/**
 * Removes a lost lock. Only who holds the lock of that very loss may do so: else a second process, late, would remove
 * the lock that a third one has made meanwhile.
 */
async function bury(path: string, holder: string, options: LockOptions): Promise<void> {
  const right = `${path}.${createHash("sha256").update(holder).digest("hex").slice(0, 8)}`;
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
