/**
 * @file Explanations where the GPU refuses memory, on Dawn's null backend, which has 512 MiB and executes nothing: what is made
 * counts, not its values.
 */

import { afterEach, beforeEach, expect, it } from "vitest";
import { loadModel, type ExplainOptions, type Explanation, type Gpu, type Model } from "../../src/index.js";
import { madeCheckpoint } from "../end-to-end/harness.js";
import { leave, openNullGpu } from "../runtime/null-gpu.js";

const MIB = 2 ** 20;
const pictureOf = (size: number) => ({ input: new Float32Array(size * size * 3) });
const SIZE = 128;
const PICTURE = pictureOf(SIZE);
const SIXTEEN = Array.from({ length: 16 }, (_, i) => i);

const load = (size: number): Promise<Model> =>
  loadModel(madeCheckpoint("resnet18"), { gpu, arch: "resnet18", size: [size, size] });

let gpu: Gpu;
let model: Model;
beforeEach(async () => {
  gpu = await openNullGpu();
  model = await load(SIZE);
});
afterEach(() => {
  model.dispose();
  gpu.dispose();
});

/** What the model holds after a call, its weights included, in bytes. Of that, it keeps the weights only. */
async function heldBy(options: ExplainOptions, by = model, picture = PICTURE): Promise<number> {
  await by.explain(picture, options);
  const { now } = by.memory;
  await by.releasePlans();
  return now;
}

/** Explains where the model may hold so much. */
async function explainWithin(bytes: number, options: ExplainOptions): Promise<Explanation> {
  const giveBack = leave(gpu, bytes);
  try {
    return await model.explain(PICTURE, options);
  } finally {
    giveBack();
  }
}

const mapsOf = ({ maps }: Explanation): string[] =>
  maps.map(({ method, target }) => `${method} ${target.index}`);

// Score-CAM leaves out channels of equal values, and which those are is chance where nothing is executed.
it.each(["integrated", "ablationcam"] as const)(
  "%s runs in half the batch, or half of that, where the GPU refuses memory",
  async (method) => {
    const options = { methods: [method], targets: [1], layers: ["layer2"], batchSize: 16 };
    const one = await heldBy({ ...options, batchSize: 1 });
    const all = await heldBy(options);
    const steps: number[] = [];
    const found = await explainWithin(one + (all - one) / 2, {
      ...options,
      onProgress: ({ done, what }) => what.startsWith(method) && steps.push(done),
    });
    expect(mapsOf(found)).toEqual([`${method} 1`]);
    expect(found.refused).toBeUndefined();
    expect([4, 8]).toContain(steps[1]);
  },
);

it("an explanation refuses the method that does not fit even for one picture, and only for now", async () => {
  const options = { methods: ["gradcam", "integrated"], targets: [1], batchSize: 1 } as const;
  const without = await heldBy({ methods: ["gradcam"], targets: [1] });
  const all = await heldBy(options);
  const found = await explainWithin((without + all) / 2, options);
  expect(mapsOf(found)).toEqual(["gradcam 1"]);
  expect(found.refused).toEqual([
    {
      method: "integrated",
      reason: expect.stringMatching(/no memory left.*; use a smaller --size/) as string,
    },
  ]);
  expect(mapsOf(await model.explain(PICTURE, options))).toEqual(["gradcam 1", "integrated 1"]);
});

it("an explanation with too little memory explains fewer targets at once, and begins so with the next picture", async () => {
  const large = await load(192);
  const picture = pictureOf(192);
  const options = {
    methods: ["gradcam", "saliency"],
    targets: SIXTEEN,
    guided: true,
    batchSize: 16,
  } as const;
  const one = await heldBy({ ...options, targets: 1 }, large, picture);
  const all = await heldBy(options, large, picture);
  // Weights that are prepared anew take some memory for a while.
  const giveBack = leave(gpu, one + 0.4 * (all - one) + 32 * MIB);
  const held: number[] = [];
  for (let i = 0; i < 2; i++) {
    const found = await large.explain(picture, options);
    expect(mapsOf(found)).toEqual(options.methods.flatMap((m) => SIXTEEN.map((t) => `${m} ${t}`)));
    expect(found.guided?.map(({ target }) => target.index)).toEqual(SIXTEEN);
    expect(found.refused).toBeUndefined();
    held.push(large.memory.now);
  }
  expect(Math.max(...held)).toBeLessThan(all);
  giveBack();
  large.dispose();
});

it("the methods that fit run with a forward pass of their own where memory is too little for all", async () => {
  const options = { methods: ["gradcam", "fullgrad", "layercam"], targets: [1] } as const;
  const small = await heldBy({ ...options, methods: ["gradcam", "layercam"] });
  const found = await explainWithin(small + 4 * MIB, options);
  expect(mapsOf(found)).toEqual(["gradcam 1", "layercam 1"]);
  expect(found.refused?.map(({ method }) => method)).toEqual(["fullgrad"]);
  expect(found.logits).toHaveLength(model.classes);
});

it("an explanation frees the memory of other calls' plans", async () => {
  const options = { methods: ["integrated"], targets: [1], batchSize: 8 } as const;
  const alone = await heldBy(options);
  await model.explain(PICTURE, { methods: ["scorecam"], targets: [1], batchSize: 16 });
  const giveBack = leave(gpu, Math.max(alone, model.memory.now) + 4 * MIB);
  const steps: number[] = [];
  await model.explain(PICTURE, {
    ...options,
    onProgress: ({ done, what }) => what.startsWith("integrated") && steps.push(done),
  });
  expect(steps[1]).toBe(8);
  giveBack();
});

it("an explanation reports that nothing fits where nothing does", async () => {
  const options = { methods: ["gradcam", "layercam"], targets: [1] } as const;
  await heldBy(options);
  await expect(explainWithin(0, options)).rejects.toMatchObject({ code: "out-of-memory" });
  expect(mapsOf(await model.explain(PICTURE, options))).toEqual(["gradcam 1", "layercam 1"]);
});
