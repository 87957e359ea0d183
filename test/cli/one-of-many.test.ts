/** @file One picture that cannot be done, or whose folder is another's: it is named and skipped, and the others are done. */

import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { run, userFolder, writePicture, type FakeOptions } from "./fake.js";

const ARGV = ["cam", "--weights", "weights.safetensors", "--image", "d"];
const NAMES = ["1.png", "2.png", "3.png", "4.png"];

async function pictures(): Promise<string> {
  const folder = await userFolder();
  mkdirSync(join(folder, "d"));
  for (const [i, name] of NAMES.entries()) await writePicture(join(folder, "d", name), i);
  return folder;
}

/** Runs with the second picture in trouble. */
async function runs(prepare: (folder: string) => Promise<unknown> | void, options: FakeOptions = {}) {
  const folder = await pictures();
  await prepare(folder);
  const ran = await run(folder, ARGV, options);
  const done = NAMES.filter((name) =>
    existsSync(join(folder, "out", name.replace(".png", ""), "weights/manifest.json")),
  );
  return { ...ran, done };
}

const failsAt =
  (picture: number, error: Error): NonNullable<FakeOptions["onExplain"]> =>
  (count) => {
    if (count === picture) throw error;
  };

describe("a picture that fails among several", () => {
  it.each<[string, (folder: string) => Promise<unknown> | void, FakeOptions, RegExp, string]>([
    [
      "a picture of an odd kind",
      (folder) => cpSync("test/data/hostile-pictures/extra-samples.tif", join(folder, "d/2.png")),
      {},
      /2\.png: this TIFF holds/,
      "1 not readable",
    ],
    [
      "a file in the way",
      (folder) => {
        mkdirSync(join(folder, "out"));
        writeFileSync(join(folder, "out/2"), "mine");
      },
      {},
      /2\.png: output folder .*out\/2\/weights: .*out\/2 is a file, not a folder/,
      "1 not stored",
    ],
    [
      "a file of another's",
      (folder) => {
        mkdirSync(join(folder, "out/2/weights"), { recursive: true });
        writeFileSync(join(folder, "out/2/weights/gradcam-dog.png"), "mine");
      },
      {},
      /2\.png.*exists and is not of these results/,
      "1 not stored",
    ],
    [
      "a picture that the model refuses",
      () => undefined,
      { onExplain: failsAt(2, new GradlensError("bad-picture", "too small")) },
      /2\.png: too small/,
      "1 not explained",
    ],
    [
      "a bug of ours",
      () => undefined,
      { onExplain: failsAt(2, new TypeError("x is undefined")) },
      /2\.png: this is a bug/,
      "1 not explained",
    ],
  ])(
    "the run names and skips a failing picture, with exit code 1: %s",
    async (_, prepare, options, line, count) => {
      const { code, stderr, done } = await runs(prepare, options);
      expect(code, stderr).toBe(1);
      expect(stderr.match(/^gradlens: .*/gm)).toEqual([expect.stringMatching(line)]);
      expect(stderr).toContain(`complete already, ${count}; scores in`);
      expect(done).toEqual(["1.png", "3.png", "4.png"]);
    },
  );
});

it("the run counts each kind of failure apart", async () => {
  const folder = await pictures();
  for (const [i, name] of ["5.png", "6.png"].entries()) await writePicture(join(folder, "d", name), 5 + i);
  for (const name of ["1.png", "3.png"]) writeFileSync(join(folder, "d", name), "not a picture");
  mkdirSync(join(folder, "out"));
  writeFileSync(join(folder, "out/6"), "mine");
  const { code, stderr } = await run(folder, ARGV, {
    onExplain: failsAt(2, new GradlensError("device-lost", "the GPU device was lost")),
  });
  expect(code).toBe(1);
  expect(stderr).toContain(
    "Of 6 pictures 2 explained, 0 complete already, 2 not readable, 1 lost with the GPU device, 1 not stored; scores in",
  );
});

it("the run of several pictures ends where the request is wrong", async () => {
  const error = new GradlensError("bad-argument", "unknown target");
  const { done, code, asked } = await runs(() => undefined, { onExplain: failsAt(2, error) });
  expect(code).not.toBe(0);
  expect({ done, asked: asked.length }).toEqual({ done: ["1.png"], asked: 2 });
});
