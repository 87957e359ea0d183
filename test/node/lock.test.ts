/** @file Locks of folders: one at a time, also where the one before was killed. */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { removeLeftovers, withLock } from "../../src/node/lock.js";
import { newMark } from "../../src/node/owner.js";
import { execute, makeProgram, programFolder } from "../host/programs.js";
import { deadMark } from "./dead-mark.js";

const programs = programFolder();
afterAll(programs.remove);
let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradlens-lock-"));
  lock = join(folder, ".gradlens-lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("a lock exists during the work, and not after it, whatever the work does", async () => {
  expect(await withLock(folder, () => existsSync(lock))).toBe(true);
  const failing = withLock(folder, () => {
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(readdirSync(folder)).toEqual([]);
});

it("a second process waits for a lock while its owner runs, which is printed; the signal ends the waiting", async () => {
  writeFileSync(lock, newMark());
  let told = 0;
  const signal = AbortSignal.timeout(2_500);
  const waiting = withLock(folder, () => 1, { signal, onWait: () => told++ });
  await expect(waiting).rejects.toThrow();
  expect(told).toBe(1);
  const next = withLock(folder, () => 1);
  await sleep(60);
  rmSync(lock);
  expect(await next).toBe(1);
});

it.each([
  ["a process that was killed", () => deadMark()],
  ["a process that was killed while it wrote its mark", () => deadMark().slice(0, 10)],
  ["a process that was killed before it wrote its mark", () => ""],
])("the lock of %s is broken, and removed", async (_, mark) => {
  for (const use of [() => withLock(folder, () => 1), () => removeLeftovers(folder)]) {
    writeFileSync(lock, mark());
    utimesSync(lock, 0, 0);
    await use();
    expect(readdirSync(folder)).toEqual([]);
  }
});

it("a lock that a killed process was breaking is broken", async () => {
  const mark = deadMark();
  writeFileSync(lock, mark);
  writeFileSync(`${lock}.${"0".repeat(8)}`, deadMark());
  await removeLeftovers(folder);
  expect(readdirSync(folder)).toEqual([]);
});

it("a lock lets one process in at a time, also past a lock of a killed one", async () => {
  const source = `import { readFileSync, writeFileSync } from "node:fs";
    import { withLock } from "./src/node/lock.js";
    const [folder, count] = process.argv.slice(2);
    for (let i = 0; i < 40; i++) {
      await withLock(folder!, () => {
        const before = Number(readFileSync(count!, "utf8"));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        writeFileSync(count!, String(before + 1));
      });
    }`;
  const program = await makeProgram(programs.folder, "lock", source);
  const count = join(folder, "count");
  writeFileSync(count, "0");
  writeFileSync(lock, deadMark());
  const ended = await Promise.all([1, 2, 3].map(() => execute(process.execPath, [program, folder, count])));
  for (const { code, stderr } of ended) expect(code, stderr).toBe(0);
  expect(readFileSync(count, "utf8")).toBe("120");
  expect(readdirSync(folder)).toEqual(["count"]);
});
