/** @file How the command ends where its output is lost or Ctrl-C is pressed: the results are whole, and it ends at once. */

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tiffOfManyTiles } from "../image/many-tiles.js";
import { execute, programFolder, ROOT } from "./programs.js";

const { folder, remove } = programFolder();
afterAll(remove);
const PICTURES = 4;
const START = join(ROOT, "scripts/start.mjs");

beforeAll(async () => {
  mkdirSync(join(folder, "d"));
  for (let i = 0; i < PICTURES; i++) cpSync(join(ROOT, "pictures/cat-dog.png"), join(folder, `d/${i}.png`));
  const built = await execute(process.execPath, [START, "--version"], { timeoutMs: 300_000 });
  expect(built.code, built.stderr).toBe(0);
}, 300_000);

const argv = (out: string, ...more: string[]): string[] => [
  START,
  "--image",
  join(folder, "d"),
  "--size",
  "64",
  "--out",
  join(folder, out),
  ...more,
];
const rows = (out: string): number =>
  readFileSync(join(folder, out, "scores.csv"), "utf8")
    .trim()
    .split("\n").length - 1;
const endOf = (child: ReturnType<typeof spawn>) =>
  new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.on("exit", (code, signal) => resolve(signal ?? code)),
  );

it("a run whose stdout has no reader any more completes all pictures", async () => {
  const child = spawn(process.execPath, argv("head", "--json", "-q"), {
    stdio: ["ignore", "pipe", "ignore"],
  });
  child.stdout.once("data", () => child.stdout.destroy());
  expect(await endOf(child)).toBe(141);
  expect(rows("head")).toBe(PICTURES);
});

it.runIf(process.platform === "linux")(
  "a full stdout or stderr sets the exit code, and all pictures are done",
  async () => {
    const full = openSync("/dev/full", "w");
    const out = spawn(process.execPath, argv("full", "--json"), { stdio: ["ignore", full, "pipe"] });
    let stderr = "";
    out.stderr!.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
    expect(await endOf(out)).toBe(1);
    expect(stderr).toContain("gradlens: cannot write to stdout: the disk is full");
    expect(rows("full")).toBe(PICTURES);
    const err = spawn(process.execPath, argv("err"), { stdio: ["ignore", "ignore", full] });
    expect(await endOf(err)).toBe(0);
    expect(rows("err")).toBe(PICTURES);
  },
);

it.each([
  ["a picture is decoded", "slow.tif"],
  ["stdin is waited for", "-"],
])("Ctrl-C ends the program within a second while %s", async (_, image) => {
  writeFileSync(join(folder, "slow.tif"), tiffOfManyTiles());
  const args = [
    START,
    "--image",
    image === "-" ? image : join(folder, image),
    "--size",
    "64",
    "--out",
    join(folder, "none"),
  ];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "ignore"] });
  const ended = endOf(child);
  await sleep(4_000);
  const begin = performance.now();
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  // A second, and what a busy machine adds.
  expect(performance.now() - begin).toBeLessThan(3_000);
});
