/** @file Where results lie and what their files are called: folders, --flat, --name and --format. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../src/results/manifest.js";
import { run, tree, userFolder, writePicture, writeWeights } from "./fake.js";
import { manifestIn, MINE } from "./made-manifest.js";

const WEIGHTS = ["cam", "--weights", "weights.safetensors"];
const files = (folder: string): string[] => tree(join(folder, "out")).filter((name) => !name.endsWith("/"));

describe("folders", () => {
  it("folders of pictures whose names differ in the suffix alone stay apart, also run after run", async () => {
    const folder = await userFolder();
    await sharp(join(folder, "x.png")).jpeg().toFile(join(folder, "x.jpg"));
    await run(folder, [...WEIGHTS, "--image", "x.png"]);
    const { stderr } = await run(folder, [...WEIGHTS, "--image", "x.jpg"]);
    expect(stderr).toMatch(
      /^Beside .*out\/x\/weights holds results of another picture; .* go to .*\/x-jpg\/weights/m,
    );
    expect(files(folder).filter((name) => name.endsWith(".png"))).toEqual([
      "x-jpg/weights/gradcam-dog.png",
      "x/weights/gradcam-dog.png",
    ]);
    await run(folder, [...WEIGHTS, "--image", "x.jpg", "x.png", "--out", "both"]);
    expect(tree(join(folder, "both")).filter((name) => name.endsWith(".png"))).toEqual([
      "x-jpg/weights/gradcam-dog.png",
      "x-png/weights/gradcam-dog.png",
    ]);
  });
});

describe("--flat", () => {
  it("--flat puts all files into one folder, under names that are unique and the same in every run", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "in/a"), { recursive: true });
    for (const [i, name] of ["a/b.png", "a-b.png", "c.png"].entries())
      await writePicture(join(folder, "in", name), i);
    const argv = [...WEIGHTS, "--image", "in", "--flat", "--guided"];
    expect((await run(folder, argv)).code).toBe(0);
    const names = ["a-b", "a-b-2", "c"].flatMap((image) =>
      ["gradcam-dog.guided.png", "gradcam-dog.png", "guided-dog.png"].map(
        (file) => `${image}-weights-${file}`,
      ),
    );
    expect(files(folder).filter((name) => name.endsWith(".png"))).toEqual(names.sort());
    expect(await run(folder, argv)).toMatchObject({ code: 0, asked: [] });
    const manifest = JSON.parse(
      readFileSync(join(folder, "out/c-weights.manifest.json"), "utf8"),
    ) as Manifest;
    expect(manifest.maps).toMatchObject([{ overlay: "c-weights-gradcam-dog.png" }]);
  });

  it("--flat shortens names that no file system allows, and keeps them apart and readable at the end", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "in"));
    const long = (byte: string, bytes: number): string => byte.repeat(bytes);
    for (const [i, end] of ["a", "b"].entries())
      await writePicture(join(folder, "in", `${long("p", 240)}${end}.png`), i);
    await writeWeights(join(folder, `${long("w", 230)}.safetensors`));
    writeFileSync(join(folder, "names.txt"), `cat\n${long("狗", 90)}\nmouse\n`);
    const argv = ["cam", "--weights", `${long("w", 230)}.safetensors`, "--image", "in", "--flat", "--guided"];
    const all = [...argv, "--labels", "names.txt", "--target", "all", "--heat", "--npy", "--strip"];
    const more = ["--threshold", "0.5", "--report"];
    const ran = await run(folder, [...all, ...more]);
    expect(ran.code, ran.stderr).toBe(0);
    const names = files(folder);
    expect(Math.max(...names.map((name) => Buffer.byteLength(name)))).toBeLessThan(144);
    // 2 pictures with 3 maps of 6 files and 3 pictures of guided backprop, and a manifest.
    expect(names.filter((name) => name.startsWith("pppp"))).toHaveLength(2 * (3 * 6 + 3 + 1));
    expect(names.filter((name) => name.endsWith("-gradcam-cat.heat.png"))).toHaveLength(2);
    expect(await run(folder, [...all, ...more])).toMatchObject({ code: 0, asked: [] });
    expect(files(folder)).toEqual(names);
  });

  it("--flat keeps results of other settings beside", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--flat"]);
    const { stderr } = await run(folder, [...MINE, "--flat", "--size", "16"]);
    expect(stderr).toMatch(/^Beside /m);
    expect(files(folder)).toEqual([
      "scores.csv",
      "x-weights-2-gradcam-dog.png",
      "x-weights-2.manifest.json",
      "x-weights-gradcam-dog.png",
      "x-weights.manifest.json",
    ]);
    const named = [...MINE, "--flat", "--name", "{method}.png", "--out", "named"];
    await run(folder, named);
    await run(folder, [...named, "--size", "16"]);
    expect(tree(join(folder, "named")).filter((name) => name.endsWith(".png"))).toEqual([
      "gradcam-2.png",
      "gradcam.png",
    ]);
  });

  it("--flat needs {image} in a pattern for several pictures", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 7);
    const { code, stderr } = await run(folder, [
      ...WEIGHTS,
      "--image",
      "x.png",
      "y.png",
      "--flat",
      "--name",
      "m.png",
    ]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("put {image} into it") as string,
    });
  });
});

describe("--name", () => {
  it("--name makes the names of pytorch-grad-cam's tutorial in one folder", async () => {
    const folder = await userFolder();
    const names = ["{method}_{kind}.jpg", "cam=DenseNet_{method}_{kind}_{image}.jpg"];
    const argv = [
      ...WEIGHTS,
      "--image",
      "x.png",
      "--guided",
      "--flat",
      ...names.flatMap((name) => ["--name", name]),
    ];
    expect((await run(folder, argv)).code).toBe(0);
    const made = ["DenseNet_gradcam_cam_x.jpg", "gradcam_cam_gb.jpg", "gradcam_gb.jpg"];
    expect(files(folder)).toEqual([...made, "scores.csv", "x-weights.manifest.json"]);
    for (const name of made) expect((await sharp(join(folder, "out", name)).metadata()).format).toBe("jpeg");
    expect(await run(folder, argv)).toMatchObject({ code: 0, asked: [] });
  });

  it("--name may hold folders, which go when they are empty", async () => {
    const folder = await userFolder();
    const argv = [...MINE, "--guided", "--npy"];
    await run(folder, [...argv, "--name", "{kind}/{method}.jpg"]);
    expect(files(folder)).toEqual([
      "scores.csv",
      "x/weights/cam/gradcam.jpg",
      "x/weights/cam/gradcam.npy",
      "x/weights/cam_gb/gradcam.jpg",
      "x/weights/gb/gradcam.jpg",
      "x/weights/manifest.json",
    ]);
    await run(folder, [...argv, "--name", "{method}.jpg"]);
    expect(tree(join(folder, "out/x/weights"))).toEqual([
      "gradcam.cam_gb.jpg",
      "gradcam.gb.jpg",
      "gradcam.jpg",
      "gradcam.npy",
      "manifest.json",
    ]);
  });

  it("--name does not lead out of the folder by a manifest and a link", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--name", "sub/{method}.png"]);
    const results = join(folder, "out/x/weights");
    renameSync(join(results, "sub"), join(folder, "elsewhere"));
    const { symlinkSync } = await import("node:fs");
    symlinkSync(join(folder, "elsewhere"), join(results, "sub"), "dir");
    await run(folder, [...MINE, "--name", "{method}.png"]);
    expect(tree(join(folder, "elsewhere"))).toEqual(["gradcam.png"]);
  });
});

describe("--format", () => {
  it.each([
    ["jpeg", ".jpg", "jpeg"],
    ["webp", ".webp", "webp"],
    ["png", ".png", "png"],
  ])(
    "--format %s sets the format of overlay and guided picture, and heat stays PNG",
    async (format, suffix, kind) => {
      const folder = await userFolder();
      await run(folder, [...MINE, "--guided", "--heat", "--format", format]);
      const [map] = manifestIn(folder, "out/x/weights").maps;
      expect(map).toMatchObject({
        overlay: `gradcam-dog${suffix}`,
        guided: `gradcam-dog.guided${suffix}`,
        heat: "gradcam-dog.heat.png",
      });
      expect((await sharp(join(folder, "out/x/weights", map!.overlay)).metadata()).format).toBe(kind);
    },
  );
});

it("results that were not written by gradlens are not replaced, in a folder of a name neither", async () => {
  const folder = await userFolder();
  mkdirSync(join(folder, "out/x/weights/sub"), { recursive: true });
  writeFileSync(join(folder, "out/x/weights/sub/gradcam.png"), "mine");
  const { code, stderr } = await run(folder, [...MINE, "--name", "sub/{method}.png"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/sub\/gradcam\.png exists and is not of these results: --force replaces it/);
  expect(readFileSync(join(folder, "out/x/weights/sub/gradcam.png"), "utf8")).toBe("mine");
});
