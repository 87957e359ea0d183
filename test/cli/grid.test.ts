/** @file `--grid`: what it may say, and what becomes of the files. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../src/cam/request/types.js";
import { parseHeadings } from "../../src/cli/grid/heading-file.js";
import { parseGrid } from "../../src/cli/grid/parse-grid.js";
import { cropFor } from "../../src/image/crop.js";
import { partOf } from "../../src/figure/layout/rects.js";
import { gridSourceOf } from "../../src/cli/grid/grid-sources.js";
import { headingsOf } from "../../src/figure/grid/headings.js";
import { GridPlace, writeGrid } from "../../src/cli/grid/write.js";
import { parseManifest } from "../../src/results/manifest-text.js";
import { readPicture } from "../../src/node/read-picture.js";
import { readPdf } from "../reference/pdf.js";
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
  ])("--grid is parsed: %s", (text, spec) => {
    expect(parseGrid(text)).toEqual(spec);
  });

  it.each([
    ["method x targt", /"targt" is not an axis.*did you mean target/],
    ["colour", /"colour" is not an axis; give ROWSxCOLUMNS/],
    ["method x method", /names method twice/],
    ["method x target x layer", /names 3 axes/],
    ["x", /"x" is not an axis/],
  ])("--grid refuses %s", (text, words) => {
    expect(() => parseGrid(text)).toThrow(words);
  });
});

const MINE = ["cam", "--weights", "weights.safetensors", "--image", "x.png"];
const ALL = ["--method", "gradcam,layercam", "--target", "all"];

describe("gradlens cam --grid", () => {
  it("--grid writes a picture of the run's maps, and names it on stderr and in --json", async () => {
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
    // A row of the picture and three of two maps, none smaller than the picture.
    expect(grid.width).toBeGreaterThan(600);
    expect(grid.height).toBeGreaterThan(800);
    await expectHolds(join(folder, "out/grid.png"), join(folder, "out/x/weights/layercam-cat.png"));
    await expectHolds(join(folder, "out/grid.png"), join(folder, "x.png"));
  });

  it("--grid draws the same from results of an earlier run", async () => {
    const folder = await userFolder();
    const first = await run(folder, [...MINE, ...ALL, "--grid"]);
    expect(first.code).toBe(0);
    const bytes = readFileSync(join(folder, "out/grid.png"));
    rmSync(join(folder, "out/grid.png"));
    const again = await run(folder, [...MINE, ...ALL, "--grid"]);
    expect(again).toMatchObject({ code: 0, asked: [] });
    expect(Buffer.compare(bytes, readFileSync(join(folder, "out/grid.png")))).toBe(0);
  });

  it("--grid shows the requested maps, not others of the folder", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--method", "layercam", "--target", "cat,dog"]);
    await run(folder, [...MINE, "--grid", "method"]);
    const one = readFileSync(join(folder, "out/grid.png"));
    const alone = await userFolder();
    await run(alone, [...MINE, "--grid", "method"]);
    expect(Buffer.compare(one, readFileSync(join(alone, "out/grid.png")))).toBe(0);
  });

  it("--grid may be given several times, and removes the grids of an earlier run", async () => {
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

  it("--grid never replaces a file of others without --force", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "out"));
    writeFileSync(join(folder, "out/grid.png"), "mine");
    const refused = await run(folder, [...MINE, "--grid"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^gradlens: .*grid\.png exists and is not a grid of gradlens: --force/);
    expect(tree(join(folder, "out"))).toEqual(["grid.png"]);
    expect((await run(folder, [...MINE, "--grid", "--force"])).code).toBe(0);
  });

  it("--grid keeps the maps, and grids that are complete, on Ctrl-C", async () => {
    const folder = await userFolder();
    const stop = new AbortController();
    const model = { dispose: () => stop.abort() };
    const ran = await run(folder, [...MINE, ...ALL, "--grid", "method"], { model, signal: stop.signal });
    expect(ran.code).toBe(130);
    expect(ran.stderr).toMatch(/^gradlens: interrupted; the maps are complete, 0 of 3 grids are drawn$/m);
    expect(tree(join(folder, "out")).filter((name) => name.startsWith("grid"))).toEqual([]);

    const dir = join(folder, "out/x/weights");
    const manifest = { ...parseManifest(readFileSync(join(dir, "manifest.json"), "utf8"), dir)!, dir };
    const picture = () => readPicture(join(folder, "x.png"));
    const methods = ["gradcam", "layercam"];
    const source = gridSourceOf({
      image: "x.png",
      model: "m",
      manifest,
      requested: manifest.maps,
      targets: [0, 1, 2],
      guided: false,
      overlaySize: "image",
      methods,
      refused: [],
      picture,
    });
    const place = new GridPlace(join(folder, "out"), [], false);
    const second = new AbortController();
    const seen: Progress[] = [];
    const onProgress = (progress: Progress): void => {
      if (seen.push(progress) === 5) second.abort();
    };
    const settings = { spec: parseGrid("method"), format: "png", headings: headingsOf() } as const;
    const drawn = writeGrid([source], settings, place, { signal: second.signal, onProgress });
    await expect(drawn).rejects.toThrow("the maps are complete, 1 of 3 grids are drawn");
    expect(seen.map(({ done, total }) => `${done}/${total}`)).toEqual(["0/9", "1/9", "2/9", "3/9", "4/9"]);
    expect(tree(join(folder, "out")).filter((name) => name.startsWith("grid"))).toEqual(["grid.png"]);
  });

  it("a grid gets another name beside a picture that has its name", async () => {
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
    expect(tree(join(folder, "out"))).toEqual(expect.arrayContaining(["grid.png", "grid/"]));
  });

  it("--grid draws the picture of stdin", async () => {
    const folder = await userFolder();
    const stdin = readFileSync(join(folder, "x.png"));
    const argv = ["cam", "--weights", "weights.safetensors", "--image", "-", "--grid"];
    expect((await run(folder, argv, { stdin })).code).toBe(0);
    expect(tree(join(folder, "out"))).toContain("grid.png");
  });

  it("--grid names the letters that its fonts lack", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "names.txt"), "แมว\n狗\nc\n");
    const { code, stderr } = await run(folder, [...MINE, ...ALL, "--labels", "names.txt", "--grid"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/no font of gradlens has แ ม ว: /);
  });

  it("--grid with impossible words is refused in one line", async () => {
    const { code, stderr } = await run(await userFolder(), [...MINE, "--grid", "method", "x", "nonsense"]);
    expect(code).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain('"nonsense" is not an axis');
  });
});

describe("the look of a grid", () => {
  const grids = (folder: string) => tree(join(folder, "out")).filter((name) => name.startsWith("grid"));

  it("a grid has the requested format, resolution, cells, title and words", async () => {
    const folder = await userFolder();
    writeFileSync(
      join(folder, "words.txt"),
      "# for the paper\ndog = Hund = dog\n\npicture=Input\nwolf=Wolf\n",
    );
    const look = [
      "--cell",
      "2in",
      "--dpi",
      "150",
      "--title",
      "Figure 2",
      "--headings",
      "proper",
      "words.txt",
    ];
    const argv = [...MINE, ...ALL, "--guided", "--grid", "target x method", "--grid-format", "pdf", ...look];
    const ran = await run(folder, argv);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toMatch(/^Grid +out\/grid\.pdf$/m);
    expect(ran.stderr).toMatch(/^Note +--headings: on no grid is "wolf"$/m);
    const { pieces, images } = await readPdf(readFileSync(join(folder, "out/grid.pdf")));
    const text = pieces.map(({ str }) => str).join(" ");
    for (const words of ["Figure 2", "Hund = dog 0.905", "Input", "Grad-CAM", "Guided LayerCAM"])
      expect(text).toContain(words);
    // 20x12 pixels in a cell of 2 inches.
    expect(images[0]).toMatchObject({ width: 300, height: 180 });
    expect(grids(folder)).toEqual(["grid.pdf"]);
  });

  it("a grid of another format leaves grids of the first format alone", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, ...ALL, "--grid", "method"]);
    await run(folder, [...MINE, "--grid", "--grid-format", "svg", "--title", "none"]);
    await run(folder, [...MINE, "--grid", "--grid-format", "svg"]);
    expect(grids(folder)).toEqual(["grid-2.png", "grid-3.png", "grid.png", "grid.svg"]);
  });

  it("a grid shows guided Grad-CAM where the model's crop was", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "x.png"), 5, 300, 260);
    const look = ["--size", "6", "--crop-pct", "0.5", "--cell", "300px", "--title", "none"];
    await run(folder, [...MINE, "--guided", ...look, "--grid", "method"]);
    const grid = await readPicture(join(folder, "out/grid.png"));
    const at = (x: number, y: number) => [
      ...grid.data.subarray(3 * (y * grid.width + x), 3 * (y * grid.width + x + 1)),
    ];
    // The fourth cell is guided Grad-CAM: plain ground, and a gradient where the crop is.
    const crop = partOf(
      { left: 0, top: 0, width: 300, height: 260 },
      cropFor({ width: 300, height: 260 }, { width: 6, height: 6 }, 0.5),
    );
    const ground = [240, 241, 243];
    const left = grid.width - 20 - 300;
    const top = [...Array(grid.height).keys()].find((y) => at(left + 1, y).join() === "240,241,243")!;
    const middle = top + crop.top + Math.floor(crop.height / 2);
    expect(at(left + crop.left - 1, middle)).toEqual(ground);
    expect(at(left + crop.left, middle)).not.toEqual(ground);
    expect(at(left + crop.left + crop.width - 1, middle)).not.toEqual(ground);
    expect(at(left + crop.left + crop.width, middle)).toEqual(ground);
  });

  it("the run names the maps that stand on no grid", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 9);
    const none = await run(folder, [...MINE, "--min-probability", "0.99", "--grid"]);
    expect(none.stderr).toMatch(/^No grid +no map to show$/m);
    const model = { refusals: () => [{ method: "guided", reason: "no ReLU" } as const] };
    const { stderr } = await run(folder, [...MINE, "--guided", "--grid"], { model });
    expect(stderr).toMatch(/^Note +on no grid: guided backprop of weights\.safetensors \(no ReLU\)$/m);
  });

  it.each([
    [["--dpi", "300"], /^gradlens: --dpi is for a grid: add --grid$/],
    [["--grid", "--cell", "9m"], /^gradlens: --cell "9m": give a length from 0\.5in to 40in/],
    [["--grid", "--grid-format", "jpg"], /"jpg" is not one of png, svg, pdf/],
    [["--grid", "--dpi", "5"], /--dpi "5": give a number from 36 to 1200/],
    [["--grid", "--headings", "nowhere.txt"], /headings nowhere\.txt/],
  ])("the command refuses %j in one line", async (more, words) => {
    const ran = await run(await userFolder(), [...MINE, ...more]);
    expect(ran).toMatchObject({ code: 2, asked: [] });
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    expect(ran.stderr.trim()).toMatch(words);
  });

  it("the command refuses a page of too many pixels, and names the way out", async () => {
    const folder = await userFolder();
    const huge = ["--grid", "method", "--cell", "40in", "--dpi", "600"];
    const ran = await run(folder, [...MINE, ...ALL, ...huge]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /the grid would have \d+x\d+ pixels, more than 134217728: use a smaller cell or dpi/,
    );
    expect(grids(folder)).toEqual([]);
  });
});

describe("a file of headings", () => {
  it("a file of headings may have the encodings of label files, which the run prints", async () => {
    const folder = await userFolder();
    const words = "gradcam = Méthode\n";
    writeFileSync(join(folder, "utf8.txt"), words);
    // As PowerShell 5 writes it.
    writeFileSync(join(folder, "utf16.txt"), Buffer.from(`\uFEFF${words}`, "utf16le"));
    const grids = [];
    for (const file of ["utf8.txt", "utf16.txt"]) {
      const { code, stderr } = await run(folder, [...MINE, "--grid", "--headings", file]);
      expect(code, stderr).toBe(0);
      expect(/^Note +headings .* is read as UTF-16 \(little-endian\)$/m.test(stderr)).toBe(
        file === "utf16.txt",
      );
      grids.push(readFileSync(join(folder, "out/grid.png")));
    }
    expect(Buffer.compare(grids[0]!, grids[1]!)).toBe(0);
  });

  it.each([
    [
      "a = b\r\nc=d = e",
      [
        ["a", "b"],
        ["c", "d = e"],
      ],
    ],
    [
      '{"gradcam": "Grad-CAM", "x": ""}',
      [
        ["gradcam", "Grad-CAM"],
        ["x", ""],
      ],
    ],
    ["", []],
  ])("a file of headings is parsed: %j", (text, entries) => {
    expect(parseHeadings(text, "words.txt")).toEqual(entries);
  });

  it.each([
    ["a = b\nno sign", /^headings w has no name and words in line 2: give lines of NAME = WORDS, or JSON/],
    [" = b", /line 1/],
    ['{"a": 1}', /has no text for "a": give lines/],
    ["{a}", /is not valid JSON/],
  ])("a file of headings is refused: %j", (text, words) => {
    expect(() => parseHeadings(text, "w")).toThrow(words);
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
