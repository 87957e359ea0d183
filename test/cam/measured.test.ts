/**
 * @file Score-CAM and Ablation-CAM on the device against runs of the whole model, one channel at a time, in the f64
 * interpreter; memory budgets, batches, cancelling.
 */

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Explainer } from "../../src/cam/explainer.js";
import type { ExplainerModel } from "../../src/cam/model.js";
import { GUIDED_RULES } from "../../src/cam/methods/guided-rules.js";
import { mapOptionValues } from "../../src/cam/map-options.js";
import { fullgrad } from "../../src/cam/methods/fullgrad.js";
import { SymbolicModel } from "../../src/cam/passes/symbolic-model.js";
import { normalNumbers } from "../../src/cam/passes/seeded-random.js";
import type { ExplainOptions, Explanation } from "../../src/cam/request/types.js";
import { Builder } from "../../src/graph/builder.js";
import { instantiate } from "../../src/graph/instantiate.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { Node } from "../../src/graph/types.js";
import { adaptiveAveragePool, conv2d, flatten, linear, relu } from "../../src/models/layers.js";
import type { Device } from "../../src/runtime/device.js";
import { WeightStore } from "../../src/runtime/weights.js";
import { openTestDevice } from "../kernels/harness.js";
import { evaluate } from "../reference/index.js";
import { seeded } from "../reference/random.js";
import { largestDeviation } from "./golden-layers.js";

const [H, W] = [12, 10];
const CHANNELS = 11;
const CLASSES = 5;

interface Net {
  readonly model: ExplainerModel;
  readonly tap: Node;
  readonly params: ReadonlyMap<string, Float32Array>;
}

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.gpu.dispose());

/** Two convolutions; a later one mixes channels where `deep`. Channels 3 and 7 of the layer are equal everywhere. */
function net(deep: boolean, channels = CHANNELS): Net {
  const graph = new Builder();
  const picture = graph.input("picture", [graph.batch, H, W, 3]);
  const tap = relu(graph, "relu", conv2d(graph, "layer", picture, { out: channels, kernel: 3, stride: 2 }));
  const x = deep
    ? graph.add(graph.relu(conv2d(graph, "mix", tap, { out: channels, kernel: 3, padding: 1 })), tap)
    : tap;
  const logits = linear(graph, "head", flatten(graph, adaptiveAveragePool(graph, x, [1, 1])), CLASSES);
  const random = seeded(channels + (deep ? 1 : 0));
  const params = new Map(
    [...graph.params].map(([key, node]) => [key, Float32Array.from(random.array(sizeOf(node.shape)))]),
  );
  const weight = params.get("layer.weight")!;
  [3, 7].forEach((c, i) => {
    weight.fill(0, c * 27, (c + 1) * 27);
    params.get("layer.bias")![c] = i;
  });
  const store = new WeightStore(
    device,
    new Map([...params].map(([key, values]) => [key, { floats: () => Promise.resolve(values) }])),
  );
  const model: ExplainerModel = {
    template: { graph, modules: graph.modules, picture, logits, otherNames: () => [] },
    device,
    weights: store,
    name: "net",
    size: [H, W],
    channels: 3,
    defaultLayer: "relu",
    prefixes: [],
    activation: "softmax",
  };
  return { model, tap, params };
}

const input = Float32Array.from(seeded(9).array(H * W * 3));

/** Logits of the whole net in f64, with the picture and the layer changed. */
function run(
  { model, tap, params }: Net,
  picture: ArrayLike<number>,
  keep?: readonly number[],
): { logits: number[]; layer: Float64Array } {
  const { graph, copyOf } = instantiate([model.template.logits, tap], {
    batch: 1,
    rewrite: (node, inputs, b) =>
      node === tap && keep
        ? b.mul(b.relu(inputs[0]!), b.constant(Float32Array.from(keep), [keep.length]))
        : undefined,
  });
  expect(graph.batch).toBe(1);
  const [logits, layer] = evaluate([copyOf(model.template.logits), copyOf(tap)], {
    inputs: new Map([["picture", Float64Array.from(picture)]]),
    params,
  });
  return { logits: [...logits!.data], layer: layer!.data };
}

/** torch's bilinear upsampling with aligned corners, one pixel at a time. */
function upsampled(values: (y: number, x: number) => number, h: number, w: number): number[] {
  return Array.from({ length: H * W }, (_, i) => {
    const [sy, sx] = [(Math.floor(i / W) * (h - 1)) / (H - 1), ((i % W) * (w - 1)) / (W - 1)];
    const [y, x] = [Math.min(Math.floor(sy), h - 2), Math.min(Math.floor(sx), w - 2)];
    const [fy, fx] = [sy - y, sx - x];
    const row = (r: number): number => values(r, x) * (1 - fx) + values(r, x + 1) * fx;
    return row(y) * (1 - fy) + row(y + 1) * fy;
  });
}

/** Half-pixel bilinear resizing of ReLU'd and scaled weighted sums: what follows the weights in every method. */
function finalMap(layer: Float64Array, channels: number, weights: readonly number[]): number[] {
  const [h, w] = [5, 4];
  const raw = Array.from({ length: h * w }, (_, p) =>
    Math.max(
      0,
      weights.reduce((sum, weight, c) => sum + weight * layer[p * channels + c]!, 0),
    ),
  );
  const scale = (map: readonly number[]): number[] => {
    const low = Math.min(...map);
    const high = Math.max(...map) - low;
    return map.map((v) => (v - low) / (high + 1e-7));
  };
  const scaled = scale(raw);
  const at = (o: number, from: number, to: number): [number, number, number] => {
    const s = Math.min(Math.max(((o + 0.5) * from) / to - 0.5, 0), from - 1);
    const low = Math.floor(s);
    return [low, Math.min(low + 1, from - 1), s - low];
  };
  return scale(
    Array.from({ length: H * W }, (_, i) => {
      const [y0, y1, fy] = at(Math.floor(i / W), h, H);
      const [x0, x1, fx] = at(i % W, w, W);
      const row = (y: number): number => scaled[y * w + x0]! * (1 - fx) + scaled[y * w + x1]! * fx;
      return row(y0) * (1 - fy) + row(y1) * fy;
    }),
  );
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function ablationMap(n: Net, target: number): number[] {
  const { logits, layer } = run(n, input);
  const s = logits[target]!;
  const weights = range(CHANNELS).map((c) => {
    const keep = range(CHANNELS).map((i) => (i === c ? 0 : 1));
    return (s - run(n, input, keep).logits[target]!) / Math.abs(s);
  });
  return finalMap(layer, CHANNELS, weights);
}

function scoreMap(n: Net, target: number, channels = range(CHANNELS), softmaxed = false): number[] {
  const { layer } = run(n, input);
  const scores = channels.map((c) => {
    const mask = upsampled((y, x) => layer[(y * 4 + x) * CHANNELS + c]!, 5, 4);
    const low = Math.min(...mask);
    const high = Math.max(...mask);
    // Rounding must not make a mask of a channel of equal values.
    const scaled = mask.map((v) => (high - low < 1e-12 ? 0 : (v - low) / (high - low + 1e-8)));
    const { logits } = run(
      n,
      input.map((v, i) => v * scaled[Math.floor(i / 3)]!),
    );
    const total = logits.reduce((sum, v) => sum + Math.exp(v), 0);
    return softmaxed ? Math.exp(logits[target]!) / total : logits[target]!;
  });
  const powers = scores.map((s) => Math.exp(s));
  const total = powers.reduce((sum, v) => sum + v, 0);
  const weights = range(CHANNELS).map((c) => {
    const at = channels.indexOf(c);
    return at < 0 ? 0 : powers[at]! / total;
  });
  return finalMap(layer, CHANNELS, weights);
}

async function explain(n: Net, options: ExplainOptions): Promise<Explanation> {
  const explainer = new Explainer(n.model);
  try {
    return await explainer.explain(input, options);
  } finally {
    explainer.dispose(() => n.model.weights.dispose());
  }
}

describe.each([
  ["a pooled head", false],
  ["a convolution and a residual after the layer", true],
])("%s", (_, deep) => {
  test.each([1, 4, 64])("as channel by channel in f64, %i at a time", async (batchSize) => {
    const n = net(deep);
    const targets = [4, 0];
    const { maps } = await explain(n, { methods: ["ablationcam", "scorecam"], targets, batchSize });
    targets.forEach((target, t) => {
      expect(largestDeviation(maps[t]!.data, ablationMap(n, target))).toBeLessThan(1e-4);
      expect(largestDeviation(maps[2 + t]!.data, scoreMap(n, target))).toBeLessThan(1e-4);
    });
  });
});

test("probabilities instead of logits", async () => {
  const n = net(true);
  const { maps } = await explain(n, { methods: ["scorecam"], targets: 2, score: "probability" });
  expect(largestDeviation(maps[0]!.data, scoreMap(n, 2, range(CHANNELS), true))).toBeLessThan(1e-4);
});

test("scorecam scores one black picture for all channels of equal values, and says what it counts", async () => {
  const progress: string[] = [];
  await explain(net(false), {
    methods: ["scorecam"],
    targets: 1,
    batchSize: 4,
    onProgress: ({ done, total, what }) => progress.push(`${done}/${total} ${what}`),
  });
  const counts = [0, 4, 8, 10].map((done) => `${done}/10 scorecam: channels of relu`);
  expect(progress).toEqual([...counts, "1/1 maps"]);
});

test("scorecam of the channels that vary most says which share of the variance they have", async () => {
  const n = net(true);
  const { layer } = run(n, input);
  const variances = range(CHANNELS).map((c) => {
    const values = range(20).map((p) => layer[p * CHANNELS + c]!);
    const mean = values.reduce((a, b) => a + b) / 20;
    return values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  });
  const top = range(CHANNELS).sort((a, b) => variances[b]! - variances[a]!);
  const { maps } = await explain(n, { methods: ["scorecam"], targets: 3, topChannels: 4 });
  expect(largestDeviation(maps[0]!.data, scoreMap(n, 3, top.slice(0, 4)))).toBeLessThan(1e-4);
  const sum = (list: readonly number[]): number => list.reduce((total, c) => total + variances[c]!, 0);
  expect(maps[0]!.channels).toEqual([
    { scored: 4, of: CHANNELS, variance: expect.closeTo(sum(top.slice(0, 4)) / sum(top), 5) as number },
  ]);
});

/** The gradient of a logit at the layer in f64, by central differences: the layer's values changed one at a time. */
function gradientOf({ model, tap, params }: Net, picture: ArrayLike<number>, target: number): Float64Array {
  const { graph, copyOf } = instantiate([model.template.logits, tap], {
    batch: 1,
    rewrite: (node, inputs, b) =>
      node === tap ? b.add(b.relu(inputs[0]!), b.input("nudge", [1, ...tap.shape.slice(1)])) : undefined,
  });
  expect(graph.inputs.has("nudge")).toBe(true);
  const size = sizeOf(tap.shape.slice(1));
  const logit = (i: number, by: number): number => {
    const nudge = new Float64Array(size);
    nudge[i] = by;
    const inputs = new Map([
      ["picture", Float64Array.from(picture)],
      ["nudge", nudge],
    ]);
    return evaluate([copyOf(model.template.logits)], { inputs, params })[0]!.data[target]!;
  };
  return Float64Array.from({ length: size }, (_, i) => (logit(i, 1e-6) - logit(i, -1e-6)) / 2e-6);
}

test("smoothgradcam++ as torch-cam's formula has it, with gradients by central differences", async () => {
  const n = net(true);
  const target = 2;
  const { maps } = await explain(n, {
    methods: ["smoothgradcam++", "gradcam"],
    targets: [0, target],
    seed: 5,
    batchSize: 1,
  });
  const next = normalNumbers("5 noise");
  const samples = range(4).map(() =>
    gradientOf(
      n,
      input.map((x) => x + 0.3 * next()),
      target,
    ),
  );
  const { layer } = run(n, input);
  const mean = (power: number, i: number): number =>
    samples.reduce((sum, g) => sum + g[i]! ** power, 0) / samples.length;
  const positions = (c: number): number[] => range(20).map((p) => p * CHANNELS + c);
  const weights = range(CHANNELS).map((c) => {
    const all = positions(c).reduce((sum, i) => sum + layer[i]! * mean(3, i), 0);
    return positions(c).reduce((sum, i) => {
      const alpha = mean(2, i) / (2 * mean(2, i) + all + 1e-8);
      return sum + alpha * Math.max(0, samples.at(-1)![i]!);
    }, 0);
  });
  expect(largestDeviation(maps[1]!.data, finalMap(layer, CHANNELS, weights))).toBeLessThan(1e-3);
  // What runs beside it sees the plain picture.
  const alone = await explain(net(true), { methods: ["gradcam"], targets: target });
  expect(maps[3]!.data).toEqual(alone.maps[0]!.data);
});

test("normal numbers have mean 0 and deviation 1", () => {
  const next = normalNumbers("a text");
  const drawn = range(20_000).map(() => next());
  const moment = (power: number): number => drawn.reduce((sum, x) => sum + x ** power, 0) / drawn.length;
  expect(moment(1)).toBeCloseTo(0, 1);
  expect(moment(2)).toBeCloseTo(1, 1);
  expect(moment(4)).toBeGreaterThan(2.8);
  expect(moment(4)).toBeLessThan(3.2);
});

test("what was asked before adds nothing to the model's graph", () => {
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

describe("memory", () => {
  /** Runs `body` on a net; says what calls took at most beyond the weights, and while these were prepared. */
  async function watched<T>(body: (explainer: Explainer, peak: () => number) => Promise<T>): Promise<T> {
    const { model } = net(true, 64);
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

  test("stays within the budget, with the same map", async () => {
    const free = await peakOf({ batchSize: 64 });
    const memory = Math.floor(free.peak / 3);
    const bound = await peakOf({ batchSize: 64, memory });
    expect(bound.peak).toBeLessThanOrEqual(memory);
    expect(largestDeviation(bound.result.maps[0]!.data, free.result.maps[0]!.data)).toBeLessThan(1e-4);
  });

  test("does not grow with the number of targets", async () => {
    const one = await peakOf({ batchSize: 4 });
    const five = await peakOf({ batchSize: 4, targets: "all" });
    expect(five.peak - one.peak).toBeLessThan(5 * 4 * (64 + 2 * H * W) + 16384);
  });

  /** Bytes that a call says it takes at least. */
  const leastOf = (options: ExplainOptions): Promise<number> =>
    watched(async (explainer) => {
      const call = explainer.explain(input, { targets: 1, ...options, memory: 1 });
      const error = await call.catch((reason: unknown) => reason as Error);
      expect(error).toMatchObject({ code: "out-of-memory" });
      const [, least] = /one picture at a time takes (\d+) KiB beyond the weights/.exec(
        (error as Error).message,
      )!;
      return Number(least) * 1024;
    });

  test("that is too little is refused with what one picture takes, which suffices", async () => {
    const memory = await leastOf({ methods: ["scorecam"] });
    await expect(peakOf({ memory: memory - 2048 })).rejects.toMatchObject({ code: "out-of-memory" });
    expect((await peakOf({ memory })).result.maps).toHaveLength(1);
  });

  test("that is too little for some methods refuses them, and the others run", async () => {
    const asked = { targets: [0, 3], layers: ["layer", "relu"], layersEach: true, seed: 1 } as const;
    const { result } = await peakOf({
      ...asked,
      methods: ["scorecam", "gradcam", "smoothgrad", "saliency", "randomcam"],
      memory: 1000,
    });
    const { result: alone } = await peakOf({ ...asked, methods: ["gradcam", "saliency", "randomcam"] });
    expect(result.maps).toEqual(alone.maps);
    expect(result.inputGradients).toEqual(alone.inputGradients);
    const reason = expect.stringMatching(/^1 KiB are too little: .* allow more with --memory/) as string;
    expect(result.refused).toEqual([
      { method: "scorecam", reason },
      { method: "smoothgrad", reason },
    ]);
  });

  test("is as for a new model, whatever was asked before", async () => {
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

  test("is not taken anew by the same call again", async () => {
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

test("what is measured on six versions of the picture counts as one work", async () => {
  const seen: { done: number; total: number }[] = [];
  await explain(net(true), {
    methods: ["ablationcam"],
    batchSize: 4,
    augSmooth: true,
    onProgress: ({ done, total, what }) => what.startsWith("ablationcam") && seen.push({ done, total }),
  });
  const [first, last] = [seen[0]!, seen.at(-1)!];
  expect(first.done).toBe(0);
  expect(last.done).toBe(last.total);
  expect(seen.every(({ total }) => total === first.total && total % 6 === 0)).toBe(true);
  expect(seen.map(({ done }) => done)).toEqual(seen.map(({ done }) => done).sort((a, b) => a - b));
});

test("is cancelled between batches", async () => {
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

test.each([{ batchSize: 0 }, { topChannels: 1.5 }, { memory: -1 }])("%o is refused", async (options) => {
  await expect(explain(net(false), options)).rejects.toMatchObject({ code: "bad-argument" });
});
