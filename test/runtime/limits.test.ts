/** @file What a device's limits mean for values and where they may lie. */

import { expect, it } from "vitest";
import { largestValue, storageAlignment, uniformAlignment } from "../../src/runtime/limits.js";

const limits = {
  maxBufferSize: 256,
  maxStorageBufferBindingSize: 1024,
  minStorageBufferOffsetAlignment: 4,
  minUniformBufferOffsetAlignment: 64,
};

it("a value fits a buffer and a binding", () => {
  expect(largestValue(limits)).toBe(256);
  expect(largestValue({ ...limits, maxBufferSize: 4096 })).toBe(1024);
});

it("values begin where a vec4f may, also where the adapter allows less", () => {
  expect(storageAlignment(limits)).toBe(16);
  expect(uniformAlignment(limits)).toBe(64);
});
