/** @file A minute of changed files for each reader of what comes from others, by `npm run fuzz`'s own program. */

import { expect, it } from "vitest";
import { execute } from "../host/programs.js";
import { READER_NAMES } from "./readers.js";

const SECONDS = 60;

it.each(READER_NAMES)(
  "%s: every changed file is read or refused",
  { timeout: 5 * SECONDS * 1000 },
  async (name) => {
    const args = ["scripts/run-ts.mjs", "tools/fuzz.ts", name, "--seconds", String(SECONDS), "--seed", "7"];
    const timeoutMs = 4 * SECONDS * 1000;
    const { code, stdout, stderr } = await execute(process.execPath, args, { timeoutMs });
    expect(stderr).toBe("");
    const [, read, refused, faults] = /(\d+) read, (\d+) refused, (\d+) faults/.exec(stdout)!.map(Number);
    expect([code, faults]).toEqual([0, 0]);
    // Both happen, or the changes are too weak or too strong to test anything.
    expect(read).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  },
);
