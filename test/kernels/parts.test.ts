/** @file Weights too large for one binding are multiplied in parts, and only the rows of a part are on the GPU raw. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { Builder } from "../../src/graph/builder.js";
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
  [
    "both transposed",
    (b) => b.matmul(b.input("x", [20, 3]), b.param("w", [30, 20]), { transposeA: true, transposeB: true }),
  ],
];

it.each(CASES)("%s", async (name, make) => {
  const b = new Builder(1);
  const output = make(b);
  const values = randomValues(b, 5);
  const [want] = evaluate([output], values);
  // 200 of 600 elements: parts of 8 rows, the last one ragged.
  const [got] = await runOnDevice(device, b, [output], values, { maxElements: 200 });
  expectClose({ got: got!, want: want! }, 1e-5, name);
  expect(got).toHaveLength(want!.data.length);
});
