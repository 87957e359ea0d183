/** @file A program watched from outside while it runs: its memory and descriptors, as Linux counts them. */

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What one process holds. On a software adapter the GPU's memory is part of its memory. */
export interface Held {
  readonly megabytes: number;
  readonly descriptors: number;
  readonly threads: number;
}

export interface Watched {
  readonly samples: readonly Held[];
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a Node program to its end, and looks at it every `everyMs`. */
export function watch(args: readonly string[], everyMs: number): Promise<Watched> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const samples: Held[] = [];
  const timer = setInterval(() => {
    const held = heldBy(child.pid!);
    if (held) samples.push(held);
  }, everyMs);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(timer);
      resolve({ samples, code, stdout, stderr });
    });
  });
}

/** Undefined where the process is at its end. */
function heldBy(pid: number): Held | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const count = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)![1]);
    return {
      megabytes: (count("VmRSS") * 1024) / 1e6,
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      threads: count("Threads"),
    };
  } catch {
    return undefined;
  }
}
