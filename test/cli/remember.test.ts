/** @file `cam --remember`: what is kept beside the weights, and that later runs read it. */

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run, userFolder, writeWeights } from "./fake.js";
import { refused } from "./refused.js";

const MINE = ["cam", "--weights", "weights.safetensors", "--image", "x.png"];
const FILE = "weights.safetensors.gradlens.json";

const keptIn = (folder: string, file = FILE): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));

/** What the tiny model is. */
const MODEL = {
  arch: "densenet121",
  spelling: "torchvision",
  activation: "sigmoid",
  size: [6, 8],
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

it("--remember keeps what the model was identified as, and the given options that describe it", async () => {
  const folder = await userFolder();
  const options = [
    "--method",
    "gradcam,layercam",
    "--target",
    "cat,dog",
    "--npy",
    "--bgr",
    "--alpha",
    "0.25",
  ];
  const here = ["--out", "o", "--adapter", "gpu", "--batch-size", "3", "--quiet", "--force"];
  const { code } = await run(folder, [...MINE, ...options, ...here, "--remember"]);
  expect(code).toBe(0);
  expect(keptIn(folder)).toEqual({
    ...MODEL,
    bgr: true,
    method: ["gradcam", "layercam"],
    target: ["cat,dog"],
    npy: true,
    alpha: 0.25,
  });
});

it("later runs read the remembered settings, assume nothing and make the same", async () => {
  const folder = await userFolder();
  const options = ["--norm", "half", "--target", "cat", "--layer", "features[-1]", "--heat"];
  const first = await run(folder, [...MINE, ...options, "--remember"]);
  expect(first.stderr).toContain(`settings of this run in ${FILE}`);
  const again = await run(folder, MINE);
  expect(again.stderr).toContain("all is there already");
  expect(again.loaded[0]).toMatchObject({
    arch: "densenet121",
    size: [6, 8],
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    activation: "sigmoid",
  });
});

it("--remember keeps how pictures are resized and cropped", async () => {
  const folder = await userFolder();
  const options = ["--norm", "none", "--resize", "pillow-bilinear", "--crop-pct", "0.95"];
  await run(folder, [...MINE, ...options, "--remember"]);
  expect(keptIn(folder)).toMatchObject({
    mean: [0, 0, 0],
    std: [1, 1, 1],
    resize: "pillow-bilinear",
    "crop-pct": 0.95,
  });
  const [again] = (await run(folder, MINE)).loaded;
  expect(again).toMatchObject({ mean: [0, 0, 0], std: [1, 1, 1], resize: "pillow-bilinear", cropPct: 0.95 });
});

it("--remember keeps the labels of a file elsewhere, and those of a file beside the weights by its name", async () => {
  const folder = await userFolder();
  mkdirSync(join(folder, "models"));
  mkdirSync(join(folder, "lists"));
  await writeWeights(join(folder, "models/w.safetensors"));
  writeFileSync(join(folder, "lists/names.txt"), "one\ntwo\nthree\n");
  const weights = ["cam", "--image", "x.png", "--weights", "models/w.safetensors"];
  expect((await run(folder, [...weights, "--labels", "lists/names.txt", "--remember"])).code).toBe(0);
  expect(keptIn(folder, "models/w.safetensors.gradlens.json")).toMatchObject({
    labels: ["one", "two", "three"],
  });
  expect((await run(folder, weights)).loaded[0]!.labels).toEqual(["one", "two", "three"]);
  // Once more, now that the labels come from the settings file.
  expect((await run(folder, [...weights, "--remember"])).code).toBe(0);
  expect((await run(folder, weights)).loaded[0]!.labels).toEqual(["one", "two", "three"]);
  cpSync(join(folder, "lists/names.txt"), join(folder, "models/beside.txt"));
  expect((await run(folder, [...weights, "--labels", "models/beside.txt", "--remember"])).code).toBe(0);
  expect(keptIn(folder, "models/w.safetensors.gradlens.json")).toMatchObject({ labels: "beside.txt" });
  expect((await run(folder, weights)).loaded[0]!.labels).toEqual(["one", "two", "three"]);
});

it("--remember keeps earlier entries that are not given anew", async () => {
  const folder = await userFolder();
  writeFileSync(join(folder, FILE), '{"colormap": "viridis", "target": "cat"}');
  expect((await run(folder, [...MINE, "--target", "dog", "--remember"])).code).toBe(0);
  expect(keptIn(folder)).toEqual({ ...MODEL, bgr: false, colormap: "viridis", target: ["dog"] });
});

it("--arch auto sets remembered settings aside that name an architecture", async () => {
  const folder = await userFolder();
  writeFileSync(join(folder, FILE), '{"arch": "densenet161"}');
  expect((await run(folder, MINE)).loaded[0]).toMatchObject({ arch: "densenet161" });
  for (const auto of ["auto", "AUTO"])
    expect((await run(folder, [...MINE, "--arch", auto])).loaded[0]!.arch).toBeUndefined();
});

it("--remember keeps nothing of a run that fails", async () => {
  const argv = [...MINE, "--target", "nothing", "--remember"];
  await refused(argv, { code: 2, line: /unknown target "nothing"/ });
});

it("--remember is refused for the demo's weights", () =>
  refused(
    ["cam", "--image", "x.png", "--remember"],
    { code: 2, line: /--remember keeps settings beside weights of yours.*--weights FILE/ },
    (folder) => {
      mkdirSync(join(folder, "weights"));
      writeFileSync(join(folder, "weights/efficientnet_lite0-imagenet.safetensors"), "");
    },
  ));

it("a settings file may not hold remember", () =>
  refused(MINE, { code: 2, line: /"remember" is not an option for a settings file/ }, (folder) =>
    writeFileSync(join(folder, FILE), '{"remember": true}'),
  ));

it("a settings file may hold earlier names of options", async () => {
  const folder = await userFolder();
  writeFileSync(join(folder, FILE), '{"dialect": "torchvision", "no-relu": true, "aug_smooth": true}');
  const { loaded, asked, stderr } = await run(folder, [...MINE, "-v"]);
  expect(loaded[0]).toMatchObject({ spelling: "torchvision" });
  expect(asked[0]).toMatchObject({ relu: false, augSmooth: true });
  expect(stderr).toContain("spelling, relu, aug-smooth from");
});
