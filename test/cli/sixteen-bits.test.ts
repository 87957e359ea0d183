/** @file `cam` with pictures of 16 bits of which few are used, and of files of several pages: what is told and recorded. */

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { viewWords } from "../../src/results/picture-view.js";
import { run, userFolder, type Ran } from "./fake.js";

async function folderWith(file: string): Promise<(...more: string[]) => Promise<Ran>> {
  const folder = await userFolder();
  copyFileSync(join("test/data/picture-kinds", file), join(folder, file));
  return (...more) => run(folder, ["--weights", "weights.safetensors", "--image", file, ...more]);
}

interface Told {
  readonly picture: { readonly sixteenBits?: unknown; readonly pages?: number };
}

it("the run reports 12 bits kept in 16 with the window that keeps them, which counts and is recorded", async () => {
  const cam = await folderWith("grey-12.png");
  const ran = await cam("--json");
  expect(ran.stderr).toMatch(
    /^Note {6}its 16-bit samples are 0\.\.4095 of 65535, of which 16 levels in 8 bits are left, as in OpenCV; --window 2048,4096 keeps them$/m,
  );
  expect((JSON.parse(ran.stdout) as Told).picture.sixteenBits).toEqual({
    least: 0,
    greatest: 4095,
    values: 371,
    levels: 16,
  });
  expect((await cam("--window", "2048,4096")).stderr).toMatch(
    /holds results of another window \(none, now 2048,4096\)/,
  );
  const windowed = await cam("--window", "2048,4096", "--json", "--out", "other");
  expect(windowed.code).toBe(0);
  expect(windowed.stderr).toMatch(/^Window {4}2048,4096, as requested$/m);
  expect(windowed.stderr).not.toMatch(/16-bit samples/);
  const window = { center: 2048, width: 4096, function: "LINEAR", from: "option" };
  expect((JSON.parse(windowed.stdout) as Told).picture.sixteenBits).toMatchObject({ window });
});

it("the run reports that it read one of several pages", async () => {
  const ran = await (await folderWith("animated.gif"))("--json");
  expect(ran.stderr).toMatch(/^Page {6}1 of 2; the others are not read$/m);
  expect((JSON.parse(ran.stdout) as Told).picture.pages).toBe(2);
});

it.each<[least: number, greatest: number, values: number, levels: number, window: string | undefined]>([
  [12, 4000, 900, 16, "2048,4096"],
  [0, 255, 200, 1, "128,256"],
  [100, 1023, 200, 4, "512,1024"],
  [32768, 33791, 300, 4, "33280,1024"],
  [0, 65535, 2, 2, undefined],
  [0, 65535, 60000, 256, undefined],
  [5, 5, 1, 1, undefined],
])(
  "samples of %d..%d, %d values in %d levels, get the advice --window %s",
  (least, greatest, values, levels, window) => {
    const [, text] = viewWords({ sixteenBits: { least, greatest, values, levels } })[0] ?? [];
    if (window === undefined) expect(text).toBeUndefined();
    else expect(text).toContain(`--window ${window} keeps them`);
  },
);
