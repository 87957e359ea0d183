/** @file Every message is said through the tag, and the Chinese catalogue has each of them. */

import { describe, expect, test } from "vitest";
import { findKeys, findUntagged } from "./messages.js";

describe("messages of the source", () => {
  test("no literal stands in the place of a message without the tag", () => {
    expect(findUntagged()).toEqual([]);
  });

  test("the scan finds messages of every room, plurals and tables", () => {
    const keys = findKeys();
    expect(keys.size).toBeGreaterThan(1000);
    for (const key of [
      "{0} tensors",
      "labels {0} {1}: give one name for each class, in order",
      "overlays as large as the picture, or as the model's input",
    ])
      expect(keys.has(key), key).toBe(true);
  });
});
