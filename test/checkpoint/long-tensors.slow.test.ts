/** @file Tensors of more elements than V8's lists may have. */

import { expect, it } from "vitest";
import { fromBigInts, fromBools } from "../../src/checkpoint/convert.js";

it("tensors of more elements than a list may have become floats", { timeout: 300_000 }, () => {
  const count = 120_000_000;
  const bools = fromBools(new Uint8Array(count).fill(2));
  expect([bools.length, bools[count - 1]]).toEqual([count, 1]);
  const longs = fromBigInts(BigInt64Array)(new Uint8Array(8 * count));
  expect([longs.length, longs[count - 1]]).toEqual([count, 0]);
});
