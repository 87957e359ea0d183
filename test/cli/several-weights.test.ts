/** @file Several --weights: one model after the other over all pictures, and what becomes of the others where one fails. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Manifest } from "../../src/results/manifest.js";
import { GradlensError } from "../../src/errors.js";
import { run, tree, userFolder, writePicture, writeWeights } from "./fake.js";

/** A folder with a.safetensors, b.safetensors, x.png and y.png. */
async function twoModels(): Promise<string> {
  const folder = await userFolder();
  await writeWeights(join(folder, "a.safetensors"), 1);
  await writeWeights(join(folder, "b.safetensors"), 2);
  await writePicture(join(folder, "y.png"), 5);
  return folder;
}

const TWO = ["cam", "--weights", "a.safetensors", "b.safetensors"];

const manifests = (folder: string): string[] =>
  tree(join(folder, "out")).filter((name) => name.endsWith("manifest.json"));

it("each of several weights is loaded once, explains every picture in a folder of its own, and is freed", async () => {
  const folder = await twoModels();
  let freed = 0;
  const ran = await run(folder, [...TWO, "--image", "x.png", "y.png", "--json"], {
    model: { dispose: () => void freed++ },
  });
  expect(ran).toMatchObject({ code: 0, open: 0 });
  expect(freed).toBe(2);
  expect(ran.loaded).toHaveLength(2);
  expect(ran.asked).toHaveLength(4);
  const order = ["x/a", "y/a", "x/b", "y/b"];
  const lines = ran.stdout.trimEnd().split("\n");
  const told = lines.map((line) => JSON.parse(line) as Manifest);
  expect(told.map(({ dir }) => dir)).toEqual(order.map((name) => join(folder, "out", name)));
  expect(told.map(({ weights }) => weights.file)).toEqual(
    ["a", "a", "b", "b"].map((n) => `${n}.safetensors`),
  );
  expect(manifests(folder)).toEqual([...order].sort().map((name) => `${name}/manifest.json`));
  expect(ran.stderr.match(/^Of .*/gm)).toEqual([
    `Of 2 pictures 2 explained, 0 complete already; scores in ${join("out", "scores.csv")}`,
    `Of 2 pictures 2 explained, 0 complete already; scores in ${join("out", "scores.csv")}`,
    "Of 2 models 2 done",
  ]);
  expect((await run(folder, [...TWO, "--image", "x.png", "y.png"])).asked).toEqual([]);
});

it("weights named twice count once", async () => {
  const folder = await twoModels();
  const argv = ["cam", "--weights", "a.safetensors", "--weights", "./a.safetensors", "--image", "x.png"];
  const { loaded, stderr } = await run(folder, argv);
  expect(loaded).toHaveLength(1);
  expect(stderr).not.toContain("models");
});

it("weights of one file name get folders of different names", async () => {
  const folder = await twoModels();
  const names = ["one/best.pth", "two/best.pth", "two/best.safetensors", "two/last.pth"];
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    await writeWeights(join(folder, name));
  }
  expect((await run(folder, ["cam", "--weights", ...names, "--image", "x.png"])).code).toBe(0);
  expect(manifests(folder)).toEqual(
    ["best.safetensors", "last", "one-best.pth", "two-best.pth"].map((name) => `x/${name}/manifest.json`),
  );
});

it("each of several weights has its own settings beside it; one --arch is for all", async () => {
  const folder = await twoModels();
  writeFileSync(join(folder, "b.safetensors.gradlens.json"), '{"size": 64, "target": "cat"}');
  const argv = [...TWO, "--image", "x.png", "--arch", "densenet121"];
  const { loaded, asked } = await run(folder, argv);
  expect(loaded).toMatchObject([{ arch: "densenet121" }, { arch: "densenet121", size: [64, 64] }]);
  expect(loaded[0]).not.toHaveProperty("size");
  expect(asked.map(({ targets }) => targets)).toEqual([undefined, ["cat"]]);
});

it("a picture from stdin is explained by each of several weights", async () => {
  const folder = await twoModels();
  const stdin = readFileSync(join(folder, "x.png"));
  expect(await run(folder, [...TWO, "--image", "-"], { stdin })).toMatchObject({ code: 0 });
  expect(manifests(folder)).toEqual(["stdin/a/manifest.json", "stdin/b/manifest.json"]);
});

it("missing or broken weights are reported in a line, and the others run", async () => {
  const folder = await twoModels();
  writeFileSync(join(folder, "broken.safetensors"), "no weights");
  writeFileSync(join(folder, "odd.safetensors"), readFileSync(join(folder, "a.safetensors")));
  writeFileSync(join(folder, "odd.safetensors.gradlens.json"), '{"size": "huge"}');
  const argv = ["cam", "--weights", "missing.pth", "broken.safetensors", "odd.safetensors", "b.safetensors"];
  const { code, stderr, open } = await run(folder, [...argv, "--image", "x.png"]);
  expect({ code, open }).toEqual({ code: 2, open: 0 });
  expect(stderr.match(/^gradlens: .*/gm)).toEqual([
    expect.stringMatching(/missing\.pth: no such file/),
    expect.stringContaining("broken.safetensors"),
    expect.stringMatching(/odd\.safetensors\.gradlens\.json: "size" "huge"/),
  ]);
  expect(stderr).toContain("Of 4 models 1 done, 3 failed");
  expect(stderr).not.toMatch(/^Weights +broken/m);
  expect(manifests(folder)).toEqual(["x/b/manifest.json"]);
});

it("an error that only the model can find names its weights", async () => {
  const folder = await twoModels();
  const { code, stderr } = await run(folder, [...TWO, "--image", "x.png", "--target", "dgo"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^gradlens: a\.safetensors: unknown target "dgo"/m);
  expect(stderr).toMatch(/^gradlens: b\.safetensors: unknown target "dgo"/m);
});

it("a message that is the same for all weights is printed once", async () => {
  const folder = await twoModels();
  writeFileSync(join(folder, "broken.png"), "no picture");
  const bad = await run(folder, [...TWO, "--image", "x.png", "broken.png"]);
  expect(bad.code).toBe(1);
  expect(bad.stderr.match(/^gradlens: .*/gm)).toEqual([expect.stringContaining("broken.png")]);
  expect(bad.stderr.match(/1 not readable/g)).toHaveLength(2);
});

it("a run of several weights without an adapter ends with its exit code", async () => {
  const folder = await twoModels();
  const openGpu = () => Promise.reject(new GradlensError("no-adapter", "no adapter: install a driver"));
  const ran = await run(folder, [...TWO, "--image", "x.png"], { engine: { openGpu } });
  expect(ran.code).toBe(3);
  expect(existsSync(join(folder, "out"))).toBe(false);
});

it("Ctrl-C in the second weights leaves the results of the first", async () => {
  const folder = await twoModels();
  const controller = new AbortController();
  let models = 0;
  const ran = await run(folder, [...TWO, "--image", "x.png", "-v"], {
    signal: controller.signal,
    engine: {
      adapterAdvice: () => {
        if (++models === 2) controller.abort();
        return undefined;
      },
    },
  });
  expect(ran).toMatchObject({ code: 130, open: 0 });
  expect(ran.stderr).toMatch(/interrupted; 0 of 1 pictures are complete\n1 of 2 models are complete\n$/);
  expect(manifests(folder)).toEqual(["x/a/manifest.json"]);
});

it("layers shows one model, and refuses two weights files", async () => {
  const { code, stderr } = await run(await twoModels(), ["layers", ...TWO.slice(1)]);
  expect(code).toBe(2);
  expect(stderr).toContain("--weights names a.safetensors and b.safetensors: layers shows one model");
});
