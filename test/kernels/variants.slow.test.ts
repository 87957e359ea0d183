/** @file Every variant of the matrix product and convolution kernels that this adapter can run, on ragged shapes. */

import { afterAll, beforeAll, describe, it } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import type { Node } from "../../src/graph/types.js";
import { plain, subgroup, tiled, type GemmVariant } from "../../src/kernels/gemm-variants.js";
import type { Gpu } from "../../src/runtime/gpu.js";
import { Device } from "../../src/runtime/device.js";
import { expectClose, openTestDevice, runBoth } from "./harness.js";

/** Shapes for which tiles end raggedly in each direction. */
const CASES: readonly ((b: Builder) => Node)[] = [
  (b) => b.matmul(b.input("x", [37, 70]), b.param("w", [70, 39])),
  (b) => b.matmul(b.input("x", [2, 3, 9, 20]), b.input("y", [2, 3, 20, 11])),
  (b) =>
    b.relu(
      b.add(
        b.conv2d(b.input("x", [2, 9, 8, 6]), b.param("w", [36, 6, 3, 3]), {
          padding: [
            [1, 1],
            [1, 1],
          ],
        }),
        b.input("r", [1, 9, 8, 36]),
      ),
    ),
  (b) =>
    b.conv2d(b.input("x", [1, 5, 6, 9]), b.param("w", [10, 9, 3, 3]), {
      inputDilation: [2, 2],
      padding: [
        [2, 1],
        [1, 2],
      ],
    }),
];

const INDEPENDENT: readonly [string, GemmVariant][] = [
  ["plain 1 x 1", plain(8, 1, 1)],
  ["plain 4 x 4", plain(4, 4, 4)],
  ["plain 2 x 8", plain(8, 2, 8)],
  ["tiled 1", tiled(1)],
  ["tiled 2", tiled(2)],
  ["tiled 4", tiled(4)],
];
const OF_SUBGROUPS: readonly [pixels: number, blocks: number][] = [
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 1],
  [1, 2],
  [2, 2],
];

let gpu: Gpu;
beforeAll(async () => {
  ({ gpu } = await openTestDevice());
});
afterAll(() => gpu.dispose());

async function check(variant: GemmVariant, name: string): Promise<void> {
  const device = new Device(gpu, { gemm: variant });
  for (const [i, make] of CASES.entries()) {
    const b = new Builder(1);
    const [compared] = await runBoth(device, b, [make(b)], 3);
    expectClose(compared!, 1e-5, `${name}, case ${i}`);
  }
  device.dispose();
}

describe("products", () => {
  it.each(INDEPENDENT)("the product on the adapter has the interpreter's values: %s", (name, variant) =>
    check(variant, name),
  );

  it("products with subgroups have the interpreter's values, where the adapter has them", async () => {
    const lanes = gpu.adapter.subgroupSize;
    for (const [pixels, blocks] of lanes > 0 ? OF_SUBGROUPS : []) {
      await check(subgroup(lanes, pixels, blocks), `subgroup ${pixels} x ${blocks}`);
    }
  });
});
