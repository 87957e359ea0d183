/** @file Files put into a folder all together or not at all, and manifests as text. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { manifestOf, type Manifest } from "../../src/results/manifest.js";
import { disagreement } from "../../src/results/result-identity.js";
import { manifestText, parseManifest } from "../../src/results/manifest-text.js";
import { commitResults } from "../../src/cli/results/store.js";
import { temporaryFolder, tree } from "./fake.js";

const manifestWith = (...overlays: string[]): Manifest =>
  manifestOf({
    versions: { gradlens: "1" },
    adapter: { name: "a", kind: "gpu", vendor: "v", architecture: "", boundsChecks: true },
    weights: { file: "w", bytes: 4, sha256: "0".repeat(64) },
    picture: { file: "x.png", sha256: "1".repeat(64), width: 2, height: 1 },
    arch: "densenet121",
    spelling: "torchvision",
    preprocessing: {
      size: [32, 32],
      channels: 3,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      bgr: false,
      resize: "opencv-bilinear",
    },
    layers: ["l"],
    assumed: [],
    differences: [],
    labels: ["[\n 1,\n 2\n]"],
    activation: "sigmoid",
    logits: [-1.5e-7, 2, 0, 0, 0],
    scores: [0.5, 0.9, 0.5, 0.5, 0.5],
    dir: "/d",
    timings: {},
    maps: overlays.map((overlay, index) => ({
      method: "gradcam",
      layers: ["l"],
      target: { index, logit: 1, score: 1 },
      augSmooth: false,
      eigenSmooth: false,
      rendering: { colormap: "jet", alpha: 0.5, overlaySize: "image" },
      overlay,
      peak: [0, 0],
    })),
    guided: [],
  });

/** A manifest's text whose map has `entries` too. */
const damaged = (entries: object): string => {
  const manifest = manifestWith("a.png");
  return JSON.stringify({ ...manifest, maps: [{ ...manifest.maps[0], ...entries }] });
};

const contents = (...names: string[]) => new Map(names.map((name) => [name, Buffer.from(name)]));

/** Puts files with these names into a folder, and a manifest that names `named`. */
const commit = (folder: string, names: string[], named = names, force = false) =>
  commitResults({ folder, files: contents(...names), manifest: () => manifestWith(...named), force });

const manifestOfFolder = (folder: string): Manifest | undefined =>
  parseManifest(readFileSync(join(folder, "manifest.json"), "utf8"), "m");

describe("commitResults", () => {
  it("commitResults puts everything in place and leaves nothing else", async () => {
    const folder = join(temporaryFolder(), "a/b");
    const manifest = await commit(folder, ["1.png", "2.npy"]);
    expect(tree(folder)).toEqual(["1.png", "2.npy", "manifest.json"]);
    expect(manifestOfFolder(folder)).toEqual(manifest);
    const sha256 = createHash("sha256").update("1.png").digest("hex");
    expect(manifest.files).toMatchObject({ "1.png": sha256 });
  });

  it("commitResults leaves nothing at all where a file cannot be written, not even the folders it made", async () => {
    const top = temporaryFolder();
    mkdirSync(join(top, "mine"));
    const long = `${"x".repeat(300)}.png`;
    await expect(commit(join(top, "mine/a/b"), ["1.png", long])).rejects.toThrow(/too long.*--out/);
    expect(tree(top)).toEqual(["mine/"]);
  });

  it("commitResults moves files back where a later one fails, and keeps the earlier manifest", async () => {
    const folder = temporaryFolder();
    const before = await commit(folder, ["0.png"]);
    mkdirSync(join(folder, "2.png"));
    const all = ["0.png", "1.png", "2.png"];
    await expect(commit(folder, ["1.png", "2.png"], all, true)).rejects.toThrow(/--out/);
    expect(tree(folder)).toEqual(["0.png", "2.png/", "manifest.json"]);
    expect(manifestOfFolder(folder)).toEqual(before);
  });

  it("the manifest no longer names replaced files where commitResults fails at a later one", async () => {
    const folder = temporaryFolder();
    await commit(folder, ["0.png", "1.png"]);
    mkdirSync(join(folder, "2.png"));
    const all = ["0.png", "1.png", "2.png"];
    await expect(commit(folder, ["1.png", "2.png"], all, true)).rejects.toThrow(/--out/);
    expect(manifestOfFolder(folder)!.maps.map(({ overlay }) => overlay)).toEqual(["0.png"]);
    rmSync(join(folder, "2.png"), { recursive: true });
    const { writing } = await commit(folder, ["1.png", "2.png"], all);
    expect(writing).toBeUndefined();
    expect(tree(folder)).toEqual([...all, "manifest.json"]);
  });

  it("commitResults removes our files that are no longer named, and nobody else's", async () => {
    const folder = temporaryFolder();
    await commit(folder, ["old.png", "same.png", "changed.png"]);
    writeFileSync(join(folder, "theirs"), "");
    writeFileSync(join(folder, "changed.png"), "by the user");
    await commit(folder, ["new.png"], ["new.png", "same.png"]);
    expect(tree(folder)).toEqual(["changed.png", "manifest.json", "new.png", "same.png", "theirs"]);
  });

  it("commitResults replaces no file that is not ours", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "1.png"), "theirs");
    await expect(commit(folder, ["1.png"])).rejects.toThrow("exists");
    expect(existsSync(join(folder, "manifest.json"))).toBe(false);
    await commit(folder, ["1.png"], ["1.png"], true);
    expect(readFileSync(join(folder, "1.png"), "utf8")).toBe("1.png");
  });

  it("commitResults removes nothing by a manifest that gradlens did not write", async () => {
    const folder = temporaryFolder();
    await commit(folder, ["1.png"]);
    const mine = ["mine.txt", "mine.png", ".profile"];
    for (const name of mine) writeFileSync(join(folder, name), "precious");
    const hash = createHash("sha256").update("1.png").digest("hex");
    for (const name of mine) {
      const manifest = { ...manifestWith("1.png", name), files: { "1.png": hash, [name]: hash } };
      writeFileSync(join(folder, "manifest.json"), manifestText(manifest));
      await commit(folder, ["1.png"], ["1.png"], true);
      expect(readFileSync(join(folder, name), "utf8")).toBe("precious");
    }
  });

  it("commitResults merges what another run has put there meanwhile", async () => {
    const folder = temporaryFolder();
    const both = ["a", "b"].map((name) =>
      commitResults({
        folder,
        files: contents(`${name}.png`),
        manifest: (there) => ({
          ...manifestWith(),
          maps: [...(there?.maps ?? []), ...manifestWith(`${name}.png`).maps],
        }),
        force: false,
      }),
    );
    await Promise.all(both);
    expect(manifestOfFolder(folder)!.maps).toHaveLength(2);
    expect(tree(folder)).toEqual(["a.png", "b.png", "manifest.json"]);
  });
});

describe("a manifest", () => {
  it("a manifest is the same after being written and read", () => {
    const manifest = manifestWith("a.png");
    const text = manifestText(manifest);
    expect(parseManifest(text, "m")).toEqual(manifest);
    expect(text).toContain('"logits": [-1.5e-7, 2, 0, 0, 0],\n');
  });

  it.each([
    ["no JSON", "{"],
    ["another format", '{"format": "other"}'],
    ["null", "null"],
    ["one without maps", '{"format": "gradlens-manifest", "formatVersion": 1}'],
    ["one that names files elsewhere", manifestText(manifestWith("../../evil"))],
    ["one that names a file of another kind", manifestText(manifestWith("precious.txt"))],
    ["one with hashes that are none", JSON.stringify({ ...manifestWith("a.png"), files: { "a.png": "x" } })],
    [
      "one with hashes of files elsewhere",
      JSON.stringify({ ...manifestWith("a.png"), writing: { "../b.png": "0".repeat(64) } }),
    ],
    ["one with regions that are none", damaged({ regions: { level: 0.5, found: [{}] } })],
    ["one with regions of nothing", damaged({ regions: null })],
    ["one of no version", JSON.stringify({ ...manifestWith("a.png"), versions: undefined })],
    ["one of no architecture", JSON.stringify({ ...manifestWith("a.png"), arch: undefined })],
    ["one with a logit without a score", JSON.stringify({ ...manifestWith("a.png"), scores: [0.5] })],
    ["one whose labels are no texts", JSON.stringify({ ...manifestWith("a.png"), labels: [7] })],
    ["one with a target that is no index", damaged({ target: { index: -1, logit: 1, score: 1 } })],
    ["one with shares of channels that are none", damaged({ channels: [{}] })],
    ["one that names a folder", manifestText(manifestWith(".."))],
  ])("a manifest is not read from %s", (_, text) => expect(parseManifest(text, "m")).toBeUndefined());

  it.each<[change: Partial<Manifest>, words: string | undefined]>([
    [{}, undefined],
    [{ labels: null, logits: [], scores: [] }, undefined],
    [{ weights: { file: "w", bytes: 4, sha256: "9" } }, "other weights (w)"],
    [{ picture: { file: "x.png", sha256: "9", width: 2, height: 1 } }, "another picture"],
    [{ spelling: "timm" }, "another model (densenet121, torchvision)"],
    [
      { preprocessing: { ...manifestWith().preprocessing, bgr: true } },
      "other preprocessing (bgr false, now true)",
    ],
  ])("a manifest differs from %j by %s", (change, words) => {
    expect(disagreement(manifestWith(), { ...manifestWith(), ...change })).toBe(words);
  });
});
