/** @file How often a run reads the manifest of results that are there already. */

import { existsSync } from "node:fs";
import type * as Fs from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import { run, userFolder, writePicture } from "./fake.js";
import { MINE } from "./made-manifest.js";

const reads = vi.hoisted(() => [] as string[]);

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof Fs>();
  const readFileSync = (...args: Parameters<typeof Fs.readFileSync>) => {
    reads.push(String(args[0]));
    return fs.readFileSync(...args);
  };
  return { ...fs, readFileSync };
});

const manifests = (): string[] => reads.filter((path) => path.endsWith("manifest.json") && existsSync(path));

beforeEach(() => void reads.splice(0));

it.each([[[]], [["--flat"]]])(
  "a run reads the manifest once where all is complete, with %j",
  async (more) => {
    const folder = await userFolder();
    await run(folder, [...MINE, ...more]);
    reads.splice(0);
    expect(await run(folder, [...MINE, ...more])).toMatchObject({ code: 0, asked: [] });
    expect(manifests()).toHaveLength(1);
  },
);

it("a run reads each manifest once beside results of other settings and of another picture", async () => {
  const folder = await userFolder();
  await run(folder, MINE);
  await run(folder, [...MINE, "--size", "16"]);
  await writePicture(join(folder, "x.png"), 9);
  await run(folder, MINE);
  reads.splice(0);
  expect(await run(folder, [...MINE])).toMatchObject({ code: 0, asked: [] });
  expect(manifests()).toHaveLength(2);
});
