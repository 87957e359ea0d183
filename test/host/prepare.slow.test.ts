/** @file What a first start installs and builds, however starts before it ended, and however many there are at once. */
import { spawn, type ChildProcess } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { execute, ROOT } from "./programs.js";

/**
 * An npm that installs one package slowly by a process of its own, as install scripts are, and fails where another one
 * installs at the same time: it finds files that it did not make.
 */
const NPM = `
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
const modules = "node_modules", mark = modules + "/a/" + process.pid;
if (process.argv[2] === "worker") {
  const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules + "/a", { recursive: true });
  writeFileSync(mark, "");
  for (let i = 0; i < 8; i++) { sleep(50); if (!existsSync(mark)) { console.error("npm: ENOTEMPTY"); process.exit(1); } }
  writeFileSync(modules + "/a/package.json", '{"version":"1.0.0"}');
  rmSync(mark);
  writeFileSync(modules + "/.package-lock.json", readFileSync("package-lock.json"));
} else {
  writeFileSync("installs", (existsSync("installs") ? readFileSync("installs", "utf8") : "") + "i");
  process.exit(spawnSync(process.execPath, [process.argv[1], "worker"], { stdio: "inherit" }).status ?? 1);
}`;
const BUILD = `
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
if (!existsSync("node_modules/a/package.json")) { console.error("Cannot find package a"); process.exit(1); }
await sleep(150);
mkdirSync("dist", { recursive: true });
writeFileSync("dist/options.js", "export const OPTIONS = {};");
writeFileSync("dist/cli.js", 'import { existsSync } from "node:fs"; if (!existsSync(new URL("../node_modules/a/package.json", import.meta.url))) { console.error("Cannot find package a"); process.exit(1); } if (process.argv[2] === "wait") { console.log("waiting"); setInterval(() => {}, 1000); } else console.log("ran");');
`;

let root: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gradlens-prepare-"));
  for (const folder of ["src", "scripts", "bin"]) mkdirSync(join(root, folder));
  cpSync(join(ROOT, "scripts/start"), join(root, "scripts/start"), { recursive: true });
  cpSync(join(ROOT, "scripts/start.mjs"), join(root, "scripts/start.mjs"));
  writeFileSync(join(root, "scripts/build.mjs"), BUILD);
  const lock = { packages: { "": { version: "1" }, "node_modules/a": { version: "1.0.0" } } };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify(lock));
  writeFileSync(join(root, "package.json"), '{"type": "module"}');
  writeFileSync(join(root, "bin/npm.mjs"), NPM);
  writeFileSync(
    join(root, "bin/npm"),
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, "bin/npm.mjs")}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  env = { ...process.env, PATH: `${join(root, "bin")}${delimiter}${process.env["PATH"]}` };
  delete env["npm_lifecycle_event"];
});
afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

const start = (...args: string[]) =>
  execute(process.execPath, [join(root, "scripts/start.mjs"), ...args], {
    env,
    cwd: root,
    timeoutMs: 60_000,
  });

/** A start in a process group of its own, which tests end in the middle. */
function begun(...args: string[]): { child: ChildProcess; ended: Promise<unknown>; stdout: () => string } {
  const child = spawn(process.execPath, [join(root, "scripts/start.mjs"), ...args], {
    env,
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  child.stdout.on("data", (bytes: Buffer) => (text += bytes.toString()));
  const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
  return { child, ended, stdout: () => text };
}

const installs = (): number =>
  existsSync(join(root, "installs")) ? readFileSync(join(root, "installs"), "utf8").length : 0;

async function expectGood(): Promise<void> {
  const { code, stdout, stderr } = await start();
  expect({ code, stdout, stderr: code === 0 ? "" : stderr }).toEqual({
    code: 0,
    stdout: "ran\n",
    stderr: "",
  });
  expect(readdirSync(join(root, ".cache"))).toEqual([]);
}

it("a first start installs and builds once", async () => {
  await expectGood();
  await expectGood();
  expect(installs()).toBe(1);
});

describe("after a start that was ended in the middle, the next one is right", () => {
  const MOMENTS = [250, 700];
  it.each([
    ["kill -9 of the starter", (child: ChildProcess) => child.kill("SIGKILL")],
    ["SIGTERM to the starter", (child: ChildProcess) => child.kill("SIGTERM")],
    ["kill -9 of its whole group", (child: ChildProcess) => process.kill(-child.pid!, "SIGKILL")],
  ])("the start after an interrupted one is right: %s", async (_, kill) => {
    for (const moment of MOMENTS) {
      const { child, ended } = begun();
      await sleep(moment);
      kill(child);
      await ended;
      await expectGood();
      for (const made of ["node_modules", "dist"]) rmSync(join(root, made), { recursive: true, force: true });
    }
  });
});

it("several starts at once, also past a lock of a killed one, install and build once", async () => {
  const { child, ended } = begun();
  // Killed earlier, it may leave an npm behind that begins only later.
  await expect.poll(installs, { timeout: 30_000 }).toBe(1);
  child.kill("SIGKILL");
  await ended;
  const before = installs();
  const all = await Promise.all([1, 2, 3, 4].map(() => start()));
  for (const { code, stdout, stderr } of all)
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "ran\n" });
  expect(installs() - before).toBe(1);
});

describe("a damaged node_modules is installed anew", () => {
  it.each([
    ["a package's folder is gone", () => rmSync(join(root, "node_modules/a"), { recursive: true })],
    [
      "npm's list is cut off",
      () => writeFileSync(join(root, "node_modules/.package-lock.json"), '{"packages": {'),
    ],
    ["all is gone", () => rmSync(join(root, "node_modules"), { recursive: true })],
  ])("a damaged node_modules is installed anew: %s", async (_, damage) => {
    await expectGood();
    damage();
    await expectGood();
    expect(installs()).toBe(2);
  });

  it("a damaged node_modules is installed anew where only the program notices", async () => {
    await expectGood();
    const cli = readFileSync(join(root, "dist/cli.js"), "utf8");
    writeFileSync(join(root, "dist/cli.js"), cli.replaceAll("a/package.json", "a/main.js"));
    writeFileSync(
      join(root, "bin/npm.mjs"),
      NPM.replace("rmSync(mark);", 'rmSync(mark); writeFileSync("node_modules/a/main.js", "");'),
    );
    await expectGood();
    expect(existsSync(join(root, "node_modules/a/main.js"))).toBe(true);
  });
});

describe("the program ends with", () => {
  const isRunning = (): boolean =>
    readdirSync("/proc").some((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(join(root, "dist/cli.js"));
      } catch {
        return false;
      }
    });

  it.runIf(process.platform === "linux")("the program ends with a killed starter", async () => {
    await expectGood();
    const { child, ended, stdout } = begun("wait");
    while (!stdout().includes("waiting")) await sleep(20);
    expect(isRunning()).toBe(true);
    child.kill("SIGKILL");
    await ended;
    for (let i = 0; isRunning() && i < 100; i++) await sleep(50);
    expect(isRunning()).toBe(false);
  });
});
