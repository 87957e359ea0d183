/** @file `--grid`: what it may say, and what becomes of the files. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/cam/request/types.js";
import { parseGrid } from "../../src/cli/grid/axes.js";
import { GridPlace, writeGrid } from "../../src/cli/grid/write.js";
import { parseManifest } from "../../src/results/manifest.js";
import { readPicture } from "../../src/node/read-picture.js";
import { run, tree, userFolder, writePicture } from "./fake.js";

describe("what --grid says", () => {
  it.each([
    ["method x target", { rows: "method", columns: "target" }],
    ["targetxmethod", { rows: "target", columns: "method" }],
    ["Images × Methods", { rows: "image", columns: "method" }],
    ["layer,target", { rows: "layer", columns: "target" }],
    ["model method", { rows: "model", columns: "method" }],
    ["method", { columns: "method" }],
    ["auto", "auto"],
  ])("%s", (text, spec) => {
    expect(parseGrid(text)).toEqual(spec);
  });

  it.each([
    ["method x targt", /"targt" is not an axis.*did you mean target/],
    ["colour", /"colour" is not an axis; give ROWSxCOLUMNS/],
    ["method x method", /names method twice/],
    ["method x target x layer", /names 3 axes/],
    ["x", /"x" is not an axis/],
  ])("refuses %s", (text, words) => {
    expect(() => parseGrid(text)).toThrow(words);
  });
});

const MINE = ["cam", "--weights", "weights.safetensors", "--image", "x.png"];
const ALL = ["--method", "gradcam,layercam", "--target", "all"];

describe("gradlens cam --grid", () => {
  it("writes a picture of what the run made, named on stderr and in --json", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "x.png"), 3, 300, 200);
    const ran = await run(folder, [...MINE, ...ALL, "--grid", "target", "x", "method", "--json"]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^Grid +out\/grid\.png$/m);
    const lines = ran.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toEqual({ format: "gradlens-grid", files: [join(folder, "out/grid.png")] });
    const grid = await readPicture(join(folder, "out/grid.png"));
    // Three rows of picture and two maps, none smaller than the picture.
    expect(grid.width).toBeGreaterThan(900);
    expect(grid.height).toBeGreaterThan(600);
    await expectHolds(join(folder, "out/grid.png"), join(folder, "out/x.png/weights/layercam-cat.png"));
    await expectHolds(join(folder, "out/grid.png"), join(folder, "x.png"));
  });

  it("is the same from results that were there", async () => {
    const folder = await userFolder();
    const first = await run(folder, [...MINE, ...ALL, "--grid"]);
    expect(first.code).toBe(0);
    const bytes = readFileSync(join(folder, "out/grid.png"));
    rmSync(join(folder, "out/grid.png"));
    const again = await run(folder, [...MINE, ...ALL, "--grid"]);
    expect(again).toMatchObject({ code: 0, asked: [] });
    expect(Buffer.compare(bytes, readFileSync(join(folder, "out/grid.png")))).toBe(0);
  });

  it("shows what was requested for, not what else is in the folder", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--method", "layercam", "--target", "cat,dog"]);
    await run(folder, [...MINE, "--grid", "method"]);
    const one = readFileSync(join(folder, "out/grid.png"));
    const alone = await userFolder();
    await run(alone, [...MINE, "--grid", "method"]);
    expect(Buffer.compare(one, readFileSync(join(alone, "out/grid.png")))).toBe(0);
  });

  it("gives further grids, and removes those of an earlier run", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, ...ALL, "--grid", "method"]);
    expect(tree(join(folder, "out")).filter((name) => name.startsWith("grid"))).toEqual([
      "grid-2.png",
      "grid-3.png",
      "grid.png",
    ]);
    await run(folder, [...MINE, "--grid"]);
    expect(tree(join(folder, "out")).filter((name) => name.startsWith("grid"))).toEqual(["grid.png"]);
  });

  it("never replaces a file of others without --force", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "out"));
    writeFileSync(join(folder, "out/grid.png"), "mine");
    const refused = await run(folder, [...MINE, "--grid"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^gradlens: .*grid\.png exists and is not a grid of gradlens: --force/);
    expect(tree(join(folder, "out"))).toEqual(["grid.png"]);
    expect((await run(folder, [...MINE, "--grid", "--force"])).code).toBe(0);
  });

  it("leaves the maps, and grids that are complete, on Ctrl-C", async () => {
    const folder = await userFolder();
    const stop = new AbortController();
    const model = { dispose: () => stop.abort() };
    const ran = await run(folder, [...MINE, ...ALL, "--grid", "method"], { model, signal: stop.signal });
    expect(ran.code).toBe(130);
    expect(ran.stderr).toMatch(/^gradlens: interrupted; the maps are complete, 0 of 3 grids are drawn$/m);
    expect(tree(join(folder, "out")).filter((name) => name.startsWith("grid"))).toEqual([]);

    const dir = join(folder, "out/x.png/weights");
    const manifest = { ...parseManifest(readFileSync(join(dir, "manifest.json"), "utf8"), dir)!, dir };
    const picture = () => readPicture(join(folder, "x.png"));
    const methods = ["gradcam", "layercam"];
    const source = {
      image: "x.png",
      model: "m",
      manifest,
      requested: manifest.maps,
      methods,
      refused: [],
      picture,
    };
    const place = new GridPlace(join(folder, "out"), [], false);
    const second = new AbortController();
    const seen: Progress[] = [];
    const onProgress = (progress: Progress): void => {
      if (seen.push(progress) === 5) second.abort();
    };
    const drawn = writeGrid([source], parseGrid("method"), place, { signal: second.signal, onProgress });
    await expect(drawn).rejects.toThrow("the maps are complete, 1 of 3 grids are drawn");
    expect(seen.map(({ done, total }) => `${done}/${total}`)).toEqual(["0/9", "1/9", "2/9", "3/9", "4/9"]);
    expect(tree(join(folder, "out")).filter((name) => name.startsWith("grid"))).toEqual(["grid.png"]);
  });

  it("leaves the name to a picture that has it", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "grid.png"), 9);
    const ran = await run(folder, [
      "cam",
      "--weights",
      "weights.safetensors",
      "--image",
      "grid.png",
      "--grid",
    ]);
    expect(ran.code).toBe(0);
    expect(tree(join(folder, "out"))).toEqual(expect.arrayContaining(["grid-2.png", "grid.png/"]));
  });

  it("takes the picture of stdin", async () => {
    const folder = await userFolder();
    const stdin = readFileSync(join(folder, "x.png"));
    const argv = ["cam", "--weights", "weights.safetensors", "--image", "-", "--grid"];
    expect((await run(folder, argv, { stdin })).code).toBe(0);
    expect(tree(join(folder, "out"))).toContain("grid.png");
  });

  it("says which letters its fonts have not", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "names.txt"), "แมว\n狗\nc\n");
    const { code, stderr } = await run(folder, [...MINE, ...ALL, "--labels", "names.txt", "--grid"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/no font of gradlens has แ ม ว: /);
  });

  it("is refused in one line where its words make no sense", async () => {
    const { code, stderr } = await run(await userFolder(), [...MINE, "--grid", "method", "x", "nonsense"]);
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain('"nonsense" is not an axis');
  });
});

/** That a picture's pixels lie somewhere in another's. */
async function expectHolds(outer: string, inner: string): Promise<void> {
  const raw = async (path: string) => sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [all, part] = [await raw(outer), await raw(inner)];
  const row = (y: number) => part.data.subarray(3 * y * part.info.width, 3 * (y + 1) * part.info.width);
  const places: number[] = [];
  for (let at = all.data.indexOf(row(0)); at >= 0; at = all.data.indexOf(row(0), at + 1)) places.push(at);
  const found = places.some((at) =>
    Array.from({ length: part.info.height }, (_, y) => at + 3 * y * all.info.width).every(
      (start, y) => Buffer.compare(all.data.subarray(start, start + 3 * part.info.width), row(y)) === 0,
    ),
  );
  expect(found, `${inner} in ${outer}`).toBe(true);
}
