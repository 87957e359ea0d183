/** @file A run into a folder that has results: what is kept, made again, merged and refused. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run, tree, userFolder, writePicture, writeWeights } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

describe("a later run", () => {
  it("a later run skips what is complete, and prints the manifest all the same", async () => {
    const folder = await userFolder();
    await run(folder, MINE);
    const before = readFileSync(join(folder, DIR, "manifest.json"), "utf8");
    const { code, asked, stdout, stderr } = await run(folder, [...MINE, "--json"]);
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(stderr).toContain("all is there already");
    expect(JSON.parse(stdout)).toEqual(JSON.parse(before));
    expect(readFileSync(join(folder, DIR, "manifest.json"), "utf8")).toBe(before);
  });

  it("a later run makes only the missing methods, and merges", async () => {
    const folder = await userFolder();
    await run(folder, MINE);
    const { asked } = await run(folder, [...MINE, "--method", "gradcam,layercam"]);
    expect(asked.map((options) => options.methods)).toEqual([["layercam"]]);
    expect(manifestIn(folder).maps.map((map) => map.overlay)).toEqual([
      "gradcam-dog.png",
      "layercam-dog.png",
    ]);
  });

  it("a later run draws again what has other options, and keeps the earlier extras", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--npy"]);
    const { asked } = await run(folder, [...MINE, "--colormap", "viridis"]);
    expect(asked).toHaveLength(1);
    expect(manifestIn(folder).maps).toMatchObject([
      { npy: "gradcam-dog.npy", rendering: { colormap: "viridis" } },
    ]);
    expect(tree(join(folder, DIR))).toEqual(["gradcam-dog.npy", "gradcam-dog.png", "manifest.json"]);
  });

  it("a later run makes again what someone has removed", async () => {
    const folder = await userFolder();
    await run(folder, MINE);
    const overlay = join(folder, DIR, "gradcam-dog.png");
    const { rmSync } = await import("node:fs");
    rmSync(overlay);
    expect((await run(folder, MINE)).asked).toHaveLength(1);
    expect(existsSync(overlay)).toBe(true);
  });

  it("a later run with --force makes all again, and keeps the rest of the manifest", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--method", "layercam"]);
    expect((await run(folder, [...MINE, "--method", "layercam", "--force"])).asked).toHaveLength(1);
    await run(folder, [...MINE, "--force"]);
    expect(manifestIn(folder).maps.map((map) => map.overlay)).toEqual([
      "layercam-dog.png",
      "gradcam-dog.png",
    ]);
  });

  it.each<[string, (folder: string) => Promise<void>, string[], string, string]>([
    [
      "other weights",
      (folder) => writeWeights(join(folder, "weights.safetensors"), 2),
      [],
      "other weights (weights.safetensors)",
      "out/x/weights-2",
    ],
    [
      "another picture",
      (folder) => writePicture(join(folder, "x.png"), 9),
      [],
      "another picture",
      "out/x-2/weights",
    ],
    [
      "other preprocessing",
      () => Promise.resolve(),
      ["--size", "16"],
      "other preprocessing (size 6x8, now 16x16)",
      "out/x/weights-2",
    ],
    [
      "other statistics",
      () => Promise.resolve(),
      ["--mean", "0.5,0.25,0"],
      "other preprocessing (mean 0,0,0, now 0.5,0.25,0)",
      "out/x/weights-2",
    ],
  ])(
    "a later run with %s writes beside, or replaces all with --force",
    async (_, change, options, words, beside) => {
      const folder = await userFolder();
      await run(folder, [...MINE, "--method", "layercam"]);
      await change(folder);
      const ran = await run(folder, [...MINE, ...options]);
      expect(ran).toMatchObject({ code: 0, stdout: "", open: 0 });
      expect(ran.stderr).toContain(
        `Beside    ${DIR} holds results of ${words}; those of this run go to ${beside} `,
      );
      expect(tree(join(folder, DIR))).toEqual(["layercam-dog.png", "manifest.json"]);
      expect(manifestIn(folder, beside)).toMatchObject({ dir: join(folder, beside), maps: [{}] });
      const row = beside.slice("out/".length).replace("/", ",");
      expect(readFileSync(join(folder, "out/scores.csv"), "utf8")).toContain(`\r\n${row},`);
      // It is found there again.
      expect(await run(folder, [...MINE, ...options])).toMatchObject({ code: 0, asked: [] });
      expect((await run(folder, [...MINE, ...options, "--force"])).code).toBe(0);
      expect(tree(join(folder, DIR))).toEqual(["gradcam-dog.png", "manifest.json"]);
      expect(manifestIn(folder).maps).toHaveLength(1);
    },
  );

  it("a later run with a name pattern loses no earlier map", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--name", "map.png"]);
    const refused = await run(folder, [...MINE, "--name", "map.png", "--target", "cat"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("map.png holds another map");
    expect(manifestIn(folder).maps).toMatchObject([{ target: { label: "dog" } }]);
    expect((await run(folder, [...MINE, "--name", "map.png", "--target", "cat", "--force"])).code).toBe(0);
    expect(manifestIn(folder).maps).toMatchObject([{ target: { label: "cat" } }]);
  });
});
