/** @file FullGrad's map of a small network with biases of both kinds, by central differences; what counts as a bias. */

import { expect, test } from "vitest";
import { mapOptionValues } from "../../src/cam/map-options.js";
import { fullgrad } from "../../src/cam/methods/fullgrad.js";
import { SymbolicModel } from "../../src/cam/passes/symbolic-model.js";
import type { DeviceModel } from "../../src/cam/model.js";
import { Builder } from "../../src/graph/builder.js";
import { instantiate, reachable } from "../../src/graph/instantiate.js";
import type { Node } from "../../src/graph/types.js";
import { resizeMap } from "../../src/image/resize.js";
import { batchNorm, conv2d, flatten, linear, maxPool2d, relu } from "../../src/models/layers.js";
import { buildTemplate } from "../../src/models/registry.js";
import { evaluate } from "../reference/index.js";
import { seeded } from "../reference/random.js";

const SIZE = [8, 6] as const;
const TARGETS = 2;

interface Network {
  readonly graph: Builder;
  readonly picture: Node;
  readonly logits: Node;
}

/** For graphs alone: nothing runs on a device. */
const passesOf = (template: Network): SymbolicModel => new SymbolicModel({ template } as DeviceModel);

/** @param change gets each value to which a bias was added, in order */
function network(change: (b: Builder, value: Node, place: number) => Node): Network {
  const graph = new Builder();
  const picture = graph.input("picture", [graph.batch, ...SIZE, 2]);
  let places = 0;
  const next = (value: Node): Node => change(graph, value, places++);
  let x = next(conv2d(graph, "conv1", picture, { out: 3, kernel: 3, padding: 1 }));
  x = relu(graph, "relu1", next(batchNorm(graph, "bn1", x)));
  x = maxPool2d(graph, "pool", x, { kernel: 2, stride: 2 });
  x = conv2d(graph, "conv2", x, { out: 4, kernel: 3, padding: 1, bias: false });
  x = relu(graph, "relu2", next(batchNorm(graph, "bn2", x)));
  return { graph, picture, logits: linear(graph, "head", flatten(graph, graph.mean(x, [1, 2])), 3) };
}

function paramsOf({ graph }: Network): Map<string, Float64Array> {
  const random = seeded(11);
  return new Map(
    [...graph.params].map(([key, { shape }]) => {
      const size = shape.reduce((n, d) => n * d, 1);
      const values = random.array(size);
      return [key, Float64Array.from(values, (x) => (key.endsWith("var") ? 1 + 0.3 * x : x))];
    }),
  );
}

test("FullGrad's map is the sum of |input x gradient| and |bias x gradient|, each channel scaled by itself", () => {
  const plain = network((_, value) => value);
  const params = paramsOf(plain);
  const picture = seeded(5).array(SIZE[0] * SIZE[1] * 2);

  const passes = passesOf(plain);
  const map = fullgrad.map(passes, mapOptionValues({}));
  const { graph, copyOf } = instantiate([map], { batch: TARGETS });
  const seed = Float64Array.of(0, 0, 1, 1, 0, 0);
  const inputs = new Map<string, ArrayLike<number>>([
    ["picture", [...picture, ...picture]],
    ["seed", seed],
  ]);
  expect(graph.batch).toBe(TARGETS);
  const [got] = evaluate([copyOf(map)], { inputs, params });
  expect(got!.shape).toEqual([TARGETS, ...SIZE]);

  // The same network with something added to each biased value.
  const shapes: (readonly number[])[] = [];
  const changed = network((b, value, place) => {
    shapes[place] = value.shape.slice(1);
    return b.add(value, b.input(`change${place}`, value.shape));
  });
  const copy = instantiate([changed.logits], { batch: 1 });
  const zeros = new Map<string, Float64Array>(
    shapes.map((shape, i) => [`change${i}`, new Float64Array(shape.reduce((n, d) => n * d, 1))]),
  );
  const logitsOf = (name: string, values: ArrayLike<number>): number[] => {
    const at = new Map<string, ArrayLike<number>>([...zeros, ["picture", picture]]);
    return [...evaluate([copy.copyOf(changed.logits)], { inputs: at.set(name, values), params })[0]!.data];
  };
  /** By central differences: of each target one number a place. */
  const gradientsAt = (name: string, values: ArrayLike<number>): number[][] => {
    const step = 1e-5;
    const moved = Array.from(values, (_, i) => {
      const [up, down] = [step, -step].map((by) =>
        logitsOf(
          name,
          Array.from(values, (x, j) => (i === j ? x + by : x)),
        ),
      );
      return up!.map((x, k) => (x - down![k]!) / (2 * step));
    });
    return [2, 0].map((target) => moved.map((row) => row[target]!));
  };
  const param = (key: string): Float64Array => params.get(key)!;
  const shift = (name: string): number[] =>
    Array.from(
      param(`${name}.bias`),
      (bias, c) =>
        bias -
        (param(`${name}.running_mean`)[c]! * param(`${name}.weight`)[c]!) /
          Math.sqrt(param(`${name}.running_var`)[c]! + 1e-5),
    );
  const biases = [[...param("conv1.bias")], shift("bn1"), shift("bn2")];

  const expected = [0, 1].map(() => new Float64Array(SIZE[0] * SIZE[1]));
  const add = (gradients: number[][], shape: readonly number[], factor: (i: number) => number): void => {
    const [h, w, C] = shape as [number, number, number];
    gradients.forEach((g, t) => {
      for (let c = 0; c < C; c++) {
        const channel = Array.from({ length: h * w }, (_, p) => Math.abs(g[p * C + c]! * factor(p * C + c)));
        const [low, high] = [Math.min(...channel), Math.max(...channel)];
        const scaled = Float32Array.from(channel, (x) => (x - low) / (high - low + 1e-7));
        const [height, width] = SIZE;
        resizeMap(scaled, { height: h, width: w }, { height, width }).forEach(
          (x, p) => (expected[t]![p]! += x),
        );
      }
    });
  };
  add(gradientsAt("picture", picture), [...SIZE, 2], (i) => picture[i]!);
  shapes.forEach((shape, i) => {
    const name = `change${i}`;
    add(gradientsAt(name, zeros.get(name)!), shape, (k) => biases[i]![k % shape[2]!]!);
  });
  const pixels = SIZE[0] * SIZE[1];
  expected.forEach((target, t) =>
    target.forEach((x, p) => expect(Math.abs(got!.data[t * pixels + p]! - x)).toBeLessThan(1e-5)),
  );
});

test.each([
  ["densenet121", "torchvision", "timm"],
  ["resnet18", "torchvision", "timm"],
] as const)(
  "FullGrad of %s is the same in %s's spelling and %s's, whose batch norms may contain their ReLU",
  (arch, ...spellings) => {
    const [one, other] = spellings.map((spelling) => {
      const template = buildTemplate(arch, { size: [64, 64], channels: 3, classes: 5, spelling });
      const passes = passesOf(template);
      return reachable([fullgrad.map(passes, mapOptionValues({}))]).map(
        ({ op, shape }) => `${op} ${shape.join()}`,
      );
    });
    expect(one!.length).toBeGreaterThan(500);
    expect(other).toEqual(one);
  },
);

test("FullGrad counts every convolution's bias and every batch norm", () => {
  const template = buildTemplate("vgg11_bn", { size: [32, 32], channels: 3, classes: 5 });
  const passes = passesOf(template);
  const before = new Set(passes.forwardNodes);
  const map = fullgrad.map(passes, mapOptionValues({}));
  const magnitudes = reachable([map]).filter((node) => node.op === "abs" && !before.has(node));
  // The picture, eight convolutions and their batch norms.
  expect(magnitudes.length).toBe(1 + 8 + 8);
});
