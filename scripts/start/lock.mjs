/**
 * A lock that one process at a time has, also where the one before was killed. As src/node/lock.ts, which cannot be used
 * before anything is built.
 */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** A lock without a mark is being made, or was made by a process that was killed then. */
const MAKING_MS = 2000;
/** A lock of another machine or container counts as lost when it is so old: nothing here takes longer. */
const ELSEWHERE_MS = 1_800_000;

/** Takes the lock. `onWait` is told once where another has it, `onLost` the mark of an owner that was killed. Gives our mark. */
export async function acquire(path, { onWait = () => {}, onLost = () => {} } = {}) {
  const mark = newMark();
  for (let told = false; ;) {
    if (take(path, mark)) return mark;
    const holder = read(path);
    if (holder === undefined) continue; // released just now
    if (isLost(path, holder)) {
      await bury(path, holder, onLost);
      continue;
    }
    if (!told) onWait();
    told = true;
    await sleep(100);
  }
}

export const release = (path) => rmSync(path, { force: true });

function take(path, mark) {
  try {
    writeFileSync(path, mark, { flag: "wx" });
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  return read(path) === mark;
}

/** Only who holds the lock of that very loss removes a lost lock: else it might be one that a third has made meanwhile. */
async function bury(path, holder, onLost) {
  const right = `${path}.${createHash("sha256").update(holder).digest("hex").slice(0, 8)}`;
  await acquire(right);
  try {
    if (read(path) !== holder) return;
    await onLost(holder);
    release(path);
  } finally {
    release(right);
  }
}

function isLost(path, holder) {
  const [, where, pid, start] = /^([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{8}$/.exec(holder) ?? [];
  if (where === undefined) return isOlder(path, MAKING_MS);
  if (where !== place()) return isOlder(path, ELSEWHERE_MS);
  return !isRunning(pid, start);
}

export function isRunning(pid, start) {
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== "EPERM") return false; // else another user's
  }
  const { state, start: now } = factsOf(pid);
  // A zombie has ended; only its parent has not asked yet.
  return state !== "Z" && (now === undefined || now === start);
}

const newMark = () =>
  `${place()}-${process.pid}-${factsOf(process.pid).start ?? ""}-${randomBytes(4).toString("hex")}`;

/** The state of a process and when it began, on Linux. */
function factsOf(pid) {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  return { state: fields[0], start: fields[19] };
}

/** Where process numbers mean what they mean here: the machine since it was started, and the container. */
function place() {
  const boot = attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));
  const container = attempt(() => readlinkSync("/proc/self/ns/pid"));
  return createHash("sha256").update([hostname(), boot, container].join("\n")).digest("hex").slice(0, 8);
}

const read = (path) => attempt(() => readFileSync(path, "utf8"));
const isOlder = (path, ms) => Date.now() - (attempt(() => statSync(path).mtimeMs) ?? 0) > ms;

function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
