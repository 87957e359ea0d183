/** @file The whole command as a user types it, from process start to files on disk. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Measured } from "./measure.js";

/** @throws Error where the command fails */
export function coldStart(rounds: number, adapter: string): Measured[] {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const out = mkdtempSync(join(tmpdir(), "gradlens-bench-"));
    const start = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ["scripts/start.mjs", "--out", out, "--quiet", "--adapter", adapter],
      { encoding: "utf8" },
    );
    const took = performance.now() - start;
    rmSync(out, { recursive: true, force: true });
    if (status !== 0) throw new Error(`the command failed: ${stderr}`);
    if (round > 0) times.push(took); // The first run fills caches.
  }
  return [{ name: "cold-start/cam-demo", medianMs: median(times), minMs: Math.min(...times) }];
}
