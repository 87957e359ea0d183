/** @file Strided convolutions and their way back, regrouped: the same values, and no stride or dilation left to run. */

import { describe, expect, test } from "vitest";
import { Builder, SYMBOLIC_BATCH } from "../../src/graph/builder.js";
import { instantiate } from "../../src/graph/instantiate.js";
import { grad } from "../../src/graph/grad.js";
import { optimize } from "../../src/graph/rewrite.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { ConvAttrs, Node, Pair } from "../../src/graph/types.js";
import { relativeError } from "../reference/compare.js";
import { evaluate } from "../reference/index.js";
import { seeded } from "../reference/random.js";

const B = SYMBOLIC_BATCH;
const random = seeded(5);

interface Case {
  readonly size: Pair;
  readonly channels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: readonly [Pair, Pair];
}

const sym = (y: number, x = y): Case["padding"] => [
  [y, y],
  [x, x],
];

const CASES: Readonly<Record<string, Case>> = {
  "DenseNet's and ResNet's first": {
    size: [14, 16],
    channels: 3,
    kernel: [7, 7],
    stride: [2, 2],
    padding: sym(3),
  },
  "the same on odd sizes": { size: [13, 15], channels: 3, kernel: [7, 7], stride: [2, 2], padding: sym(3) },
  "MnasNet's first": { size: [12, 10], channels: 3, kernel: [3, 3], stride: [2, 2], padding: sym(1) },
  patches: { size: [16, 12], channels: 3, kernel: [4, 4], stride: [4, 4], padding: sym(0) },
  "patches that leave a rest": {
    size: [18, 13],
    channels: 3,
    kernel: [4, 4],
    stride: [4, 4],
    padding: sym(0),
  },
  "PVT's overlapping patches": {
    size: [16, 20],
    channels: 3,
    kernel: [7, 7],
    stride: [4, 4],
    padding: sym(3),
  },
  "grey, stride along one axis": {
    size: [9, 11],
    channels: 1,
    kernel: [3, 5],
    stride: [1, 3],
    padding: sym(2, 1),
  },
  "uneven padding": {
    size: [11, 9],
    channels: 2,
    kernel: [5, 4],
    stride: [3, 2],
    padding: [
      [0, 4],
      [2, 1],
    ],
  },
  "cut off rather than padded": {
    size: [15, 14],
    channels: 3,
    kernel: [3, 3],
    stride: [2, 3],
    padding: [
      [-1, -2],
      [-3, 1],
    ],
  },
  "a shortcut": { size: [8, 6], channels: 6, kernel: [1, 1], stride: [2, 2], padding: sym(0) },
  "a shortcut on odd sizes": { size: [9, 7], channels: 6, kernel: [1, 1], stride: [2, 3], padding: sym(0) },
  "a padded shortcut": {
    size: [9, 7],
    channels: 6,
    kernel: [1, 1],
    stride: [3, 2],
    padding: [
      [2, 1],
      [-1, 3],
    ],
  },
  "many channels": { size: [8, 9], channels: 6, kernel: [3, 3], stride: [2, 2], padding: sym(1) },
};

/** The values of some nodes as they are and optimized, on the same numbers, and the optimized convolutions. */
function bothWays(outputs: readonly Node[]) {
  const plain = instantiate(outputs, { batch: 2 });
  const regrouped = instantiate(outputs, { batch: 2, rewrite: optimize(outputs) });
  const fill = (node: Node): Float64Array => random.array(sizeOf(node.shape), -1, 1);
  const values = {
    inputs: new Map([...plain.graph.inputs].map(([name, node]) => [name, fill(node)])),
    params: new Map([...plain.graph.params].map(([key, node]) => [key, fill(node)])),
  };
  const [expected, found] = [plain, regrouped].map(({ copyOf }) =>
    evaluate(outputs.map(copyOf), values).map((v) => v.data),
  );
  const used = new Set<Node>();
  const visit = (node: Node): void => {
    if (used.has(node)) return;
    used.add(node);
    node.inputs.forEach(visit);
  };
  outputs.map(regrouped.copyOf).forEach(visit);
  const convolutions = [...used].flatMap((node): ConvAttrs[] => (node.op === "conv2d" ? [node.attrs] : []));
  return { expected: expected!, found: found!, convolutions };
}

describe.each(Object.entries(CASES))("%s", (_, { size, channels, kernel, stride, padding }) => {
  const b = new Builder();
  const x = b.input("x", [B, ...size, channels]);
  const w = b.paramByKey("w", [5, channels, ...kernel]);
  const y = b.conv2d(x, w, { stride, padding });

  test("the rewritten convolution has the same values", () => {
    const { expected, found, convolutions } = bothWays([y]);
    expect(relativeError(found[0]!, expected[0]!)).toBeLessThan(1e-13);
    expect(convolutions).toHaveLength(1);
    expect(convolutions[0]!.stride).toEqual(channels <= 4 ? [1, 1] : stride);
  });

  test("the rewritten convolution has the same gradient in its input", () => {
    const [g] = grad(b, y, b.input("seed", y.shape), [x]);
    const { expected, found, convolutions } = bothWays([g!]);
    expect(relativeError(found[0]!, expected[0]!)).toBeLessThan(1e-13);
    expect(convolutions.map((a) => a.inputDilation)).toEqual([[1, 1]]);
  });
});
