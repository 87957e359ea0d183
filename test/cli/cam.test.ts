/** @file `gradlens cam` from arguments to files, with a tiny model: layout, manifest, merging, skipping, messages. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Manifest } from "../../src/results/manifest.js";
import { DEMOS } from "../../src/options/demos.js";
import { run, tree, userFolder, writePicture, writeWeights } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

describe("one picture", () => {
  it("one picture gets an overlay of the highest logit and a manifest that fits its schema", async () => {
    const folder = await userFolder();
    const ran = await run(folder, MINE);
    expect(ran).toMatchObject({ code: 0, stdout: "", open: 0 });
    expect(tree(join(folder, "out"))).toEqual([
      "scores.csv",
      "x/",
      "x/weights/",
      "x/weights/gradcam-dog.png",
      "x/weights/manifest.json",
    ]);
    const manifest = manifestIn(folder);
    expect(manifest).toMatchObject({
      versions: { gradlens: "1.2.3", node: "20.19.0" },
      adapter: { name: "Fake GPU", kind: "gpu", boundsChecks: true },
      weights: { file: "weights.safetensors" },
      picture: { file: "x.png", width: 20, height: 12 },
      arch: "densenet121",
      layers: ["features.norm5"],
      labels: ["cat", "dog", "Pleural Thickening"],
      logits: [-1.5, 2.25, 0.5].map((logit) => expect.closeTo(logit, 2) as number),
      dir: join(folder, DIR),
      timings: { forward: expect.any(Number) as number },
    });
    expect(manifest.maps).toMatchObject([
      { method: "gradcam", target: { index: 1, label: "dog" }, overlay: "gradcam-dog.png" },
    ]);
    // Pixel (1, 0) of the map's 8x6 is hottest: x from (1 + ½)·20/8 − ½ on in the picture's 20x12.
    expect(manifest.maps[0]!.peak).toEqual([3, 0]);
    const overlay = await sharp(join(folder, DIR, "gradcam-dog.png")).metadata();
    expect(overlay).toMatchObject({ width: 20, height: 12, channels: 3, format: "png" });
  });

  it("the run explains nothing where it cannot make the result folder", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "out"));
    writeFileSync(join(folder, "out/x"), "in the way");
    const { code, asked, stderr } = await run(folder, MINE);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(stderr).toMatch(/^gradlens: .*out\/x is a file, not a folder; use another path with --out\n$/);
  });

  it("the run prints on stderr what was assumed, the adapter, all scores and where the files are", async () => {
    const folder = await userFolder();
    const { stderr } = await run(folder, MINE);
    expect(stderr).toMatch(
      /^Model +weights\.safetensors: densenet121 · 3 classes · input 6x8 · Fake GPU · 1 assumption: --size 6x8 \(details: -v, or manifest\.json\)\n/,
    );
    expect(stderr).toMatch(/dog 0\.905, Pleural Thickening 0\.622, cat 0\.182/);
    expect(stderr).toContain(join(DIR, "gradcam-dog.png"));
    expect(stderr).not.toMatch(/\x1b/);
  });

  it("--verbose prints why something was assumed, the adapter and the spelling", async () => {
    const folder = await userFolder();
    const { stderr } = await run(folder, [...MINE, "-v"], { engine: { adapterAdvice: () => "get a GPU" } });
    expect(stderr).toContain("Adapter   Fake GPU\n          get a GPU\n");
    expect(stderr).toContain("Spelling  torchvision: the names of the file's keys\n");
    expect(stderr).toContain("Assumed   --size 6x8: usual for densenet121\n");
    const both = await run(folder, [...MINE, "-v", "-q"]);
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining("contradict") as string });
  });

  it("printed labels are no longer than a line, however long they are in files", async () => {
    const folder = await userFolder();
    const labels = ["a", "b", "c"].map((letter) => letter.repeat(400));
    writeFileSync(join(folder, "names.txt"), labels.join("\n"));
    const { stderr } = await run(folder, [...MINE, "--labels", "names.txt"]);
    const lines = stderr.split("\n").filter((line) => /(.)\1{60}… 0\.\d{3},?$/.test(line));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    expect(manifestIn(folder).maps[0]!.target.label).toBe(labels[1]);
    const unknown = await run(folder, [...MINE, "--labels", "names.txt", "--target", "b".repeat(390)]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain(`did you mean ${"b".repeat(119)}…? (`);
    expect(unknown.stderr).toContain(`unknown target "${"b".repeat(119)}…"`);
  });

  it("the run prints once what differs from training", async () => {
    const model = {
      differences: [
        { what: "size", trained: [224, 224], used: [6, 8] },
        { what: "mean", trained: [0.485, 0.456, 0.406], used: [0, 0, 0] },
      ],
    } as const;
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"));
    const argv = MINE.concat("--image", "y.png");
    const { stderr } = await run(folder, [...argv, "--verbose"], { model });
    const said =
      "official densenet121 weights (torchvision) were trained with size 224x224, mean 0.485,0.456,0.406; used: size 6x8, mean 0,0,0\n";
    expect(stderr.split(said)).toHaveLength(2);
    expect(manifestIn(folder).differences).toEqual(model.differences);
    expect((await run(folder, argv, { model })).stderr).toContain(
      " · not as for the official weights: size, mean (details: -v",
    );
    expect((await run(folder, MINE.concat("--force", "-v"))).stderr).not.toContain("were trained with");
  });

  it("the run prints what the file says of mean and labels, and why it does not use one", async () => {
    const model = {
      said: [
        { what: "mean", value: [0.5, 0.5, 0.5], from: "args.mean", used: true },
        {
          what: "labels",
          value: Array.from("abcde"),
          from: "classes",
          used: false,
          note: "5 names for 3 classes",
        },
      ],
    } as const;
    const folder = await userFolder();
    const { stderr } = await run(folder, [...MINE, "-v"], { model });
    expect(stderr).toContain("File says mean 0.5,0.5,0.5 (args.mean)\n");
    expect(stderr).toContain("File says labels of 5 classes (classes); not used: 5 names for 3 classes\n");
    expect(manifestIn(folder).said).toEqual(model.said);
  });

  it("the run crops a picture as timm does, and the map lies where the crop was", async () => {
    const folder = await userFolder();
    const how = ["--size", "6", "--crop-pct", "0.5", "--resize", "pillow-bicubic", "--heat"];
    const { loaded } = await run(folder, [...MINE, ...how]);
    expect(loaded[0]).toMatchObject({ size: [6, 6], resize: "pillow-bicubic", cropPct: 0.5 });
    const { preprocessing, maps } = manifestIn(folder);
    expect(preprocessing).toMatchObject({ resize: "pillow-bicubic", cropPct: 0.5 });
    // The picture of 20x12 is at twice the crop's size: the crop is its 6x6 pixels from (7, 3) on.
    expect(maps[0]!.peak).toEqual([8, 3]);
    const heat = await sharp(join(folder, DIR, "gradcam-dog.heat.png"))
      .extractChannel(0)
      .raw()
      .toBuffer();
    const expected = Array.from({ length: 240 }, (_, i) => {
      const [x, y] = [(i % 20) - 7, Math.floor(i / 20) - 3];
      const inside = x >= 0 && x < 6 && y >= 0 && y < 6;
      return inside && x === 1 && y === 0 ? 255 : 0;
    });
    expect([...heat]).toEqual(expected);
    const other = await run(folder, MINE.concat("--size", "6", "--resize", "pillow-bicubic"));
    expect(other.stderr).toContain("other preprocessing (cropPct 0.5, now off)");
  });

  it("--crop-pct off prevents the crop, whatever settings stand beside the weights", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "weights.safetensors.gradlens.json"), '{ "crop-pct": 0.5 }');
    expect((await run(folder, MINE)).loaded[0]).toMatchObject({ cropPct: 0.5 });
    const { loaded } = await run(folder, MINE.concat("--crop-pct", "off", "--out", "o", "--remember"));
    expect(loaded[0]).toMatchObject({ cropPct: "off" });
    expect((await run(folder, MINE.concat("--out", "p"))).loaded[0]).toMatchObject({ cropPct: "off" });
  });

  it("--overlay-size input draws the picture as the model saw it", async () => {
    const folder = await userFolder();
    const how = ["--size", "6", "--crop-pct", "0.5", "--overlay-size", "input", "--alpha", "0"];
    await run(folder, [...MINE, ...how]);
    const seen = await sharp(join(folder, DIR, "gradcam-dog.png"))
      .raw()
      .toBuffer();
    const part = { left: 7, top: 3, width: 6, height: 6 };
    const cut = await sharp(join(folder, "x.png")).extract(part).raw().toBuffer();
    // Over its own maximum, as overlays are.
    const max = Math.max(...cut);
    for (const [i, value] of cut.entries())
      expect(Math.abs(seen[i]! - (value * 255) / max)).toBeLessThan(1.01);
  });

  it.each([
    [["--crop-pct", "0"], '--crop-pct "0": give a number from 0.01 to 1, or off'],
    [["--crop-pct", "87.5"], '--crop-pct "87.5": give a number from 0.01 to 1'],
    [["--resize", "pillow-bicubi"], "pillow-bicubic"],
  ])("the command refuses %j", async (options, words) => {
    const { code, stderr } = await run(await userFolder(), [...MINE, ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it("the run writes every requested extra", async () => {
    const folder = await userFolder();
    const extras = ["--heat", "16", "--npy", "--guided", "--overlay-size", "input", "--target", "cat,2"];
    expect(await run(folder, [...MINE, ...extras])).toMatchObject({ code: 0 });
    expect(tree(join(folder, DIR))).toEqual([
      "gradcam-Pleural_Thickening.guided.png",
      "gradcam-Pleural_Thickening.heat.png",
      "gradcam-Pleural_Thickening.npy",
      "gradcam-Pleural_Thickening.png",
      "gradcam-cat.guided.png",
      "gradcam-cat.heat.png",
      "gradcam-cat.npy",
      "gradcam-cat.png",
      "guided-Pleural_Thickening.png",
      "guided-cat.png",
      "manifest.json",
    ]);
    const { maps, guided } = manifestIn(folder);
    expect(maps[0]).toMatchObject({ npy: "gradcam-cat.npy", heatBits: 16, guided: "gradcam-cat.guided.png" });
    expect(guided.map((record) => record.picture)).toEqual([
      "guided-cat.png",
      "guided-Pleural_Thickening.png",
    ]);
    const heat = await sharp(join(folder, DIR, "gradcam-cat.heat.png")).metadata();
    expect(heat).toMatchObject({ width: 8, height: 6, depth: "ushort", channels: 1 });
    const npy = readFileSync(join(folder, DIR, "gradcam-cat.npy"));
    expect(npy.subarray(10, 80).toString("latin1")).toContain("'shape': (6, 8)");
    expect(npy.readFloatLE(npy.length - 48 * 4)).toBeCloseTo(1, 6);
  });

  it("--name names the file by a pattern, as JPEG by its suffix", async () => {
    const folder = await userFolder();
    const name = ["--name", "{image}_{arch}_{method}_{label}_{layer}.jpg"];
    expect(await run(folder, [...MINE, ...name])).toMatchObject({ code: 0 });
    const file = "x_densenet121_gradcam_dog_features.norm5.jpg";
    expect(tree(join(folder, DIR))).toEqual(["manifest.json", file]);
    expect(await sharp(join(folder, DIR, file)).metadata()).toMatchObject({ format: "jpeg" });
  });

  it("the run passes the model's and the methods' options to the library", async () => {
    const folder = await userFolder();
    const { asked, loaded } = await run(folder, [
      ...MINE,
      ...["--method", "gradcam,layercam", "--layer", "features[-1]", "--layer", "features.denseblock3"],
      ...["--layers-each", "--aug_smooth", "--eigen_smooth", "--target", "top2", "--batch-size", "4"],
      ...["--size", "12x10", "--norm", "half", "--bgr", "--activation", "softmax", "--arch", "DenseNet-121"],
    ]);
    expect(loaded[0]).toMatchObject({
      arch: "densenet121",
      size: [12, 10],
      mean: [0.5],
      std: [0.5],
      bgr: true,
      activation: "softmax",
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      methods: ["gradcam", "layercam"],
      layers: ["features[-1]", "features.denseblock3"],
      layersEach: true,
      targets: ["top2"],
      augSmooth: true,
      eigenSmooth: true,
      guided: false,
      batchSize: 4,
    });
    expect(manifestIn(folder).maps.map((map) => map.overlay)).toEqual(
      ["gradcam", "layercam"].flatMap((method) =>
        ["features.norm5", "features.denseblock3"].flatMap((layer) =>
          ["dog", "Pleural_Thickening"].map((label) => `${method}-${label}-${layer}-aug-eigen.png`),
        ),
      ),
    );
  });
});

describe("the demo", () => {
  const DRAWN = ["cam", "--demo", "densenet"];

  /** A folder with all that a package ships for it. */
  async function shipped(): Promise<string> {
    const folder = await userFolder();
    mkdirSync(join(folder, "weights"));
    mkdirSync(join(folder, "pictures"));
    for (const { weights, picture } of Object.values(DEMOS)) {
      await writeWeights(join(folder, weights));
      await writePicture(join(folder, picture));
    }
    return folder;
  }

  it("the demo uses the shipped model and picture, and names the flags for one's own", async () => {
    const folder = await shipped();
    // The tiny model's labels are not ImageNet's.
    const { code, stderr } = await run(folder, ["cam", "--target", "dog"]);
    expect(code).toBe(0);
    expect(stderr).toContain("your own: --weights FILE");
    expect(stderr).toContain("your own: --image FILE");
    expect(existsSync(join(folder, "out/cat-coffee/efficientnet_lite0/manifest.json"))).toBe(true);
  });

  it("the demo explains its own labels, and says so", async () => {
    const folder = await shipped();
    const { stderr } = await run(folder, DRAWN);
    expect(stderr).toMatch(/^Targets +top3, for the demo \(others: --target WHAT\)$/m);
    const { maps } = manifestIn(folder, "out/cat-dog/densenet121");
    expect(maps.map(({ target }) => target.label)).toEqual(["dog", "Pleural Thickening", "cat"]);
    // The tiny model's labels are not ImageNet's.
    const photo = await run(folder, ["cam"]);
    expect(photo.stderr).toContain('unknown target "tiger cat"');
  });

  it("--demo selects another model by name", async () => {
    const folder = await shipped();
    const { code, stderr } = await run(folder, DRAWN);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Weights +densenet121-scenes14\.safetensors, a demo model/m);
    expect(existsSync(join(folder, "out/cat-dog/densenet121/manifest.json"))).toBe(true);
  });

  it.each<[argv: string[]]>([
    [["--weights", "weights.safetensors"]],
    [["--demo", "densenet", "--image", "x.png"]],
    [["--demo", "densenet", "--target", "dog"]],
    [["--demo", "densenet", "--top", "1"]],
  ])("the demo explains the highest logit where %j is given", async (argv) => {
    const ran = await run(await shipped(), ["cam", "--json", ...argv]);
    expect(ran.stderr).not.toContain("Targets");
    const { maps } = JSON.parse(ran.stdout) as Manifest;
    expect(maps.map(({ target }) => target.label)).toEqual(["dog"]);
  });
});

describe("several pictures", () => {
  it("several pictures get folders by their path below the common one, however they were named", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "in/a"), { recursive: true });
    await writePicture(join(folder, "in/1.png"), 1);
    await writePicture(join(folder, "in/a/1.png"), 2);
    const { code, stdout } = await run(folder, [...MINE.slice(0, 3), "--image", "in", "--json"]);
    expect(code).toBe(0);
    expect(tree(join(folder, "out")).filter((name) => name.endsWith(".json"))).toEqual([
      "1/weights/manifest.json",
      "a/1/weights/manifest.json",
    ]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as Manifest).dir)).toEqual([
      join(folder, "out/1/weights"),
      join(folder, "out/a/1/weights"),
    ]);
  });

  it("the run explains the other pictures where one cannot be read, and its exit code says so", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "broken.png"), "no picture");
    const { code, stderr } = await run(folder, [...MINE, "--image", "broken.png"]);
    expect(code).toBe(1);
    expect(stderr.match(/^gradlens: .*/gm)).toEqual([expect.stringContaining("broken.png")]);
    expect(stderr).toContain("Of 2 pictures 1 explained, 0 complete already, 1 not readable");
    expect(tree(join(folder, "out")).filter((name) => name.endsWith("manifest.json"))).toHaveLength(1);
  });

  it("a list of pictures may come from stdin", async () => {
    const folder = await userFolder();
    const stdin = readFileSync(join(folder, "x.png"));
    const { code } = await run(folder, ["cam", "--weights", "weights.safetensors", "--image", "-"], {
      stdin,
    });
    expect(code).toBe(0);
    expect(manifestIn(folder, "out/stdin/weights").picture.file).toBeNull();
  });
});

describe("on the terminal", () => {
  it("--quiet prints nothing", async () => {
    const folder = await userFolder();
    expect(await run(folder, [...MINE, "--quiet"], { isTTY: true })).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });

  it("headings are bold on a terminal, unless NO_COLOR is set", async () => {
    const folder = await userFolder();
    expect((await run(folder, MINE, { isTTY: true })).stderr).toContain("\x1b[1m");
    expect((await run(folder, MINE, { isTTY: true, env: { NO_COLOR: "1" } })).stderr).not.toContain("\x1b");
  });

  it("pytorch-grad-cam's flags work as typed, with a note where one has no meaning", async () => {
    const folder = await userFolder();
    const flags = [
      "--image-path",
      "x.png",
      "--aug_smooth",
      "--output-dir",
      "o",
      "--use-cuda",
      "--device",
      "cuda:0",
    ];
    const { code, stderr, asked } = await run(folder, ["cam", "--weights", "weights.safetensors", ...flags]);
    expect(code).toBe(0);
    expect(asked[0]).toMatchObject({ augSmooth: true });
    expect(stderr).toContain("--use-cuda has no effect here");
    expect(stderr).toContain("--device cuda:0 has no effect here");
    expect(tree(join(folder, "o"))).toContain("x/weights/gradcam-dog-aug.png");
  });

  it("Ctrl-C leaves no files and exits as a shell expects", async () => {
    const folder = await userFolder();
    const controller = new AbortController();
    const ran = await run(folder, [...MINE, "-v"], {
      signal: controller.signal,
      engine: {
        adapterAdvice: () => {
          controller.abort();
          return undefined;
        },
      },
    });
    expect(ran).toMatchObject({ code: 130, stdout: "", open: 0 });
    expect(ran.stderr).toBe("gradlens: interrupted; 0 of 1 pictures are complete\n");
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
});

describe("settings beside the weights", () => {
  it("the run uses the settings beside the weights, and typed options win", async () => {
    const folder = await userFolder();
    const settings = {
      size: [96, 64],
      method: ["layercam"],
      target: 0,
      "aug-smooth": true,
      labels: "names.txt",
    };
    writeFileSync(join(folder, "weights.safetensors.gradlens.json"), JSON.stringify(settings));
    writeFileSync(join(folder, "names.txt"), "one\r\ntwo\r\nthree\r\n");
    const argv = [...MINE, "--no-aug-smooth", "--method", "gradcam"];
    const { asked, loaded, stderr } = await run(folder, argv);
    expect(loaded[0]).toMatchObject({ size: [96, 64], labels: ["one", "two", "three"] });
    expect(asked[0]).toMatchObject({ methods: ["gradcam"], targets: ["0"], augSmooth: false });
    expect(stderr).toContain(" · settings from weights.safetensors.gradlens.json · ");
    expect((await run(folder, [...argv, "-v"])).stderr).toContain(
      "size, method, target, aug-smooth, labels from weights.safetensors.gradlens.json",
    );
  });
});
