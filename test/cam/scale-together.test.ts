/** @file Maps that keep their sign and maps on one scale, against what is computed in f64 from activations and gradients. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExplainOptions } from "../../src/index.js";
import { loadModel, type Gpu, type Model, type Picture } from "../../src/index.js";
import { madeCheckpoint, openTestGpu } from "../end-to-end/harness.js";
import { largestDeviation } from "./golden-layers.js";

const SIZE = [72, 56] as const;
const LAYERS = ["layer3[-1]", "layer4[-1]"];
const TARGETS = [0, 3, 7];
const picture: Picture = {
  data: Uint8Array.from({ length: 56 * 72 * 3 }, (_, i) => (i * 7919) >> 3),
  width: 56,
  height: 72,
  channels: 3,
};

let gpu: Gpu;
let model: Model;
beforeAll(async () => {
  gpu = await openTestGpu();
  model = await loadModel(madeCheckpoint("resnet18"), { gpu, arch: "resnet18", size: SIZE });
});
afterAll(() => {
  model.dispose();
  gpu.dispose();
});

interface Small {
  readonly h: number;
  readonly w: number;
  readonly values: readonly number[];
}

/** Half-pixel bilinear, edges repeated. */
function resized({ h, w, values }: Small): number[] {
  const [H, W] = SIZE;
  const at = (y: number, x: number): number =>
    values[Math.min(Math.max(y, 0), h - 1) * w + Math.min(Math.max(x, 0), w - 1)]!;
  return Array.from({ length: H * W }, (_, p) => {
    const y = ((Math.floor(p / W) + 0.5) * h) / H - 0.5;
    const x = (((p % W) + 0.5) * w) / W - 0.5;
    const [y0, x0] = [Math.floor(y), Math.floor(x)];
    const mix = (row: number): number => at(row, x0) * (x0 + 1 - x) + at(row, x0 + 1) * (x - x0);
    return mix(y0) * (y0 + 1 - y) + mix(y0 + 1) * (y - y0);
  });
}

/** Grad-CAM before ReLU, of each target, in f64 from f32 activations and gradients. */
async function rawMaps(layer: string): Promise<Small[]> {
  const { taps } = await model.run(picture, { taps: [layer] });
  const A = taps.get(layer)!;
  const [, h, w, C] = A.shape as [number, number, number, number];
  const maps: Small[] = [];
  for (const target of TARGETS) {
    const G = (await model.grad(picture, { layers: [layer], target })).get(layer)!.data;
    const weights = new Array<number>(C).fill(0);
    G.forEach((g, i) => (weights[i % C]! += g / (h * w)));
    const values = Array.from({ length: h * w }, (_, p) =>
      weights.reduce((sum, weight, c) => sum + weight * A.data[p * C + c]!, 0),
    );
    maps.push({ h, w, values });
  }
  return maps;
}

const highest = (maps: readonly (readonly number[])[]): number =>
  Math.max(...maps.map((m) => Math.max(...m)));
const lowest = (maps: readonly (readonly number[])[]): number => Math.min(...maps.map((m) => Math.min(...m)));

/** The maps of some targets on the scale that `over` finds among them. */
function scaled(maps: readonly number[][], shared: boolean, signed: boolean): number[][] {
  return maps.map((map) => {
    const among = shared ? maps : [map];
    const [low, high] = [lowest(among), highest(among)];
    const from = signed ? 0 : low;
    const range = signed ? Math.max(high, -low) : high - low;
    return map.map((x) => (x - from) / (range + 1e-7));
  });
}

describe.each([
  { relu: false, compareScale: "own" },
  { relu: false, compareScale: "shared" },
  { relu: true, compareScale: "shared" },
] as const)("relu $relu, compareScale $compareScale", ({ relu, compareScale }) => {
  it("gradcam of two layers, averaged, is what f64 gives", async () => {
    const kept = (values: readonly number[]): number[] =>
      relu ? values.map((x) => Math.max(0, x)) : [...values];
    const perLayer: number[][][] = [];
    for (const layer of LAYERS) {
      const raw = await rawMaps(layer);
      const small = scaled(
        raw.map(({ values }) => kept(values)),
        compareScale === "shared",
        !relu,
      );
      perLayer.push(small.map((values, t) => resized({ ...raw[t]!, values })));
    }
    const [a, b] = perLayer as [number[][], number[][]];
    const mean = a.map((map, t) => map.map((x, p) => (x + b[t]![p]!) / 2));
    const want = scaled(mean, compareScale === "shared", !relu);
    for (const batchSize of [1, 8]) {
      const options = { layers: LAYERS, targets: TARGETS, relu, compareScale, batchSize };
      const { maps } = await model.explain(picture, { ...options, methods: ["gradcam"] });
      maps.forEach((map, t) => {
        expect(largestDeviation(map.data, want[t]!)).toBeLessThan(1e-4);
        expect(map.signed).toBe(relu ? undefined : true);
      });
      if (!relu) expect(maps.some((map) => map.data.some((x) => x < -0.05))).toBe(true);
    }
  });
});

/** One of each kind: weights, summands, class-agnostic, channel weights, principal components. */
const METHODS = ["gradcam", "layercam", "fem", "randomcam", "eigengradcam"] as const;

it("a shared scale of one target is that map's own, for every kind of method, smoothed or not", async () => {
  const asked: ExplainOptions = { methods: METHODS, layers: LAYERS, targets: 3, layersEach: true };
  for (const how of [{}, { augSmooth: true, eigenSmooth: true }]) {
    const own = await model.explain(picture, { ...asked, ...how });
    const shared = await model.explain(picture, { ...asked, ...how, compareScale: "shared" });
    expect(shared.maps.length).toBe(own.maps.length);
    own.maps.forEach((map, i) =>
      expect(largestDeviation(shared.maps[i]!.data, map.data), map.method).toBeLessThan(1e-5),
    );
  }
});
