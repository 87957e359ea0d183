/** @file Calls of an explainer: GPU memory budgets, plans that are kept, cancelling, options that are refused. */

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Explainer } from "../../src/cam/explainer.js";
import { mapOptionValues } from "../../src/cam/map-options.js";
import { fullgrad } from "../../src/cam/methods/fullgrad.js";
import { GUIDED_RULES } from "../../src/cam/methods/guided-rules.js";
import { SymbolicModel } from "../../src/cam/passes/symbolic-model.js";
import type { ExplainOptions, Explanation } from "../../src/cam/request/types.js";
import type { Device } from "../../src/runtime/device.js";
import { openTestDevice } from "../kernels/harness.js";
import { largestDeviation } from "./golden-layers.js";
import { explain, H, input, makeNet, W, type Net } from "./small-net.js";

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.gpu.dispose());

const net = (deep: boolean): Net => makeNet(device, deep);

test("gradients that are requested again add nothing to the model's graph", () => {
  const { model, tap } = net(true);
  const passes = new SymbolicModel(model);
  const nodesAfter = (): number => {
    const [gradient] = passes.gradients([tap], GUIDED_RULES);
    passes.curvature(gradient!, tap);
    fullgrad.map(passes, mapOptionValues({}));
    return model.template.graph.nodes.length;
  };
  expect(nodesAfter()).toBe(nodesAfter());
});

describe("an explainer's memory budget", () => {
  /** Runs `body` on a net; reports the most memory that calls used on top of the weights. Preparing weights does not count. */
  async function watched<T>(body: (explainer: Explainer, peak: () => number) => Promise<T>): Promise<T> {
    const { model } = makeNet(device, true, 64);
    const { weights } = model;
    const before = device.memory.now;
    const explainer = new Explainer(model);
    const compile = device.compile.bind(device);
    const prepare = weights.prepare.bind(weights);
    let preparing = false;
    let highest = 0;
    device.compile = async (...args) => {
      const plan = await compile(...args);
      if (!preparing) highest = Math.max(highest, device.memory.now - before - weights.bytes);
      return plan;
    };
    weights.prepare = async (requests) => {
      preparing = true;
      try {
        return await prepare(requests);
      } finally {
        preparing = false;
      }
    };
    try {
      return await body(explainer, () => highest);
    } finally {
      device.compile = compile;
      await explainer.releasePlans();
      weights.dispose();
    }
  }

  const peakOf = (options: ExplainOptions): Promise<{ peak: number; result: Explanation }> =>
    watched(async (explainer, peak) => {
      const result = await explainer.explain(input, { methods: ["scorecam"], targets: 1, ...options });
      return { peak: peak(), result };
    });

  test("a memory budget bounds the memory and changes no map", async () => {
    const free = await peakOf({ batchSize: 64 });
    const memory = Math.floor(free.peak / 3);
    const bound = await peakOf({ batchSize: 64, memory });
    expect(bound.peak).toBeLessThanOrEqual(memory);
    expect(largestDeviation(bound.result.maps[0]!.data, free.result.maps[0]!.data)).toBeLessThan(1e-4);
  });

  test("the memory of scorecam does not grow with the number of targets", async () => {
    const one = await peakOf({ batchSize: 4 });
    const five = await peakOf({ batchSize: 4, targets: "all" });
    expect(five.peak - one.peak).toBeLessThan(5 * 4 * (64 + 2 * H * W) + 16384);
  });

  /** The bytes that the refusal of a call says it needs. */
  const leastOf = (options: ExplainOptions): Promise<number> =>
    watched(async (explainer) => {
      const call = explainer.explain(input, { targets: 1, ...options, memory: 1 });
      const error = await call.catch((reason: unknown) => reason as Error);
      expect(error).toMatchObject({ code: "out-of-memory" });
      const [, least] = /one picture at a time needs (\d+) KiB on top of the weights/.exec(
        (error as Error).message,
      )!;
      return Number(least) * 1024;
    });

  test("a memory budget that is too small is refused with the memory for one picture, which is enough", async () => {
    const memory = await leastOf({ methods: ["scorecam"] });
    await expect(peakOf({ memory: memory - 2048 })).rejects.toMatchObject({ code: "out-of-memory" });
    expect((await peakOf({ memory })).result.maps).toHaveLength(1);
  });

  test("a memory budget that is too small for some methods refuses these, and the others run", async () => {
    const asked = { targets: [0, 3], layers: ["layer", "relu"], layersEach: true, seed: 1 } as const;
    const { result } = await peakOf({
      ...asked,
      methods: ["scorecam", "gradcam", "smoothgrad", "saliency", "randomcam"],
      memory: 1000,
    });
    const { result: alone } = await peakOf({ ...asked, methods: ["gradcam", "saliency", "randomcam"] });
    expect(result.maps).toEqual(alone.maps);
    expect(result.inputGradients).toEqual(alone.inputGradients);
    const reason = expect.stringMatching(/^1 KiB is not enough: .* use a larger --memory/) as string;
    expect(result.refused).toEqual([
      { method: "scorecam", reason },
      { method: "smoothgrad", reason },
    ]);
  });

  test("results and memory do not depend on earlier calls of an explainer", async () => {
    const calls: ExplainOptions[] = [
      { methods: ["scorecam"], batchSize: 3 },
      { methods: ["smoothgrad"], batchSize: 8 },
      { methods: ["gradcam", "smoothgradcam++", "scorecam"], batchSize: 2, targets: [0, 1, 2] },
    ];
    const memory = Math.max(await leastOf(calls[0]!), await leastOf(calls[1]!)) + 60_000;
    const alone: Explanation[] = [];
    for (const call of calls) {
      const { peak, result } = await peakOf({ ...call, memory });
      expect(peak).toBeLessThanOrEqual(memory);
      alone.push(result);
    }
    await watched(async (explainer, peak) => {
      await explainer.explain(input, { methods: ["scorecam"], batchSize: 1, memory });
      for (const k of [0, 1, 0, 0, 2, 2, 1]) {
        const { maps, refused } = await explainer.explain(input, { targets: 1, ...calls[k]!, memory });
        expect({ maps, refused }).toEqual({ maps: alone[k]!.maps, refused: alone[k]!.refused });
        expect(peak()).toBeLessThanOrEqual(memory);
      }
    });
  });

  test("the same call again compiles nothing", async () => {
    await watched(async (explainer) => {
      const call = { methods: ["scorecam", "gradcam"], targets: 1, memory: 1e6, batchSize: 3 } as const;
      await explainer.explain(input, call);
      const compile = vi.spyOn(device, "compile");
      await explainer.explain(input, { ...call, targets: 2, seed: 4, signal: new AbortController().signal });
      expect(compile).not.toHaveBeenCalled();
      compile.mockRestore();
    });
  });
});

test("an aborted call ends between batches", async () => {
  const controller = new AbortController();
  let batches = 0;
  const running = explain(net(true), {
    methods: ["scorecam"],
    batchSize: 1,
    signal: controller.signal,
    onProgress: ({ done }) => {
      batches = done;
      if (done === 3) controller.abort();
    },
  });
  await expect(running).rejects.toMatchObject({ code: "aborted" });
  expect(batches).toBe(3);
});

test.each([{ batchSize: 0 }, { topChannels: 1.5 }, { memory: -1 }])(
  "an explainer refuses %o",
  async (options) => {
    await expect(explain(net(false), options)).rejects.toMatchObject({ code: "bad-argument" });
  },
);
