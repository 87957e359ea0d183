/** @file Many and simultaneous calls of one model: plans that were dropped are made again, calls do not mix. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { METHOD_NAMES } from "../../src/cam/methods/table.js";
import { fitPicture } from "../../src/image/fit-picture.js";
import { preprocess } from "../../src/image/preprocess.js";
import { loadModel, type Gpu, type Model, type Picture } from "../../src/index.js";
import { madeCheckpoint, openTestGpu } from "../end-to-end/harness.js";

const resnet18 = madeCheckpoint("resnet18");
let gpu: Gpu;
let model: Model;
beforeAll(async () => {
  gpu = await openTestGpu();
  model = await loadModel(resnet18, { gpu, arch: "resnet18", size: [32, 32] });
});
afterAll(() => {
  model.dispose();
  gpu.dispose();
});

const pictureOf = (seed: number): Picture => ({
  data: Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7919 * seed) >> 3),
  width: 40,
  height: 30,
  channels: 3,
});

const LAYERS = [
  "layer4[-1]",
  "layer4[0]",
  "layer3[-1]",
  "layer3[0]",
  "layer2[-1]",
  "layer2[0]",
  "layer1[-1]",
];

it("a model explains more layers than it keeps plans for, twice over, with the same results", async () => {
  const once = async (): Promise<Float32Array[]> => {
    const results: Float32Array[] = [];
    for (const layer of LAYERS) {
      const options = { layers: [layer], methods: ["gradcam", "eigencam"], targets: 1 } as const;
      const { maps } = await model.explain(pictureOf(1), options);
      results.push(...maps.map((map) => map.data));
    }
    const measured = await model.explain(pictureOf(1), { methods: ["ablationcam"], targets: 1 });
    return [...results, ...measured.maps.map((map) => map.data)];
  };
  const first = await once();
  expect(await once()).toEqual(first);
  // The forward pass's weights, 43 MiB, are there for the next call, not those of every kind of request.
  await model.releasePlans();
  expect(model.memory.now).toBeLessThan(96 * 2 ** 20);
});

it("a model keeps calls apart that are made at the same time", async () => {
  const pictures = [1, 2, 3].map(pictureOf);
  const alone: Float32Array[] = [];
  for (const picture of pictures) alone.push((await model.explain(picture)).maps[0]!.data);
  const together = await Promise.all(
    pictures.flatMap((picture) => [model.explain(picture), model.explain(picture, { augSmooth: true })]),
  );
  alone.forEach((data, i) => expect(together[2 * i]!.maps[0]!.data).toEqual(data));
});

it("a model sees pictures resized and cropped as its options say", async () => {
  const how = { resize: "pillow-bicubic", cropPct: 0.8 } as const;
  const other = await loadModel(resnet18, {
    gpu,
    arch: "resnet18",
    size: [32, 32],
    ...how,
  });
  const { mean, std } = other.preprocessing;
  const fitted = fitPicture(pictureOf(1), { width: 32, height: 32 }, how);
  const { data: input } = preprocess(fitted, { size: fitted, channels: 3, mean, std });
  const { logits } = await other.run(pictureOf(1));
  expect(logits).toEqual((await model.run({ input })).logits);
  expect(logits).not.toEqual((await model.run(pictureOf(1))).logits);
});

it("manyRuns lists the methods that run the model many times: Ablation-CAM where its layer is not the pooled one", () => {
  const methods = METHOD_NAMES;
  const sampled = ["scorecam", "smoothgradcam++", "smoothgrad", "integrated"];
  expect(model.manyRuns({ methods }).sort()).toEqual([...sampled].sort());
  expect(model.manyRuns({ methods, layers: ["layer4[-1]", "layer3"] }).sort()).toEqual(
    ["ablationcam", ...sampled].sort(),
  );
});

it("explain reports for every method why it cannot run, where none can", async () => {
  const ask = { methods: ["rollout", "cam"], layers: ["layer3"] } as const;
  const message = /^rollout: Attention .*; use gradcam instead; cam: the original CAM .*, not layer3;/;
  expect(() => model.refusals(ask)).toThrow(message);
  await expect(model.explain(pictureOf(1), ask)).rejects.toMatchObject({ code: "unsupported" });
  await expect(model.explain(pictureOf(1), ask)).rejects.toThrow(message);
});

it("a model keeps working after a failed call", async () => {
  await expect(model.explain(pictureOf(1), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "aborted",
  });
  expect((await model.explain(pictureOf(1))).maps).toHaveLength(1);
});

it("releasePlans frees memory, and the model explains on", async () => {
  const other = await loadModel(resnet18, { gpu, arch: "resnet18", size: [32, 32] });
  const ask = { methods: ["gradcam", "eigencam", "ablationcam"], targets: 1 } as const;
  const first = await other.explain(pictureOf(1), ask);
  // A model of which much was asked gives the same as a new one.
  expect((await model.explain(pictureOf(1), ask)).maps).toEqual(first.maps);
  const kept = other.memory.now;
  await other.releasePlans();
  const released = other.memory.now;
  // Saved activations, the batch of ablated channels, maps.
  expect(kept - released).toBeGreaterThan(100_000);
  const again = await other.explain(pictureOf(1), ask);
  expect(again.maps.map((map) => map.data)).toEqual(first.maps.map((map) => map.data));
  expect(other.memory.now).toBe(kept);
  await other.releasePlans();
  expect(other.memory.now).toBe(released);
  other.dispose();
  expect(other.memory.now).toBe(0);
});

it.each([
  [{ methods: ["grad-cam"] }, 'unknown method "grad-cam": did you mean gradcam?'],
  [{ methods: ["toString"] }, /^unknown method "toString": did you mean /],
  [{ methods: ["GradCAMPlusPlus"] }, 'unknown method "GradCAMPlusPlus": did you mean gradcam++?'],
  [{ methods: [null] }, /^unknown method null: did you mean /],
  [{ methods: "gradcam" }, 'methods "gradcam": a list of names is needed'],
  [{ layers: "layer4" }, 'layers "layer4": a list of names is needed'],
  [{ layers: [] }, "no layer is named; leave layers out for the architecture's own"],
  [{ compareScale: "global" }, 'compareScale "global": use "own" or "shared"'],
  [{ score: "logits" }, 'score "logits": use "logit" or "probability"'],
  [
    { targets: null },
    /^targets null: a class index, a text as "cat" or "top3", or a list of these is needed$/,
  ],
  [{ targets: [1, {}] }, /^targets \[1,\{\}\]: a class index/],
  [null, "options null: an object is needed; leave them out for the usual ones"],
  [{ seed: 1.5 }, `seed 1.5: use a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`],
  [{ topChannels: 2 ** 33 }, "topChannels 8589934592: use a whole number from 1 to 2147483648"],
])("explain refuses %o", async (options, message) => {
  await expect(model.explain(pictureOf(1), options as never)).rejects.toMatchObject({ code: "bad-argument" });
  await expect(model.explain(pictureOf(1), options as never)).rejects.toThrow(message);
  expect(() => model.refusals(options as never)).toThrow(message);
});

it.each([undefined, null, "x.png"])("a model refuses %o as a picture", async (picture) => {
  await expect(model.explain(picture as never)).rejects.toMatchObject({
    code: "bad-argument",
    message: `a picture is needed, not ${picture}: { data, width, height, channels }, as readPicture gives it`,
  });
});

it("a model reads RGBA as RGB, and a square's side as its size", async () => {
  const picture = pictureOf(3);
  const pixels = picture.data.length / 3;
  const rgba = Uint8ClampedArray.from({ length: 4 * pixels }, (_, i) =>
    i % 4 === 3 ? i & 255 : picture.data[3 * Math.floor(i / 4) + (i % 4)]!,
  );
  const { width, height } = picture;
  const [plain, other] = [await model.run(picture), await model.run({ data: rgba, width, height })];
  expect(other.logits).toEqual(plain.logits);
  const square = await loadModel(resnet18, { gpu, arch: "resnet18", size: 64 });
  expect(square.preprocessing.size).toEqual([64, 64]);
  square.dispose();
});

it("a model refuses an input that is not finite, and names the place", async () => {
  const input = new Float32Array(32 * 32 * 3);
  input[7] = NaN;
  await expect(model.explain({ input })).rejects.toMatchObject({
    code: "bad-argument",
    message: "the input's value 7 is NaN; finite numbers are needed",
  });
});

it("a method that is named twice gives one map", async () => {
  const methods = ["gradcam", "saliency", "rollout", "gradcam", "saliency", "rollout"] as const;
  const { logits, targets, maps, inputGradients, refused } = await model.explain(pictureOf(1), {
    methods,
    targets: [1, 2],
  });
  expect(targets).toMatchObject([1, 2].map((index) => ({ index, logit: logits[index] })));
  expect(maps.map((map) => `${map.method} ${map.target.index}`)).toEqual([
    "gradcam 1",
    "gradcam 2",
    "saliency 1",
    "saliency 2",
  ]);
  expect(inputGradients).toHaveLength(2);
  expect(refused).toHaveLength(1);
});

it("dispose frees the memory of all plans", async () => {
  const other = await loadModel(resnet18, { gpu, arch: "resnet18", size: [32, 32] });
  await other.explain(pictureOf(1), { methods: ["gradcam", "eigencam", "saliency", "ablationcam"] });
  expect(other.memory.now).toBeGreaterThan(0);
  other.dispose();
  await expect.poll(() => other.memory.now).toBe(0);
});

const MEAN = [0.485, 0.456, 0.406];

it.each([
  [
    { mean: [-1e38, 0.456, 0.406], std: [1e-5, 0.224, 0.225] },
    /^with mean -1e\+38 and std 0.00001 the model's input is Infinity: give those/,
  ],
  [
    { mean: MEAN, std: [0.2, 1e-45, 0.2] },
    /^with mean 0.456 and std 1e-45 the model's input is -?Infinity: give those/,
  ],
  [
    { mean: MEAN, std: [0.2, 0.2, 1e-46] },
    /^with mean 0.406 and std 1e-46 the model's input is (-?Infinity|NaN): give those/,
  ],
])("the error names %o as the cause of an input that is not finite", async (settings, message) => {
  const other = await loadModel(resnet18, {
    gpu,
    arch: "resnet18",
    size: [32, 32],
    ...settings,
  });
  for (const call of [other.run(pictureOf(1)), other.explain(pictureOf(1))]) {
    await expect(call).rejects.toMatchObject({ code: "bad-argument" });
    await expect(call).rejects.toThrow(message);
  }
  other.dispose();
});

it("an error names the picture's sample that is not finite", async () => {
  const data = new Float32Array(40 * 30 * 3);
  data[7] = NaN;
  await expect(model.run({ ...pictureOf(1), data })).rejects.toMatchObject({
    code: "bad-picture",
    message: "the picture's sample 7 is NaN",
  });
});

it("a model explains nothing where the model's output is not finite", async () => {
  const { tensors, ...checkpoint } = resnet18;
  const head = tensors.get("fc.weight")!;
  const floats = async (): Promise<Float32Array> => (await head.floats()).map((w) => w * 2e39);
  const large = new Map([...tensors, ["fc.weight", { ...head, floats }]]);
  const other = await loadModel({ ...checkpoint, tensors: large }, { gpu, arch: "resnet18", size: [32, 32] });
  await expect(other.explain(pictureOf(1))).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/^the model's output \d+ is (NaN|-?Infinity): values inside it/) as string,
  });
  other.dispose();
});

it("an input that is too large is refused before it is made", async () => {
  const size = [99999, 99999] as const;
  const other = await loadModel(resnet18, { gpu, arch: "resnet18", size });
  await expect(other.explain(pictureOf(1))).rejects.toMatchObject({
    code: "out-of-memory",
    message: expect.stringMatching(/^an input of 99999x99999 pixels needs 114439 MiB/) as string,
  });
  other.dispose();
});

it("another label of the same input reuses the forward pass, and gives the same map", async () => {
  const calls = (target: number, reuse: boolean, input = pictureOf(1)) =>
    model.explain(input, { methods: ["gradcam"], targets: target, reuse });
  const before = model.forwardRuns;
  await calls(0, true);
  const again = await calls(2, true);
  expect(model.forwardRuns - before).toBeLessThanOrEqual(1);
  const fresh = await calls(2, false);
  expect(again.maps[0]!.data).toEqual(fresh.maps[0]!.data);
  expect(again.logits).toEqual(fresh.logits);
  const runs = model.forwardRuns;
  const { data, ...size } = pictureOf(1);
  const other = await calls(2, true, { ...size, data: Uint8Array.from(data, (value) => 255 - value) });
  expect(model.forwardRuns).toBe(runs + 1);
  expect(other.logits).not.toEqual(fresh.logits);
});
