/** @file `gradlens cam` with the real library on an adapter: the demo, and weights that are wrong in ways only a model can tell. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCheckpoint, writeSafetensors, type WritableTensor } from "../../src/checkpoint/index.js";
import type { Manifest } from "../../src/results/manifest.js";
import schema from "../../src/results/manifest.schema.json" with { type: "json" };
import { realEngine } from "../../src/cli/engine/real-engine.js";
import { openDevice, type AdapterChoice } from "../../src/node/open-device.js";
import type { Gpu } from "../../src/runtime/gpu.js";
import { goldenWeights, loadGolden } from "../reference/golden.js";
import { run, temporaryFolder, tree, type Ran } from "./fake.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const DEMO = join(root, "weights/densenet121-scenes14.safetensors");
const PICTURE = join(root, "pictures/cat-dog.png");
const validate = new Ajv({ strictTuples: false }).compile(schema);

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDevice({ adapter: (process.env["GRADLENS_ADAPTER"] ?? "auto") as AdapterChoice });
});
afterAll(() => gpu.dispose());

/** One adapter for all runs; everything else is real. */
function cam(folder: string, ...argv: string[]): Promise<Ran> {
  const openGpu = () => Promise.resolve({ ...gpu, dispose: () => undefined });
  return run(folder, ["cam", "--image", PICTURE, ...argv], { engine: { ...realEngine, openGpu } });
}

async function explained(folder: string, ...argv: string[]): Promise<Manifest> {
  const ran = await cam(folder, "--json", ...argv);
  expect(ran.code, ran.stderr).toBe(0);
  const manifest = JSON.parse(ran.stdout) as Manifest;
  expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
  return manifest;
}

/** The demo weights with one tensor changed, or without it, under another file's name. */
async function changedWeights(
  name: string,
  change: (tensor: WritableTensor) => WritableTensor | undefined,
  metadata?: Record<string, string>,
): Promise<{ folder: string; file: string }> {
  const checkpoint = await readCheckpoint(readFileSync(DEMO));
  const tensors = [...checkpoint.tensors.values()].flatMap((tensor) =>
    tensor.name === name ? (change(tensor) ?? []) : tensor,
  );
  const folder = temporaryFolder();
  const file = join(folder, "w.safetensors");
  writeFileSync(file, await writeSafetensors(tensors, metadata ?? Object.fromEntries(checkpoint.metadata)));
  return { folder, file };
}

/** Float16 tensors of the demo, all of one value. */
const filled = (tensor: WritableTensor, shape: readonly number[], bits: number): WritableTensor => {
  const values = new Uint16Array(shape.reduce((size, side) => size * side, 1)).fill(bits);
  return { ...tensor, shape, byteLength: values.byteLength, bytes: () => new Uint8Array(values.buffer) };
};

describe("the demo model", () => {
  it("the demo model finds dog and cat where they are", async () => {
    const folder = temporaryFolder();
    const manifest = await explained(folder, "--weights", DEMO, "--target", "above:0.5", "--npy", "--guided");
    expect(manifest.maps.map((map) => map.target.label)).toEqual(["dog", "cat"]);
    // test/data/boxes.json: [x0, y0, x1, y1] in the picture's pixels.
    const { pictures } = JSON.parse(readFileSync(join(root, "test/data/boxes.json"), "utf8")) as {
      pictures: { file: string; objects: { label: string; box: [number, number, number, number] }[] }[];
    };
    const { objects } = pictures.find(({ file }) => file === "pictures/cat-dog.png")!;
    for (const { target, peak } of manifest.maps) {
      const [x0, y0, x1, y1] = objects.find(({ label }) => label === target.label)!.box;
      expect(peak[0]).toBeGreaterThanOrEqual(x0);
      expect(peak[0]).toBeLessThan(x1);
      expect(peak[1]).toBeGreaterThanOrEqual(y0);
      expect(peak[1]).toBeLessThan(y1);
    }
    expect(tree(join(folder, "out/cat-dog/densenet121-scenes14"))).toEqual(
      expect.arrayContaining([
        "gradcam-dog.png",
        "gradcam-cat.npy",
        "gradcam-dog.guided.png",
        "guided-cat.png",
      ]),
    );
    expect(
      (await cam(folder, "--weights", DEMO, "--target", "above:0.5", "--npy", "--guided")).stderr,
    ).toContain("all is there already");
  });

  it("the demo model without its classifier compares a picture with another one, and with its own embedding", async () => {
    const folder = temporaryFolder();
    const bare = ["--weights", DEMO, "--embedding"];
    const other = join(root, "pictures/cat-coffee.png");
    const first = await explained(folder, ...bare, "--target-image", other, "--method", "gradcam,eigencam");
    expect(first).toMatchObject({
      labels: ["cat-coffee"],
      embedding: { length: 1024, without: "classifier" },
    });
    expect(first.maps.map(({ overlay }) => overlay)).toEqual([
      "gradcam-cat-coffee.png",
      "eigencam-cat-coffee.png",
    ]);
    const own = join(folder, "out/cat-dog/densenet121-scenes14/embedding.npy");
    const again = await explained(folder, ...bare, "--target-vector", own, "--npy");
    // Nothing makes a picture more like itself: the cosine is at its largest, where its gradient is zero.
    expect(again.logits).toEqual([expect.closeTo(1, 5)]);
    expect(first.logits[0]).toBeLessThan(0.999);
    expect(first.logits[0]).toBeGreaterThan(0);
    const labelled = await cam(folder, "--weights", DEMO, "--target-vector", own, "--out", "labelled");
    expect(labelled.stderr).toContain("has a classifier of 14 classes");
  });

  it("the demo model runs at another size, without metadata, with the user's labels, and says what it assumes", async () => {
    const { folder, file } = await changedWeights("", (tensor) => tensor, {});
    writeFileSync(join(folder, "labels.txt"), Array.from({ length: 14 }, (_, i) => `thing ${i}`).join("\n"));
    const manifest = await explained(
      folder,
      "--weights",
      file,
      "--size",
      "96x160",
      "--labels",
      "labels.txt",
      "--norm",
      "imagenet",
    );
    expect(manifest).toMatchObject({ arch: "densenet121", preprocessing: { size: [96, 160] } });
    expect(manifest.assumed.map(({ what }) => what)).toEqual(["spelling", "activation", "modules"]);
    expect(manifest.maps[0]!.overlay).toMatch(/^gradcam-thing_\d+\.png$/);
  });
});

describe("weights that are wrong end in one line, with nothing written", () => {
  const refused = async (folder: string, argv: string[], line: RegExp): Promise<void> => {
    const before = tree(folder);
    const { code, stdout, stderr } = await cam(folder, ...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^gradlens: [^\n]+\n$/);
    expect(stderr).toMatch(line);
    expect(tree(folder)).toEqual(before);
  };

  it("weights with NaN in a tensor end in one line that names it", async () => {
    const key = "features.denseblock2.denselayer3.conv1.weight";
    const { folder, file } = await changedWeights(key, (tensor) => filled(tensor, tensor.shape, 0x7e00));
    await refused(folder, ["--weights", file], /features\.denseblock2\.denselayer3\.conv1\.weight/);
  });

  it("weights without a tensor end in one line", async () => {
    const { folder, file } = await changedWeights("features.norm5.weight", () => undefined);
    await refused(folder, ["--weights", file], /features\.norm5\.weight/);
  });

  it("weights with a tensor of another shape end in one line", async () => {
    const { folder, file } = await changedWeights("features.conv0.weight", (tensor) =>
      filled(tensor, [64, 3, 5, 5], 0),
    );
    await refused(folder, ["--weights", file], /features\.conv0\.weight/);
  });

  it("weights of another architecture than --arch end in one line", () =>
    refused(temporaryFolder(), ["--weights", DEMO, "--arch", "densenet161"], /densenet121/));

  it("weights with too few labels end in one line", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "labels.txt"), "one\ntwo\n");
    await refused(folder, ["--weights", DEMO, "--labels", "labels.txt"], /14 classes/);
  });

  it("weights at a size that is too small end in one line", () =>
    refused(temporaryFolder(), ["--weights", DEMO, "--size", "16"], /at least 32x32/));

  it("weights of one channel with three means end in one line", async () => {
    const { folder, file } = await changedWeights(
      "features.conv0.weight",
      (tensor) => filled(tensor, [64, 1, 7, 7], 0x2000),
      {},
    );
    await refused(folder, ["--weights", file, "--norm", "imagenet"], /mean has 3 values/);
    const manifest = await explained(folder, "--weights", file, "--norm", "half");
    expect(manifest.preprocessing).toMatchObject({ channels: 1, mean: [0.5], std: [0.5] });
  });
});

describe("verify against what PyTorch computed", () => {
  const f32 = (name: string, { shape, data }: { shape: readonly number[]; data: Float32Array }) => ({
    name,
    dtype: "F32" as const,
    shape,
    byteLength: data.byteLength,
    bytes: () => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });

  /** A golden case as a weights file, with a factor on one of its tensors, and as make_ref.py writes references. */
  async function files(name: string, changed = "", factor = 1): Promise<string> {
    const folder = temporaryFolder();
    const weights = [...goldenWeights(name)].map(([key, { shape, data }]) =>
      f32(key, { shape, data: key === changed ? data.map((v) => v * factor) : data }),
    );
    writeFileSync(join(folder, "w.safetensors"), await writeSafetensors(weights));
    const { case: facts, floats } = loadGolden(name);
    const tensors = [
      f32("input", floats("input")),
      f32("logits", floats("logits")),
      f32("activations", floats("activations.0")),
      f32("gradient", floats("gradients.0")),
    ];
    const metadata = { layer: facts.layers[0]!, target: String(facts.target) };
    writeFileSync(join(folder, "ref.safetensors"), await writeSafetensors(tensors, metadata));
    return folder;
  }

  const verify = (folder: string): Promise<Ran> =>
    run(folder, ["verify", "w.safetensors", "ref.safetensors"], {
      engine: { ...realEngine, openGpu: () => Promise.resolve({ ...gpu, dispose: () => undefined }) },
    });

  it.each(["densenet121-chexnet-2layers", "vit_tiny_patch16_224"])(
    "verify finds %s to be the same",
    async (name) => {
      const { code, stdout, stderr } = await verify(await files(name));
      expect(stdout, stderr).toMatch(/^Same: /m);
      expect(code).toBe(0);
    },
  );

  it("verify finds the layer after which weights were changed", async () => {
    const folder = await files("vit_tiny_patch16_224", "head.bias", 1.1);
    const { code, stdout } = await verify(folder);
    expect(stdout).toMatch(/^Different: blocks\[-1\]\.norm1 agrees; .* between it and the logits\.$/m);
    expect(code).toBe(1);
  });
});
