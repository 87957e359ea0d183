/**
 * @file Channel weights on the device against runs of the whole model in the f64 interpreter: one channel at a time for
 * Score-CAM and Ablation-CAM, central differences for Smooth Grad-CAM++.
 */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalNumbers } from "../../src/cam/passes/seeded-random.js";
import { instantiate } from "../../src/graph/instantiate.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { Device } from "../../src/runtime/device.js";
import { openTestDevice } from "../kernels/harness.js";
import { evaluate } from "../reference/index.js";
import { largestDeviation } from "./golden-layers.js";
import { CHANNELS, explain, H, input, makeNet, W, type Net } from "./small-net.js";

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.gpu.dispose());

const net = (deep: boolean): Net => makeNet(device, deep);

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

describe.each([
  ["a pooled head", false],
  ["a convolution and a residual after the layer", true],
])("%s", (_, deep) => {
  test.each([1, 4, 64])(
    "channel weights are those of one channel at a time in f64, %i at a time",
    async (batchSize) => {
      const n = net(deep);
      const targets = [4, 0];
      const { maps } = await explain(n, { methods: ["ablationcam", "scorecam"], targets, batchSize });
      targets.forEach((target, t) => {
        expect(largestDeviation(maps[t]!.data, ablationMap(n, target))).toBeLessThan(1e-4);
        expect(largestDeviation(maps[2 + t]!.data, scoreMap(n, target))).toBeLessThan(1e-4);
      });
    },
  );
});

test("channel weights by probabilities are those of one channel at a time in f64", async () => {
  const n = net(true);
  const { maps } = await explain(n, { methods: ["scorecam"], targets: 2, score: "probability" });
  expect(largestDeviation(maps[0]!.data, scoreMap(n, 2, range(CHANNELS), true))).toBeLessThan(1e-4);
});

test("scorecam scores one black picture for all channels of equal values, and reports the counts", async () => {
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

test("scorecam of the channels that vary most reports their share of the variance", async () => {
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

test("smoothgradcam++ follows torch-cam's formula, with gradients by central differences", async () => {
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

test("the progress of six input variants counts as one work", async () => {
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
