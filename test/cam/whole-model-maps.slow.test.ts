/** @file Methods that look at no layer, through the library, against PyTorch and pytorch-grad-cam (tools/make_direct_reference.py). */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MethodName } from "../../src/cam/methods/table.js";
import type { CamMap, ExplainOptions } from "../../src/cam/request/types.js";
import type { Model } from "../../src/index.js";
import type { Gpu } from "../../src/runtime/gpu.js";
import { largestDeviation } from "./golden-layers.js";
import { readTensors } from "../reference/golden.js";
import { loadCase, openTestGpu, type LoadedCase } from "../end-to-end/harness.js";

const { tensors, metadata } = readTensors(new URL("../data/direct.safetensors", import.meta.url));

interface Part {
  readonly top: number;
  readonly left: number;
  readonly size: readonly [height: number, width: number];
}

/** The parts of pictures that some methods are compared on. */
const PARTS = JSON.parse(metadata["parts"]!) as Readonly<Record<string, Part>>;

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openTestGpu();
});
afterAll(() => gpu.dispose());

async function withCase(
  name: string,
  body: (loaded: LoadedCase) => Promise<void>,
  size?: readonly [number, number],
): Promise<void> {
  const loaded = await loadCase(name, gpu, { ...(size && { size }) });
  try {
    await body(loaded);
  } finally {
    loaded.model.dispose();
  }
}

const floatsOf = (key: string): Float32Array => tensors.get(key)!.data as Float32Array;

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, x) => total + x, 0);

const mapOf = (maps: readonly CamMap[], method: MethodName, target: number): CamMap =>
  maps.find((map) => map.method === method && map.target.index === target)!;

/** The heat of a gradient [H, W, channels], written out. */
function heatOf(gradient: ArrayLike<number>, channels: number, signed: boolean): number[] {
  const heat = Array.from({ length: gradient.length / channels }, (_, p) => {
    const colours = Array.from({ length: channels }, (_, c) => gradient[p * channels + c]!);
    return signed ? sum(colours) : Math.max(...colours.map(Math.abs));
  });
  const lowest = signed ? 0 : Math.min(...heat);
  const range = signed ? largest(heat) : Math.max(...heat) - lowest;
  return heat.map((x) => (x - lowest) / range);
}

const relative = (got: ArrayLike<number>, want: ArrayLike<number>): number =>
  largestDeviation(got, want) / largest(want);

describe.each([
  ["resnet18", ["fullgrad", "saliency"]],
  ["vit_tiny_patch16_224", ["saliency"]],
] as const)("%s", (name, methods) => {
  test(`${methods.join(", ")} are PyTorch's with another target and a method of layers beside them`, () =>
    withCase(name, async ({ golden, model, picture }) => {
      const { layers, target } = golden.case;
      const { maps, inputGradients = [] } = await model.explain(picture, {
        methods: ["gradcam", ...methods],
        layers,
        targets: [target === 0 ? 1 : 0, target],
      });
      expect(maps.map((map) => map.method)).toEqual(
        ["gradcam", ...methods].flatMap((method) => [method, method]),
      );
      for (const method of methods) {
        const map = mapOf(maps, method, target);
        const want = floatsOf(`${name}.${method}`);
        expect(map.layers).toEqual([]);
        if (method === "fullgrad") expect(largestDeviation(map.data, want)).toBeLessThan(1e-3);
        else {
          const gradient = inputGradients.find((g) => g.method === method && g.target.index === target)!;
          expect(relative(gradient.data, want)).toBeLessThan(1e-3);
          expect(largestDeviation(map.data, heatOf(want, 3, false))).toBeLessThan(1e-3);
        }
      }
      const gradcam = mapOf(maps, "gradcam", target);
      expect(largestDeviation(gradcam.data, golden.floats("cam.gradcam").data)).toBeLessThan(1e-3);
    }));
});

function partOf({ golden }: LoadedCase, { top, left, size: [h, w] }: Part): Float32Array {
  const { data, shape } = golden.floats("input");
  const [, , H, W] = shape as [number, number, number, number];
  return Float32Array.from({ length: h * w * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % w, Math.floor(i / 3 / w)];
    return data[((i % 3) * H + y + top) * W + x + left]!;
  });
}

type PartTest = (model: Model, part: { input: Float32Array }, target: number) => Promise<void>;

const withPartOf = (name: string, body: PartTest): Promise<void> => {
  const part = PARTS[name]!;
  return withCase(
    name,
    (loaded) => body(loaded.model, { input: partOf(loaded, part) }, loaded.golden.case.target),
    part.size,
  );
};

test.each(["densenet121", "densenet121-half-rect"])("fullgrad of %s is PyTorch's for two targets", (name) =>
  withPartOf(name, async (model, part, target) => {
    const targets = [target === 0 ? 1 : 0, target];
    const { maps } = await model.explain(part, { methods: ["fullgrad"], targets });
    const got = mapOf(maps, "fullgrad", target).data;
    expect(largestDeviation(got, floatsOf(`${name}.fullgrad`))).toBeLessThan(1e-4);
  }),
);

describe("of many gradients", () => {
  const withPart = (body: PartTest): Promise<void> => withPartOf("resnet18", body);

  test("smoothgrad and integrated are PyTorch's in batches that do not divide the samples", () =>
    withPart(async (model, part, target) => {
      const { maps, inputGradients, logits } = await model.explain(part, {
        methods: ["smoothgrad", "integrated"],
        targets: [0, target],
        batchSize: 7,
      });
      for (const method of ["smoothgrad", "integrated"] as const) {
        const want = floatsOf(`resnet18.${method}`);
        const got = inputGradients!.find((g) => g.method === method && g.target.index === target)!;
        expect(got.shape).toEqual([32, 48, 3]);
        expect(relative(got.data, want), method).toBeLessThan(1e-3);
        const map = mapOf(maps, method, target);
        expect(largestDeviation(map.data, heatOf(want, 3, false)), `${method}: map`).toBeLessThan(1e-3);
      }
      // Complete: the sum over the picture is the logit less the baseline's, within the midpoint rule's error.
      const baseline = await model.run({ input: new Float32Array(part.input.length) });
      const difference = logits[target]! - baseline.logits[target]!;
      const sums = inputGradients!.filter((g) => g.method === "integrated").map(({ data }) => sum(data));
      expect(Math.abs(sums[1]! - difference) / Math.abs(difference)).toBeLessThan(0.06);
    }));

  test("the same seed gives the same map; --memory and --batch-size change only the rounding", () =>
    withPart(async (model, part) => {
      const mapWith = async (options: ExplainOptions): Promise<Float32Array> =>
        (await model.explain(part, { methods: ["smoothgrad"], ...options })).maps[0]!.data;
      const first = await mapWith({});
      const again = await mapWith({ seed: 0 });
      expect(largestDeviation(again, first)).toBe(0);
      expect(largestDeviation(await mapWith({ seed: 1 }), first)).toBeGreaterThan(0.1);
      expect(largestDeviation(await mapWith({ memory: 40e6 }), first)).toBeLessThan(1e-3);
      await expect(mapWith({ memory: 1000 })).rejects.toMatchObject({ code: "out-of-memory" });
      const stopping = new AbortController();
      const onProgress = ({ done }: { done: number }): void => void (done > 8 && stopping.abort());
      await expect(mapWith({ signal: stopping.signal, onProgress })).rejects.toMatchObject({
        code: "aborted",
      });
    }));

  test("a picture of the baseline has a flat map with its reason", () =>
    withPart(async (model, part) => {
      const { maps } = await model.explain({ input: part.input.map(() => 0) }, { methods: ["integrated"] });
      expect(maps[0]!.data.every((x) => x === 0)).toBe(true);
      expect(maps[0]!.flat).toMatch(/gradient at the picture/);
    }));
});

test("the guided method gives PyTorch's guided gradient; signed heat has the sign of its sum over colours", () =>
  withCase("resnet18", async ({ golden, model, picture }) => {
    const { target } = golden.case;
    const options = { methods: ["guided"], targets: target, guided: true } as const;
    const { maps, inputGradients, guided } = await model.explain(picture, {
      ...options,
      inputHeat: "signed",
    });
    const got = inputGradients![0]!.data;
    expect(largestDeviation(got, guided![0]!.data)).toBe(0);
    const want = golden.floats("guided").data;
    expect(relative(got, want)).toBeLessThan(1e-3);
    expect(maps[0]!.signed).toBe(true);
    expect(largestDeviation(maps[0]!.data, heatOf(got, 3, true))).toBeLessThan(1e-5);
    await expect(model.explain(picture, { ...options, inputHeat: "both" as never })).rejects.toMatchObject({
      code: "bad-argument",
      message: 'inputHeat "both": use "absolute" or "signed"',
    });
    const absolute = await model.explain(picture, options);
    expect(absolute.maps[0]!.signed).toBeUndefined();
    const alone = await model.explain(picture, { ...options, methods: [] });
    expect(alone.maps).toEqual([]);
    expect(relative(alone.guided![0]!.data, want)).toBeLessThan(1e-3);
    expect(largestDeviation(absolute.maps[0]!.data, heatOf(got, 3, false))).toBeLessThan(1e-5);
  }));

describe("smoothing and refusals", () => {
  test("--aug-smooth of methods of the input is the mean over variants, flips undone; the gradient stays the plain picture's", () =>
    withPartOf("resnet18", async (model, part) => {
      const [H, W] = model.preprocessing.size;
      const options = { methods: ["saliency", "fullgrad"], targets: 6 } as const;
      const smooth = await model.explain(part, { ...options, augSmooth: true });
      const plain = await model.explain(part, options);
      expect(largestDeviation(smooth.inputGradients![0]!.data, plain.inputGradients![0]!.data)).toBe(0);
      const shown = (x: number, y: number, c: number): number => part.input[3 * (y * W + x) + c]!;
      const expected = smooth.maps.map(() => new Float64Array(H * W));
      for (const flip of [false, true]) {
        for (const factor of [0.9, 1, 1.1]) {
          const variant = Float32Array.from({ length: H * W * 3 }, (_, i) => {
            const [x, y] = [Math.floor(i / 3) % W, Math.floor(i / 3 / W)];
            return factor * shown(flip ? W - 1 - x : x, y, i % 3);
          });
          const { maps } = await model.explain({ input: variant }, options);
          maps.forEach(({ data }, m) =>
            expected[m]!.forEach((_, p) => {
              const mirrored = p - (p % W) + (W - 1 - (p % W));
              expected[m]![p]! += data[flip ? mirrored : p]! / 6;
            }),
          );
        }
      }
      smooth.maps.forEach(({ data }, m) =>
        expect(largestDeviation(data, expected[m]!), options.methods[m]).toBeLessThan(1e-4),
      );
    }));

  test("methods of the input are refused for a model without ReLUs or with layer norms, and with eigen smoothing", () =>
    withCase("vit_tiny_patch16_224", async ({ model, picture }) => {
      // LeGrad appends a ReLU to the graph, which is no ReLU of the model.
      await model.explain(picture, { methods: ["legrad"], layers: ["blocks[-1].norm1"] });
      const methods = ["guided", "fullgrad", "saliency"] as const;
      const { maps, refused } = await model.explain(picture, { methods, layers: ["blocks[-1].norm1"] });
      expect(maps.map((map) => map.method)).toEqual(["saliency"]);
      expect(refused!.map(({ method, reason }) => [method, reason])).toEqual([
        ["guided", expect.stringContaining("vit_tiny_patch16_224 has no ReLU; use gradcam")],
        ["fullgrad", expect.stringContaining("has layer norms, which depend on the picture; use integrated")],
      ]);
      await expect(model.explain(picture, { methods: ["fullgrad"] })).rejects.toMatchObject({
        code: "unsupported",
      });
      const eigen = await model.explain(picture, { methods: ["saliency", "gradcam"], eigenSmooth: true });
      expect(eigen.maps.map((map) => map.method)).toEqual(["gradcam"]);
      expect(eigen.refused![0]!.reason).toContain("reads no layer");
      const beside = await model.explain(picture, { methods: ["saliency"], guided: true });
      expect(beside.maps).toHaveLength(1);
      expect(beside.guided).toBeUndefined();
      expect(beside.refused!.map(({ method }) => method)).toEqual(["guided"]);
    }));
});
