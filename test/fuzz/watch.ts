/** @file Watches the process in which cases run: one that crashes, hangs or finds a fault is a case with a number. */

import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noProgress, readProgress, type Progress } from "./progress.js";
import type { Job } from "./run-cases.js";

export interface Fault {
  /** Of the case. */
  readonly number: number;
  readonly reason: string;
}

export interface Summary extends Omit<Progress, "number" | "over"> {
  readonly faults: readonly Fault[];
}

/** What runs cases: a Node program that takes a job as JSON after its arguments, and calls `runCases`. */
export interface Program {
  readonly path: string;
  readonly args: readonly string[];
  readonly maxMs: number;
}

/** More would be of a few kinds. */
const MOST_FAULTS = 20;
const POLL_MS = 250;

/** Runs cases until the time is over, in a new process after each fault. */
export async function watch(program: Program, job: Job): Promise<Summary> {
  const end = performance.now() + 1000 * job.seconds;
  const faults: Fault[] = [];
  let total: Progress = noProgress();
  let { first } = job;
  do {
    const seconds = Math.max(0.001, (end - performance.now()) / 1000);
    const { progress, reason } = await watchOnce(program, { ...job, first, seconds });
    total = sum(total, progress);
    if (reason === undefined) break;
    faults.push({ number: progress.number, reason });
    first = progress.number + 1;
  } while (!job.once && faults.length < MOST_FAULTS && performance.now() < end);
  return { ...total, faults };
}

function sum(a: Progress, b: Progress): Progress {
  const slower = b.slowestMs > a.slowestMs ? b : a;
  return {
    number: b.number,
    cases: a.cases + b.cases,
    read: a.read + b.read,
    slowestNumber: slower.slowestNumber,
    slowestMs: slower.slowestMs,
    peakBytes: Math.max(a.peakBytes, b.peakBytes),
    over: b.over,
  };
}

async function watchOnce(program: Program, job: Job): Promise<{ progress: Progress; reason?: string }> {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-fuzz-"));
  const file = openSync(join(folder, "progress"), "w+");
  try {
    const reason = await untilEnd(program, job, file);
    const progress = readProgress(file);
    // Where it does not get to the first case, the tool is at fault.
    if (progress === undefined) throw new Error(reason ?? "the process ended before its first case");
    return { progress, ...(reason !== undefined && { reason }) };
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

/** Why the process ended, where it was not over. */
function untilEnd({ path, args, maxMs }: Program, job: Job, file: number): Promise<string | undefined> {
  const child = spawn(process.execPath, [path, ...args, JSON.stringify(job)], {
    stdio: ["ignore", "inherit", "pipe", file],
    // One picture at a time is decoded: threads would only wait for one another.
    env: { ...process.env, VIPS_CONCURRENCY: "1" },
  });
  let said = "";
  child.stderr!.on("data", (bytes: Buffer) => (said = (said + bytes.toString()).slice(-4000)));
  let last = { number: -1, since: performance.now() };
  let hangs = false;
  const timer = setInterval(() => {
    const number = readProgress(file)?.number ?? -1;
    const now = performance.now();
    if (number !== last.number) last = { number, since: now };
    hangs = number >= 0 && now - last.since > maxMs;
    if (hangs) child.kill("SIGKILL");
  }, POLL_MS);
  const stop = (): void => void child.kill("SIGKILL");
  process.once("exit", stop);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearInterval(timer);
      process.off("exit", stop);
      if (hangs) resolve(`takes longer than ${maxMs} ms`);
      else if (code === 0 && readProgress(file)?.over === 1) resolve(undefined);
      else resolve(`ended with ${signal ?? code}: ${said.trim()}`);
    });
  });
}
