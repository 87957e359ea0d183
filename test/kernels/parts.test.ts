/** @file Weights too large for one binding are read in parts, and only the rows of a part are on the GPU raw. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { grad } from "../../src/graph/grad.js";
import { instantiate, reachable } from "../../src/graph/instantiate.js";
import { optimize } from "../../src/graph/rewrite.js";
import { sizeOf } from "../../src/graph/shape.js";
import type { Node } from "../../src/graph/types.js";
import type { Device } from "../../src/runtime/device.js";
import { evaluate } from "../reference/index.js";
import { expectClose, openTestDevice, randomValues, runOnDevice } from "./harness.js";

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => {
  device.dispose();
  device.gpu.dispose();
});

const convolution = (b: Builder): Node =>
  b.conv2d(b.input("x", [1, 2, 3, 8]), b.param("w", [30, 8, 3, 2]), {
    stride: [2, 1],
    padding: [
      [1, 1],
      [0, 0],
    ],
  });

const CASES: readonly [string, (b: Builder) => Node][] = [
  [
    "transposed",
    (b) =>
      b.relu(
        b.add(
          b.matmul(b.input("x", [3, 20]), b.param("w", [30, 20]), { transposeB: true }),
          b.param("v", [30]),
        ),
      ),
  ],
  ["as it is", (b) => b.matmul(b.input("x", [3, 30]), b.param("w", [30, 20]))],
  ["a convolution", convolution],
  [
    "a convolution's gradient",
    (b) => {
      const output = convolution(b);
      const x = b.nodes.find(({ op }) => op === "input")!;
      return grad(b, output, b.input("seed", output.shape), [x])[0]!;
    },
  ],
  [
    "both transposed",
    (b) => b.matmul(b.input("x", [20, 3]), b.param("w", [30, 20]), { transposeA: true, transposeB: true }),
  ],
];

// 200 of 600 or 1440 elements: parts of 4 or 8 rows, the last one ragged.
const MAX_ELEMENTS = 200;

it.each(CASES)("weights in parts give the interpreter's values: %s", async (name, make) => {
  const b = new Builder(1);
  const output = make(b);
  const values = randomValues(b, 5);
  const [want] = evaluate([output], values);
  const [got] = await runOnDevice(device, b, [output], values, { maxElements: MAX_ELEMENTS });
  expectClose({ got: got!, want: want! }, 1e-5, name);
  expect(got).toHaveLength(want!.data.length);
});

it.each(CASES)("%s: nothing but the checkpoint's tensor itself is larger than a binding", (_, make) => {
  const b = new Builder(1);
  const output = make(b);
  const instance = instantiate([output], {
    batch: 1,
    substitute: (node, graph) => (node.op === "input" ? graph.input(node.attrs.name, node.shape) : undefined),
    rewrite: optimize([output], { maxElements: MAX_ELEMENTS }),
  });
  const large = reachable([instance.copyOf(output)]).filter((node) => sizeOf(node.shape) > MAX_ELEMENTS);
  expect(large.map(({ op }) => op)).toEqual(["param"]);
});
