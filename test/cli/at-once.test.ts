/** @file Two runs into one folder at once: nothing of either is lost, and each says what it did. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run, tree, userFolder, writePicture } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

it.each([
  ["with a manifest of an earlier one", true],
  ["into a new folder", false],
])("two runs with other methods into one folder keep both's maps, %s", async (_, earlier) => {
  const folder = await userFolder();
  if (earlier) await run(folder, [...MINE, "--method", "eigencam"]);
  const methods = ["gradcam", "layercam", "hirescam"];
  const both = await Promise.all(methods.map((method) => run(folder, [...MINE, "--method", method])));
  for (const [i, { code, stderr }] of both.entries()) {
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`Written   ${join(DIR, `${methods[i]}-dog.png`)}`);
  }
  const all = [...(earlier ? ["eigencam"] : []), ...methods];
  expect(
    manifestIn(folder)
      .maps.map(({ method }) => method)
      .sort(),
  ).toEqual([...all].sort());
  const again = await run(folder, [...MINE, "--method", all.join()]);
  expect(again, again.stderr).toMatchObject({ code: 0, asked: [] });
  expect(tree(join(folder, DIR))).toEqual([...all.map((name) => `${name}-dog.png`), "manifest.json"].sort());
});

it("two runs of the same command into one folder end with the same results", async () => {
  const folder = await userFolder();
  const both = await Promise.all([1, 2].map(() => run(folder, [...MINE, "--heat"])));
  for (const { code, stderr } of both) expect(code, stderr).toBe(0);
  expect(manifestIn(folder).maps).toHaveLength(1);
  expect(tree(join(folder, DIR))).toEqual(["gradcam-dog.heat.png", "gradcam-dog.png", "manifest.json"]);
});

it("two runs into one folder leave the scores of both in the table", async () => {
  const folder = await userFolder();
  const argv = ["cam", "--weights", "weights.safetensors", "--image"];
  const pictures = ["x.png", "y.png"];
  await writePicture(join(folder, "y.png"), 1);
  await Promise.all(pictures.map((picture) => run(folder, [...argv, picture])));
  const rows = readFileSync(join(folder, "out/scores.csv"), "utf8").trim().split("\r\n");
  expect(
    rows
      .slice(1)
      .map((row) => row.split(",")[0])
      .sort(),
  ).toEqual(["x", "y"]);
});
