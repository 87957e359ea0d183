/** @file `--report` and `gradlens report`: the page's data against the manifests and files that it is made of. */

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { ReportIndex, ReportPictures } from "../../src/report/data.js";
import { run, userFolder, writePicture } from "./fake.js";
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
  it("writes a page with the scores, the map's values and the picture below it", async () => {
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

  it("refers to nothing outside: no address but the results' own", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--report"]);
    const page = readFileSync(join(folder, REPORT), "utf8");
    expect(page).toContain("default-src 'none'");
    expect(page.match(/\b(?:https?:)?\/\/[\w.-]+\.\w+/g) ?? []).toEqual([]);
  });

  it("keeps labels that look like HTML as texts", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "names.txt"), "</script><b>\n<!-- <script>\nplain\n");
    await run(folder, [...MINE, "--labels", "names.txt", "--target", "all", "--report"]);
    const [entry] = indexOf(folder).entries;
    expect(entry!.maps.map(({ label }) => label)).toContain("</script><b>");
    expect(entry!.maps.map(({ label }) => label)).toContain("<!-- <script>");
    expect(picturesOf(folder).maps).toHaveLength(3);
  });

  it("adds a later run's results, and says which maps were saved without values", async () => {
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

  it("links the manifests that are there, in folders and in one for all", async () => {
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

  it("does not replace a file of others, unless forced", async () => {
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

  it("prints the page's path for programs", async () => {
    const folder = await userFolder();
    const { stdout } = await run(folder, [...MINE, "--report", "--json"]);
    const last = stdout.trim().split("\n").at(-1)!;
    expect(JSON.parse(last)).toEqual({ format: "gradlens-report", files: [join(folder, REPORT)] });
  });
});

describe("gradlens report", () => {
  it("makes the page again, with the pictures that it is given, wherever they are now", async () => {
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

  it("shows what the model saw below maps of the input's size", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--report", "--overlay-size", "input"]);
    const { grounds, maps } = picturesOf(folder);
    expect(await greyOf(grounds[0]!)).toMatchObject({ width: 8, height: 6 });
    expect(await greyOf(maps[0]!.url)).toMatchObject({ width: 8, height: 6 });
  });

  it("names a folder without results, and a map that is gone", async () => {
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
