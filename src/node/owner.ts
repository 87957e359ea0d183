/** @file Marks unfinished files with the process that writes them, so that a later process can remove leftovers. */
import { createHash, randomBytes } from "node:crypto";
import { lstatSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { attempt } from "./attempt.js";

/** Older leftovers of another machine or container may be removed. */
const ELSEWHERE_MS = 3_600_000;

const MARK = /^([0-9a-f]{8})-(\d+)-(\d*)-[0-9a-f]{8}$/;
const UNFINISHED = /^\.gradlens-([0-9a-f]{8}-\d+-\d*-[0-9a-f]{8})(\.tmp)?$/;

/** Whether the process of a mark runs; `elsewhere` for one of another machine or container. */
export type OwnerState = "alive" | "dead" | "elsewhere";

/** A mark of this process, different on each call. */
export function newMark(): string {
  return `${place()}-${process.pid}-${factsOf(process.pid).start ?? ""}-${randomBytes(4).toString("hex")}`;
}

/** The name for an unfinished file or folder of this process, beside the finished one. */
export function unfinishedName(suffix: "" | ".tmp" = ""): string {
  return `.gradlens-${newMark()}${suffix}`;
}

/** Undefined for any other name. */
export function ownerState(mark: string): OwnerState | undefined {
  const [, where, pid, start] = MARK.exec(mark) ?? [];
  if (where === undefined) return undefined;
  if (where !== place()) return "elsewhere";
  if (!isRunning(Number(pid))) return "dead";
  const { state, start: now } = factsOf(Number(pid));
  if (now === undefined) return "elsewhere"; // a later process may have the number
  // A zombie has ended; its parent has not collected its status yet.
  return now === start && state !== "Z" ? "alive" : "dead";
}

/** Removes unfinished files of processes that no longer run from a folder. */
export function removeUnfinished(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, mark] = UNFINISHED.exec(name) ?? [];
    if (mark === undefined) continue;
    const path = join(folder, name);
    const state = ownerState(mark);
    if (state === "dead" || (state === "elsewhere" && isOlder(path, ELSEWHERE_MS)))
      // A failure is harmless: the next run tries again.
      attempt(() => rmSync(path, { recursive: true, force: true }));
  }
}

export const namesIn = (folder: string): string[] => attempt(() => readdirSync(folder)) ?? [];

/** True for an existing file that was not changed for so long. */
export function isOlder(path: string, milliseconds: number): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > milliseconds;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it belongs to another user
  }
}

/** The state and the start time of a process, on Linux. The start time distinguishes a reused number. */
function factsOf(pid: number): { readonly state?: string; readonly start?: string } {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return {};
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0]!, start: fields[19]! };
}

let ownPlace: string | undefined;

/** The scope of a process number: the machine since its boot, and the container. */
function place(): string {
  ownPlace ??= shortHash(
    hostname(),
    textOf("/proc/sys/kernel/random/boot_id"),
    attempt(() => readlinkSync("/proc/self/ns/pid")),
  );
  return ownPlace;
}

/** Eight hexadecimal digits of the SHA-256 of some lines. */
export const shortHash = (...lines: readonly (string | undefined)[]): string =>
  createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 8);

const textOf = (path: string): string | undefined => attempt(() => readFileSync(path, "utf8"));
