/** @file A run whose GPU device is lost: it is opened again once, and the pictures after it are explained. */

import { join } from "node:path";
import { expect, it } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { run, tree, userFolder, writePicture, type Ran } from "./fake.js";

const COMMAND = ["cam", "--weights", "weights.safetensors", "--image", "a.png", "b.png", "c.png"];

/** Runs the command on three pictures; the device is lost at some of the explanations, counted from 1. */
async function runLosing(lostAt: readonly number[]): Promise<Ran & { explained: string[] }> {
  const folder = await userFolder();
  for (const [shade, name] of ["a", "b", "c"].entries())
    await writePicture(join(folder, `${name}.png`), shade);
  const ran = await run(folder, COMMAND, {
    onExplain(count) {
      if (!lostAt.includes(count)) return;
      throw new GradlensError("device-lost", "the GPU device was lost (hung); open a new device");
    },
  });
  const manifests = tree(join(folder, "out")).filter((name) => name.endsWith("manifest.json"));
  return { ...ran, explained: manifests.map((name) => name.split("/")[0]!) };
}

it("a lost device costs one picture, which is named; the run opens the device again and goes on with the next", async () => {
  const { code, stderr, loaded, open, explained } = await runLosing([2]);
  expect(code).toBe(1);
  expect(stderr).toContain("gradlens: b.png: the GPU device was lost and is opened again");
  expect(explained).toEqual(["a", "c"]);
  expect(loaded).toHaveLength(2);
  expect(loaded[0]!.gpu).not.toBe(loaded[1]!.gpu);
  expect(open).toBe(0);
});

it("the run ends where the device is lost a second time", async () => {
  const { code, stderr, explained, open } = await runLosing([2, 3]);
  expect(code).toBe(1);
  expect(stderr).toContain("gradlens: the GPU device was lost (hung); open a new device");
  expect(explained).toEqual(["a"]);
  expect(open).toBe(0);
});
