/** @file Files put into a folder all together or not at all, and manifests as text. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  disagreement,
  manifestOf,
  manifestText,
  parseManifest,
  type Manifest,
} from "../../src/cli/results/manifest.js";
import { commitResults } from "../../src/cli/results/output.js";
import { temporaryFolder, tree } from "./fake.js";

const manifestWith = (...overlays: string[]): Manifest =>
  manifestOf({
    versions: { gradlens: "1" },
    adapter: { name: "a", kind: "gpu", vendor: "v", architecture: "", boundsChecks: true },
    weights: { file: "w", bytes: 4, sha256: "0".repeat(64) },
    picture: { file: "x.png", sha256: "1".repeat(64), width: 2, height: 1 },
    arch: "densenet121",
    spelling: "torchvision",
    preprocessing: { size: [32, 32], channels: 3, mean: [0, 0, 0], std: [1, 1, 1], bgr: false, resize: "r" },
    layers: ["l"],
    assumed: [],
    differences: [],
    labels: ["[\n 1,\n 2\n]"],
    activation: "sigmoid",
    logits: [-1.5e-7, 2],
    scores: [0.5, 0.9],
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

const files = (...names: string[]) => new Map(names.map((name) => [name, Buffer.from(name)]));

describe("commitResults", () => {
  it("puts everything in place and leaves nothing else", () => {
    const folder = join(temporaryFolder(), "a/b");
    commitResults({
      folder,
      files: files("1", "2"),
      manifest: manifestWith("1", "2"),
      before: undefined,
      force: false,
    });
    expect(tree(folder)).toEqual(["1", "2", "manifest.json"]);
  });

  it("leaves nothing at all where a file cannot be written, not even the folders it made", () => {
    const top = temporaryFolder();
    mkdirSync(join(top, "mine"));
    const long = "x".repeat(300);
    expect(() =>
      commitResults({
        folder: join(top, "mine/a/b"),
        files: files("1", long),
        manifest: manifestWith("1", long),
        before: undefined,
        force: false,
      }),
    ).toThrow(/too long.*--out/);
    expect(tree(top)).toEqual(["mine/"]);
  });

  it("takes back what it had moved where a later file cannot be, and keeps the manifest that was there", () => {
    const folder = temporaryFolder();
    const before = manifestWith("0");
    commitResults({ folder, files: files("0"), manifest: before, before: undefined, force: false });
    mkdirSync(join(folder, "2"));
    const now = manifestWith("0", "1", "2");
    expect(() =>
      commitResults({ folder, files: files("1", "2"), manifest: now, before, force: true }),
    ).toThrow(/--out/);
    expect(tree(folder)).toEqual(["0", "2/", "manifest.json"]);
    expect(parseManifest(readFileSync(join(folder, "manifest.json"), "utf8"), "m")).toEqual(before);
  });

  it("removes files of ours that are no longer named, and nobody else's", () => {
    const folder = temporaryFolder();
    const before = manifestWith("old", "same");
    commitResults({ folder, files: files("old", "same"), manifest: before, before: undefined, force: false });
    writeFileSync(join(folder, "theirs"), "");
    commitResults({
      folder,
      files: files("new"),
      manifest: manifestWith("new", "same"),
      before,
      force: false,
    });
    expect(tree(folder)).toEqual(["manifest.json", "new", "same", "theirs"]);
  });

  it("replaces no file that is not ours", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "1"), "theirs");
    const commit = { folder, files: files("1"), manifest: manifestWith("1"), before: undefined };
    expect(() => commitResults({ ...commit, force: false })).toThrow("is there already");
    expect(existsSync(join(folder, "manifest.json"))).toBe(false);
    commitResults({ ...commit, force: true });
    expect(readFileSync(join(folder, "1"), "utf8")).toBe("1");
  });
});

describe("a manifest", () => {
  it("is the same after being written and read", () => {
    const manifest = manifestWith("a.png");
    const text = manifestText(manifest);
    expect(parseManifest(text, "m")).toEqual(manifest);
    expect(text).toContain('"logits": [-1.5e-7, 2],\n');
  });

  it.each([
    ["no JSON", "{"],
    ["another format", '{"format": "other"}'],
    ["null", "null"],
    ["one without maps", '{"format": "gradlens-manifest", "formatVersion": 1}'],
    ["one that names files elsewhere", manifestText(manifestWith("../../evil"))],
    ["one with regions that are none", damaged({ regions: { level: 0.5, found: [{}] } })],
    ["one with regions of nothing", damaged({ regions: null })],
    ["one that names a folder", manifestText(manifestWith(".."))],
  ])("is not taken from %s", (_, text) => expect(parseManifest(text, "m")).toBeUndefined());

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
  ])("differs from %j by %s", (change, words) => {
    expect(disagreement(manifestWith(), { ...manifestWith(), ...change })).toBe(words);
  });
});
