/** @file A model that is disposed of while it works: no call resolves with what its memory held afterwards. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModel, type Explanation, type Gpu, type Model, type Picture } from "../../src/index.js";
import { madeCheckpoint, openTestGpu } from "../end-to-end/harness.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.dispose());

const resnet18 = madeCheckpoint("resnet18");
const load = (): Promise<Model> => loadModel(resnet18, { gpu, arch: "resnet18", size: [32, 32] });

const picture: Picture = {
  data: Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7919) >> 3),
  width: 40,
  height: 30,
  channels: 3,
};
const ASK = { methods: ["gradcam", "layercam", "saliency"], targets: [1, 2] } as const;
const CALLS = {
  explain: (model: Model) => model.explain(picture, ASK),
  run: (model: Model) => model.run(picture, { taps: ["layer4"] }),
  grad: (model: Model) => model.grad(picture, { layers: ["layer4"], target: 1 }),
  profile: (model: Model) => model.profile(),
  releasePlans: (model: Model) => model.releasePlans(),
};
const sleep = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(["explain", "run", "grad"] as const)("%s", (name) => {
  // Before the weights are read, while they are, while plans run, and where the call may be done.
  it.each([0, 5, 60])(`${name} is aborted where the model is disposed of after %i ms`, async (ms) => {
    const model = await load();
    if (ms > 10) await CALLS[name](model);
    let isDone = false;
    const calls = [CALLS[name](model), CALLS[name](model)];
    for (const call of calls)
      call.then(
        () => (isDone = true),
        () => (isDone = true),
      );
    await sleep(ms);
    const wasDone = isDone;
    model.dispose();
    const [first, second] = await Promise.allSettled(calls);
    if (!wasDone) expect(first).toMatchObject({ status: "rejected", reason: { code: "aborted" } });
    if (second!.status === "rejected") expect(second).toMatchObject({ reason: { code: "aborted" } });
    await expect.poll(() => model.memory.now).toBe(0);
  });
});

it("a model that is disposed of at any moment gives right maps or none", async () => {
  const reference = await load();
  const want = await reference.explain(picture, ASK);
  const outcomes: (Explanation | undefined)[] = [];
  for (let i = 0; i < 8; i++) {
    const model = await load();
    if (i % 2) await model.explain(picture, ASK);
    const call = model.explain(picture, ASK).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "aborted" });
      return undefined;
    });
    await sleep((i * 37) % 90);
    model.dispose();
    outcomes.push(await call);
  }
  for (const found of outcomes) {
    if (!found) continue;
    expect(found.logits).toEqual(want.logits);
    found.maps.forEach((map, m) => expect(map.data).toEqual(want.maps[m]!.data));
  }
  expect(outcomes).toContain(undefined);
  // Others on the same device see nothing of it.
  expect((await reference.explain(picture, ASK)).maps[0]!.data).toEqual(want.maps[0]!.data);
  reference.dispose();
});

it("a call is aborted where the device is destroyed at the same time", async () => {
  const own = await openTestGpu();
  const model = await loadModel(resnet18, { gpu: own, arch: "resnet18", size: [32, 32] });
  const call = model.explain(picture, ASK);
  await sleep(10);
  model.dispose();
  own.dispose();
  await expect(call).rejects.toMatchObject({ code: "aborted" });
});

it.each(Object.entries(CALLS))("after dispose %s is refused with bad-argument", async (_, call) => {
  const model = await load();
  model.dispose();
  model.dispose();
  const after = expect(call(model)).rejects;
  await after.toMatchObject({
    code: "bad-argument",
    message: "the model was disposed of; load it again to use it",
  });
});
