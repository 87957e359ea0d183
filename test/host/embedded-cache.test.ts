/** @file The embedded adapter's cache: nothing of others is loaded from it, and damage is noticed, named and repaired. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cacheFolders } from "../../src/node/adapter/cache-folder.js";
import { embeddedSource, hasEmbedded } from "../../src/node/adapter/embedded.js";
import { deadMark } from "../node/dead-mark.js";

let folder: string;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradlens-cache-"));
  before = { ...process.env };
});
afterEach(() => {
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

/** Another program called npm before all others: it tells that it was called, and fetches nothing. */
function withoutNetwork(): void {
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/npm"), "#!/bin/sh\necho 'npm error offline' >&2; exit 1\n", {
    mode: 0o755,
  });
  process.env["PATH"] = `${join(folder, "bin")}${delimiter}${before["PATH"]}`;
}

describe.runIf(hasEmbedded())("the embedded adapter's folder", () => {
  let whole: string;
  let name: string;
  beforeAll(async () => {
    await embeddedSource();
    const cache = cacheFolders().find((one) => existsSync(one) && readdirSync(one).some(isPrepared))!;
    name = readdirSync(cache).find(isPrepared)!;
    whole = join(cache, name);
  });
  const isPrepared = (file: string): boolean => /^swiftshader-[\d.]+-webgpu-[\d.]+$/.test(file);

  /** Its copy in a cache of the test's own. */
  function copied(): string {
    const cache = join(folder, "cache");
    cpSync(whole, join(cache, name), { recursive: true });
    for (const path of [cache, join(cache, name)]) chmodSync(path, 0o700);
    process.env["GRADLENS_CACHE"] = cache;
    return join(cache, name);
  }

  it("the embedded adapter's folder is used as it is where nothing is wrong with it", async () => {
    const copy = copied();
    withoutNetwork();
    const { binding, driverFile } = await embeddedSource();
    expect(binding).toHaveProperty("create");
    expect(driverFile).toBe(join(copy, "dist/linux-x64/vk_swiftshader_icd.json"));
  });

  it.each([
    ["a cut library", "dist/linux-x64/libvk_swiftshader.so", (path: string) => truncateSync(path, 1000)],
    ["a cut binding", "dist/linux-x64/dawn.node", (path: string) => truncateSync(path, 1000)],
    ["another loader", "index.js", (path: string) => writeFileSync(path, "globalThis.foreign = true;")],
    ["an empty loader", "index.js", (path: string) => writeFileSync(path, "")],
    ["a missing library", "dist/linux-x64/libvulkan.so.1", (path: string) => rmSync(path)],
    [
      "one byte changed",
      "dist/linux-x64/libvk_swiftshader.so",
      (path: string) => {
        const data = readFileSync(path);
        data[5000]! ^= 1;
        writeFileSync(path, data);
      },
    ],
    [
      "a link to a file elsewhere",
      "index.js",
      (path: string) => {
        cpSync(path, join(folder, "index.js"));
        rmSync(path);
        symlinkSync(join(folder, "index.js"), path);
      },
    ],
  ])("the embedded adapter is not loaded with %s, which is named", async (_, file, damage) => {
    const copy = copied();
    damage(join(copy, file));
    withoutNetwork();
    const lines: string[] = [];
    await expect(embeddedSource({ onMessage: (line) => lines.push(line) })).rejects.toThrow("offline");
    expect(lines[0]).toContain(`the embedded adapter in ${copy} is damaged (${file} `);
    expect(globalThis).not.toHaveProperty("foreign");
    // Nothing is lost by the attempt, and nothing is left of it.
    expect(readdirSync(join(folder, "cache"))).toEqual([name]);
  });

  it("the embedded adapter is not loaded where others may write to its folder or to one above it", async () => {
    const copy = copied();
    withoutNetwork();
    for (const open of [copy, join(folder, "cache")]) {
      chmodSync(open, 0o777);
      const lines: string[] = [];
      const source = embeddedSource({ onMessage: (line) => lines.push(line) });
      await expect(source).rejects.toThrow(open === copy ? "offline" : "no cache folder can be used");
      expect(lines[0]).toBe(`the embedded adapter in ${copy} is not used: other users may write to ${open}`);
      chmodSync(open, 0o700);
    }
  });

  it("the embedded adapter's folder is cleared of what a killed process left beside it", async () => {
    const copy = copied();
    const left = join(copy, "..", ".gradlens-00000000-1-1-00000000");
    const dead = join(copy, "..", `.gradlens-${deadMark()}`);
    for (const path of [left, dead]) mkdirSync(join(path, "dist"), { recursive: true });
    await embeddedSource();
    expect({ left: existsSync(left), dead: existsSync(dead) }).toEqual({ left: true, dead: false });
  });
});
