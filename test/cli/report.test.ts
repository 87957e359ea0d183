/** @file `--report` and `gradlens report`: the page's data against the manifests and files that it is made of. */

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { ReportIndex, ReportPictures } from "../../src/report/data.js";
import { writeReport } from "../../src/cli/html-report/write.js";
import { findMaps, mostOf, NO_FILTER, SORTS } from "../../src/report/client/filter.js";
import { filesOfMap } from "../../src/results/manifest-records.js";
import { run, tree, userFolder, writePicture } from "./fake.js";
import { manifestIn, MINE } from "./made-manifest.js";

const REPORT = "out/report.html";

/** The JSON of the elements of a page, by their ids. */
function dataOf(folder: string): Map<string, unknown> {
  const page = readFileSync(join(folder, REPORT), "utf8");
  const elements = page.matchAll(/<script type="application\/json" id="([\w-]+)">(.*?)<\/script>/gs);
  return new Map([...elements].map(([, id, json]) => [id!, JSON.parse(json!) as unknown]));
}

const indexOf = (folder: string): ReportIndex => dataOf(folder).get("index") as ReportIndex;
const picturesOf = (folder: string, entry = 0): ReportPictures =>
  dataOf(folder).get(`pictures-${entry}`) as ReportPictures;

/** Grey values of a picture in a data URL, and its size. */
async function greyOf(url: string) {
  const bytes = Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
  const { data, info } = await sharp(bytes).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  return { data: [...data], ...info };
}

describe("cam --report", () => {
  it("--report writes a page with the scores, the map's values and the picture below it", async () => {
    const folder = await userFolder();
    const ran = await run(folder, [...MINE, "--target", "dog,cat", "--report"]);
    expect(ran).toMatchObject({ code: 0, open: 0 });
    expect(ran.stderr).toContain(`Report    ${REPORT}`);
    const manifest = manifestIn(folder);
    const { entries, models } = indexOf(folder);
    expect(models).toMatchObject([{ arch: "densenet121", weights: "weights.safetensors" }]);
    expect(entries).toMatchObject([
      { file: "x.png", width: 20, height: 12, model: 0, scores: [{ label: "dog" }, {}, { label: "cat" }] },
    ]);
    const [entry] = entries;
    expect(entry!.maps.map(({ label, score }) => [label, score])).toEqual(
      manifest.maps.map(({ target }) => [target.label, target.score]),
    );
    for (const { files } of entry!.maps)
      for (const file of files) expect(existsSync(join(folder, "out", file)), file).toBe(true);
    const { grounds, maps } = picturesOf(folder);
    expect(maps).toMatchObject([
      { kind: "map", ground: 0 },
      { kind: "map", ground: 0 },
    ]);
    expect(await greyOf(grounds[0]!)).toMatchObject({ width: 20, height: 12 });
    expect(grounds[0]).toMatch(/^data:image\/jpeg;/);
    expect(maps[0]!.url).toMatch(/^data:image\/png;/);
    const saved = await sharp(join(manifest.dir, manifest.maps[0]!.heat!))
      .toColourspace("b-w")
      .raw()
      .toBuffer();
    expect(await greyOf(maps[0]!.url)).toMatchObject({ data: [...saved], channels: 1 });
  });

  it("--report refers to nothing outside: no address but the results' own", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--report"]);
    const page = readFileSync(join(folder, REPORT), "utf8");
    expect(page).toContain("default-src 'none'");
    expect(page.match(/\b(?:https?:)?\/\/[\w.-]+\.\w+/g) ?? []).toEqual([]);
  });

  it("--report keeps labels that look like HTML as texts", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "names.txt"), "</script><b>\n<!-- <script>\nplain\n");
    await run(folder, [...MINE, "--labels", "names.txt", "--target", "all", "--report"]);
    const [entry] = indexOf(folder).entries;
    expect(entry!.maps.map(({ label }) => label)).toContain("</script><b>");
    expect(entry!.maps.map(({ label }) => label)).toContain("<!-- <script>");
    expect(picturesOf(folder).maps).toHaveLength(3);
  });

  it("--report adds a later run's results, and says which maps were saved without values", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 10, 10);
    await run(folder, MINE);
    const { stderr } = await run(folder, [
      "--weights",
      "weights.safetensors",
      "--image",
      "y.png",
      "--report",
    ]);
    expect(indexOf(folder).entries).toHaveLength(2);
    expect(stderr).toMatch(/Note +1 map without saved values, shown as overlays/);
    const kinds = [0, 1].map((i) => picturesOf(folder, i).maps[0]!.kind);
    expect(kinds.sort()).toEqual(["map", "overlay"]);
  });

  it("--report links the manifests that are there, in folders and in one for all", async () => {
    for (const layout of [[], ["--flat"]]) {
      const folder = await userFolder();
      await writePicture(join(folder, "y.png"), 10, 10);
      const pictures = ["--weights", "weights.safetensors", "--image", "x.png", "y.png"];
      await run(folder, [...pictures, "--report", ...layout]);
      const manifests = indexOf(folder).entries.map(({ manifest }) => manifest);
      expect(new Set(manifests).size).toBe(2);
      for (const manifest of manifests)
        expect(existsSync(join(folder, "out", manifest)), manifest).toBe(true);
    }
  });

  it("--report does not replace a file of others, unless forced", async () => {
    const folder = await userFolder();
    await run(folder, MINE);
    writeFileSync(join(folder, REPORT), "mine");
    const refused = await run(folder, [...MINE, "--report"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /report\.html exists and is not a report of gradlens: --force replaces it/,
    );
    expect(readFileSync(join(folder, REPORT), "utf8")).toBe("mine");
    expect((await run(folder, [...MINE, "--report", "--force"])).code).toBe(0);
    expect((await run(folder, [...MINE, "--report"])).code).toBe(0);
  });

  it("--report lists every file of the results, also those of no map", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--guided", "--npy", "--report"]);
    const { guided, maps } = manifestIn(folder);
    const [entry] = indexOf(folder).entries;
    expect(entry!.files).toEqual(guided.map(({ picture }) => `x/weights/${picture}`));
    expect(guided).toHaveLength(1);
    expect(entry!.maps[0]!.files).toHaveLength(filesOfMap(maps[0]!).length);
  });

  it("--report places the boxes that people drew on what is shown, with the agreement of the map", async () => {
    for (const more of [[], ["--overlay-size", "input"], ["--overlay-size", "input", "--crop-pct", "0.5"]]) {
      const folder = await userFolder();
      writeFileSync(join(folder, "boxes.csv"), "image,label,x,y,width,height\nx.png,dog,5,3,10,6\n");
      await run(folder, [...MINE, "--truth", "boxes.csv", "--threshold", "0.5", "--report", ...more]);
      const { truth } = manifestIn(folder).maps[0]!;
      const [map] = indexOf(folder).entries[0]!.maps;
      // The 20x12 picture is seen whole as 8x6, or at the double size of 20x12, of which 8x6 is the centre.
      const boxes = more.length > 2 ? [[-0.125, 0, 1.25, 1]] : [[0.25, 0.25, 0.5, 0.5]];
      expect(map!.truth).toEqual({ ...truth, boxes });
      expect(Object.keys(truth!)).toEqual(["hit", "iou"]);
    }
  });

  it("--report is not begun, or leaves nothing, where Ctrl-C comes after the maps", async () => {
    for (const more of [[], ["--grid"]]) {
      const folder = await userFolder();
      const stop = new AbortController();
      const model = { dispose: () => stop.abort() };
      const ran = await run(folder, [...MINE, "--report", ...more], { model, signal: stop.signal });
      expect(ran.code).toBe(130);
      expect(ran.stderr.match(/^gradlens: interrupted; the maps are complete, .*$/gm)).toHaveLength(1);
      expect(tree(join(folder, "out")).filter((name) => /report|tmp/.test(name))).toEqual([]);
    }
  });

  it("--report leaves nothing of a page that Ctrl-C ends in its middle", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 10, 10);
    await run(folder, ["--weights", "weights.safetensors", "--image", "x.png", "y.png"]);
    const stop = new AbortController();
    const events = {
      version: "1",
      signal: stop.signal,
      onProgress: ({ done }: { done: number }) => done === 1 && stop.abort(),
    };
    const before = tree(join(folder, "out"));
    const written = writeReport(join(folder, "out"), () => Promise.resolve(undefined), events);
    await expect(written).rejects.toThrow();
    expect(tree(join(folder, "out"))).toEqual(before);
  });

  it("--report prints the page's path for programs", async () => {
    const folder = await userFolder();
    const { stdout } = await run(folder, [...MINE, "--report", "--json"]);
    const last = stdout.trim().split("\n").at(-1)!;
    expect(JSON.parse(last)).toEqual({ format: "gradlens-report", files: [join(folder, REPORT)] });
  });
});

describe("gradlens report", () => {
  it("gradlens report makes the page again, with the given pictures, wherever they are now", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--heat"]);
    const alone = await run(folder, ["report", "out"]);
    expect(alone.code).toBe(0);
    expect(alone.stderr).toMatch(/1 picture not found, .*gradlens report out --image FILES/);
    expect(picturesOf(folder).grounds).toEqual([]);
    writeFileSync(join(folder, "moved.png"), readFileSync(join(folder, "x.png")));
    rmSync(join(folder, "x.png"));
    const found = await run(folder, ["report", "out", "--image", "moved.png"]);
    expect(found.stderr).not.toContain("not found");
    expect(picturesOf(folder).grounds).toHaveLength(1);
  });

  it("gradlens report shows what the model saw below maps of the input's size", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--report", "--overlay-size", "input"]);
    const { grounds, maps } = picturesOf(folder);
    expect(await greyOf(grounds[0]!)).toMatchObject({ width: 8, height: 6 });
    expect(await greyOf(maps[0]!.url)).toMatchObject({ width: 8, height: 6 });
  });

  it("gradlens report reads no original for maps that were saved as overlays only", async () => {
    const folder = await userFolder();
    await run(folder, MINE);
    const { code, stderr } = await run(folder, ["report", "out"]);
    expect(code).toBe(0);
    expect(stderr).not.toContain("not found");
    expect(stderr).toMatch(/1 map without saved values/);
  });

  it("gradlens report names a missing folder, with the nearest name", async () => {
    const folder = await userFolder();
    await run(folder, MINE);
    for (const [named, words] of [
      ["oot", /^gradlens: results .*oot: no such file or folder: did you mean out\?$/m],
      ["x.png", /^gradlens: results .*x\.png: this is a file, not a folder; name the folder of cam --out$/m],
      ["x.png/y", /^gradlens: results .*y: .*; name the folder of cam --out$/m],
    ] as const) {
      const { code, stderr } = await run(folder, ["report", named]);
      expect(code, named).toBe(2);
      expect(stderr).toMatch(words);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
  });

  it("gradlens report names a folder without results, and a map that is gone", async () => {
    const folder = await userFolder();
    const none = await run(folder, ["report", "."]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("holds no results") as string });
    await run(folder, [...MINE, "--heat"]);
    const { dir, maps } = manifestIn(folder);
    rmSync(join(dir, maps[0]!.heat!));
    const { code, stderr } = await run(folder, ["report", "out"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/gradcam-dog\.heat\.png.*run the same cam command again/);
    expect(existsSync(join(folder, REPORT))).toBe(false);
  });
});

it("gradlens report sorts and measures more maps than a call may have arguments", () => {
  const maps = Array.from({ length: 150_000 }, (_, i) => ({
    ...{ method: "gradcam", layers: "", label: "cat", score: i, colormap: "jet", alpha: 0.5 },
    ...{ signed: false, peakToBorder: i, notes: [], flat: false, files: [] },
  })) satisfies ReportIndex["entries"][number]["maps"];
  const entry = { name: "x", file: "x", width: 1, height: 1, model: 0, manifest: "", scores: [], files: [] };
  const index = { title: "", made: "", version: "", models: [], entries: [{ ...entry, maps, refused: [] }] };
  for (const sort of SORTS) expect(findMaps(index, { ...NO_FILTER, sort })[0]!.maps.length).toBe(maps.length);
  expect(mostOf(maps.map(({ score }) => score))).toBe(maps.length - 1);
});
