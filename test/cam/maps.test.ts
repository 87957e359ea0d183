/** @file What holds for every method's map, whatever the layer: flat cases, several targets, the sign of eigen maps. */

import { mapOptionValues } from "../../src/cam/map-options.js";
import { describe, expect, test } from "vitest";
import { gram, gramSide, principalDirections, projectOnto } from "../../src/cam/layer-maps/eigen.js";
import { rawMap } from "../../src/cam/layer-maps/raw-map.js";
import { averageLayers, scaleMap } from "../../src/cam/scaling/scale-maps.js";
import { METHODS, type MethodName } from "../../src/cam/methods/table.js";
import { Builder } from "../../src/graph/builder.js";
import { evaluate } from "../reference/index.js";
import { seeded } from "../reference/random.js";
import { GRAPH_METHODS } from "./golden-layers.js";
import { jacobi } from "./jacobi.js";
import { finalMapOf, rawMapOf, type Layer } from "./run-method.js";

type Fill = (i: number) => number;

function layer(
  [h, w, c]: readonly [number, number, number],
  targets: number,
  activation: Fill,
  gradient: Fill,
): Layer {
  const size = h * w * c;
  return {
    activations: { shape: [1, h, w, c], data: Float32Array.from({ length: size }, (_, i) => activation(i)) },
    gradients: {
      shape: [targets, h, w, c],
      data: Float32Array.from({ length: targets * size }, (_, i) => gradient(i)),
    },
  };
}

function randomLayer(shape: readonly [number, number, number], targets: number, seed = 1): Layer {
  const random = seeded(seed);
  return layer(
    shape,
    targets,
    () => random.number(),
    () => random.number(),
  );
}

const SIZE = [12, 10] as const;
const both = GRAPH_METHODS.flatMap((method) => [
  { method, eigenSmooth: false },
  { method, eigenSmooth: true },
]);

describe.each(both)("$method, eigenSmooth $eigenSmooth", ({ method: name, eigenSmooth }) => {
  const method = METHODS[name];
  const final = (l: Layer): number[] => [...finalMapOf(method, [l], SIZE, eigenSmooth).data];
  const zeros = new Array<number>(120).fill(0);

  test("a map lies in 0..1 and reaches both", () => {
    const map = final(randomLayer([5, 4, 30], 1));
    expect(Math.min(...map)).toBe(0);
    expect(Math.max(...map)).toBeGreaterThan(0.999);
    expect(Math.max(...map)).toBeLessThanOrEqual(1);
  });

  test("a map is zero, never NaN, for a layer of zeros and for constant values", () => {
    expect(
      final(
        layer(
          [4, 3, 8],
          1,
          () => 0,
          () => 0,
        ),
      ),
    ).toEqual(zeros);
    expect(
      final(
        layer(
          [4, 3, 8],
          1,
          () => 0.5,
          () => 0.25,
        ),
      ),
    ).toEqual(zeros);
  });

  test("a map of a single position is zero", () => {
    expect(final(randomLayer([1, 1, 6], 1))).toEqual(zeros);
  });

  test.each([[[4, 3, 50]], [[7, 6, 5]]] as const)(
    "maps of several targets are those of each target alone, layer %j",
    (shape) => {
      const all = randomLayer(shape, 3);
      const maps = rawMapOf(method, all, { eigenSmooth });
      const targets = method.classAgnostic ? 1 : 3;
      expect(maps.shape).toEqual([targets, shape[0], shape[1]]);
      const perTarget = shape[0] * shape[1] * shape[2];
      for (let t = 0; t < targets; t++) {
        const gradients = Array.from(all.gradients.data).slice(t * perTarget, (t + 1) * perTarget);
        const one = { ...all, gradients: { shape: [1, ...shape], data: gradients } };
        const alone = rawMapOf(method, one, { eigenSmooth });
        alone.data.forEach((x, i) => expect(maps.data[t * alone.data.length + i]).toBeCloseTo(x, 6));
      }
    },
  );
});

describe("methods", () => {
  const opposed = layer(
    [3, 3, 4],
    1,
    (i) => 1 + (i % 7),
    () => -0.5,
  );

  test.each(["gradcam", "gradcam++", "xgradcam", "layercam", "hirescam", "elementwise"] as const)(
    "%s: nothing is left where all gradients are negative and all activations positive",
    (name) => expect(finalMapOf(METHODS[name], [opposed], SIZE).data.every((x) => x === 0)).toBe(true),
  );

  test.each(GRAPH_METHODS.filter((name) => METHODS[name].weights))(
    "%s: the product with weights is the sum of the summands",
    (name) => {
      // fem's weights are above 0 only where a channel has rare peaks.
      const { activations, gradients } = randomLayer([6, 5, 7], 2);
      const b = new Builder(2);
      const A = b.input("A", activations.shape);
      const G = b.input("G", gradients.shape);
      const product = rawMap(b, METHODS[name], A, G);
      const sum = b.reshape(b.sum(METHODS[name].summands(b, A, G, mapOptionValues({})), [3]), product.shape);
      const inputs = new Map([
        ["A", activations.data],
        ["G", gradients.data],
      ]);
      const [got, expected] = evaluate([product, sum], { inputs });
      expect(got!.data.some((x) => x !== 0)).toBe(true);
      got!.data.forEach((x, i) => expect(x).toBeCloseTo(expected!.data[i]!, 12));
    },
  );

  const total = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0);
  const mean = (x: readonly number[]): number => total(x) / x.length;

  /** The paper's weight of a channel, from the channel's activations `a` and gradients `g`, a value per position. */
  const WEIGHTS = {
    gradcam: (_: number[], g: number[]) => mean(g),
    xgradcam: (a: number[], g: number[]) => total(a.map((x, i) => x * g[i]!)) / (total(a) + 1e-7),
    fem: (a: number[]) => {
      const deviation = Math.sqrt(mean(a.map((x) => (x - mean(a)) ** 2)));
      return mean(a.map((x) => (x > mean(a) + 2 * deviation ? 1 : 0)));
    },
  };

  test.each(Object.entries(WEIGHTS))("%s is the paper's formula in f64", (name, weight) => {
    const channels = 4;
    const l = randomLayer([6, 5, channels], 1);
    const column = (x: ArrayLike<number>, c: number): number[] =>
      Array.from({ length: 30 }, (_, p) => x[p * channels + c]!);
    const A = Array.from({ length: channels }, (_, c) => column(l.activations.data, c));
    const weights = A.map((a, c) => weight(a, column(l.gradients.data, c)));
    const map = rawMapOf(METHODS[name as keyof typeof WEIGHTS], l);
    map.data.forEach((x, p) => expect(x).toBeCloseTo(total(A.map((a, c) => weights[c]! * a[p]!)), 12));
  });

  test("weighted methods make no value of the gradient's size beyond what their weights need", () => {
    const b = new Builder(3);
    const [A, G] = [b.input("A", [1, 7, 7, 64]), b.input("G", [3, 7, 7, 64])];
    rawMap(b, METHODS.gradcam, A, G);
    expect(b.nodes.filter((n) => n.shape.join() === "3,7,7,64")).toEqual([G]);
  });
});

describe("eigen maps", () => {
  /** M v from the definition: the centred matrix times the top eigenvector of M^T M by Jacobi rotations. */
  function byDefinition(data: ArrayLike<number>, positions: number, channels: number): number[] {
    const mean = Array.from({ length: channels }, (_, c) =>
      Array.from({ length: positions }, (_, p) => data[p * channels + c]! / positions).reduce(
        (a, x) => a + x,
        0,
      ),
    );
    const M = (p: number, c: number): number => data[p * channels + c]! - mean[c]!;
    const square = Float64Array.from({ length: channels ** 2 }, (_, i) => {
      let sum = 0;
      for (let p = 0; p < positions; p++) sum += M(p, Math.floor(i / channels)) * M(p, i % channels);
      return sum;
    });
    const v = jacobi(square, channels).vectors[0]!;
    const map = Array.from({ length: positions }, (_, p) => v.reduce((sum, x, c) => sum + M(p, c) * x, 0));
    const peak = map.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
    return map.map((x) => (peak < 0 ? -x : x));
  }

  test.each([
    { shape: [4, 3, 12], side: "positions" },
    { shape: [3, 3, 20], side: "positions" },
    { shape: [6, 7, 9], side: "channels" },
    { shape: [9, 8, 2], side: "channels" },
    { shape: [5, 5, 1], side: "channels" },
  ] as const)("eigen maps are M v, its largest entry positive: $shape, $side side", ({ shape, side }) => {
    for (let seed = 1; seed <= 5; seed++) {
      const l = randomLayer(shape, 1, seed);
      expect(gramSide(l.activations.shape).side).toBe(side);
      const expected = byDefinition(l.activations.data, shape[0] * shape[1], shape[2]);
      const map = rawMapOf(METHODS.eigencam, l);
      map.data.forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 5));
    }
  });

  test.each([
    [[7, 7, 256], 0, 1],
    [[7, 7, 256], 20, 1],
    [[16, 16, 24], 20, 1],
    [[7, 7, 256], 0, 1e-6],
  ] as const)(
    "eigen maps keep their precision where the Gram matrix is made in f32: %j, offset %f, scale %f",
    (shape, offset, scale) => {
      const random = seeded(9);
      // A blob that many channels share, under noise and a large common offset.
      const value: Fill = (i) => {
        const p = Math.floor(i / shape[2]);
        const blob = Math.exp(-(((p % shape[1]) - 2) ** 2 + (Math.floor(p / shape[1]) - 3) ** 2) / 4);
        return scale * (offset + blob * Math.sin(i % shape[2]) + 0.3 * random.number());
      };
      const l = layer(shape, 1, value, () => 0);
      const b = new Builder(1);
      const A = b.input("A", l.activations.shape);
      const exact = rawMapOf(METHODS.eigencam, l).data;
      const grams = gramInF32(l.activations.data, shape[0] * shape[1], shape[2]);
      const v = b.input("v", [1, gramSide(A.shape).size]);
      const inputs = new Map([
        ["A", l.activations.data],
        ["v", principalDirections(grams, A.shape)],
      ]);
      const [map] = evaluate([projectOnto(b, A, v)], { inputs });
      const largest = exact.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      map!.data.forEach((x, i) => expect(Math.abs(x - exact[i]!) / largest).toBeLessThan(1e-4));
    },
  );

  test("the sign rule of eigen maps holds on the channels side whatever sign the solver gave", () => {
    const l = randomLayer([6, 6, 5], 1, 3);
    const b = new Builder(1);
    const A = b.input("A", l.activations.shape);
    const inputs = new Map([["A", l.activations.data]]);
    const [grams] = evaluate([gram(b, A)], { inputs });
    const direction = principalDirections(Float32Array.from(grams!.data), A.shape);
    const map = projectOnto(b, A, b.input("v", [1, 5]));
    const [plus, minus] = [1, -1].map(
      (sign) =>
        evaluate([map], {
          inputs: new Map(inputs).set(
            "v",
            direction.map((x) => sign * x),
          ),
        })[0]!.data,
    );
    expect(plus).toEqual(minus);
    expect(Math.max(...plus!)).toBeGreaterThan(-Math.min(...plus!));
  });
});

/** As the GPU makes it, every operation rounded. */
function gramInF32(data: ArrayLike<number>, positions: number, channels: number): Float32Array {
  const f = Math.fround;
  const m = new Float32Array(positions * channels);
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let p = 0; p < positions; p++) sum = f(sum + data[p * channels + c]!);
    const mean = f(sum * f(1 / positions));
    for (let p = 0; p < positions; p++) m[p * channels + c] = data[p * channels + c]! - mean;
  }
  const [k, inner] = positions <= channels ? [positions, channels] : [channels, positions];
  const at = (i: number, j: number): number =>
    k === positions ? m[i * channels + j]! : m[j * channels + i]!;
  return Float32Array.from({ length: k * k }, (_, e) => {
    let sum = 0;
    for (let j = 0; j < inner; j++) sum = f(sum + f(at(Math.floor(e / k), j) * at(e % k, j)));
    return sum;
  });
}

describe("scaling", () => {
  const finish = (raw: number[], shape: [number, number, number], size: [number, number]): number[] => {
    const b = new Builder(shape[0]);
    const node = b.input("raw", shape);
    return [...evaluate([scaleMap(b, node, size)], { inputs: new Map([["raw", raw]]) })[0]!.data];
  };

  test("ReLU precedes min-max, and each map has its own scale", () => {
    const maps = finish([-5, 0, 1, 4, 20, 10, 10, 20], [2, 2, 2], [2, 2]);
    [0, 0, 0.25, 1, 1, 0, 0, 1].forEach((x, i) => expect(maps[i]).toBeCloseTo(x, 6));
  });

  test("tiny values dim by pytorch-grad-cam's 1e-7", () => {
    expect(Math.max(...finish([0, 1e-7], [1, 1, 2], [1, 2]))).toBeCloseTo(0.5, 12);
  });

  test("the average of maps is scaled again, for a single layer too", () => {
    const b = new Builder(1);
    const [p, q] = [b.input("p", [1, 1, 3]), b.input("q", [1, 1, 3])];
    const inputs = new Map([
      ["p", [0.2, 0.4, 0.6]],
      ["q", [0.4, 0.4, 0.4]],
    ]);
    const [two, one] = evaluate([averageLayers(b, [p, q]), averageLayers(b, [p])], { inputs });
    [0, 0.5, 1].forEach((x, i) => {
      expect(two!.data[i]).toBeCloseTo(x, 5);
      expect(one!.data[i]).toBeCloseTo(x, 5);
    });
  });
});

test("the table of methods has a title and a paper for each", () => {
  for (const name of GRAPH_METHODS) {
    const { title, paper }: { title: string; paper: string } = METHODS[name satisfies MethodName];
    expect(title, name).not.toBe("");
    expect(paper, `${name}: paper`).toMatch(/https:/);
  }
});
