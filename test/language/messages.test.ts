/** @file Every message is said through the tag, and the Chinese catalogue has each of them. */

import { describe, expect, test } from "vitest";
import { findKeys, findProse, findUntagged } from "./messages.js";

describe("messages of the source", () => {
  test("no literal stands in the place of a message without the tag", () => {
    expect(findUntagged()).toEqual([]);
  });

  test("prose without the tag is no message", () => {
    const texts = findProse()
      .map((line) => line.replace(/:\d+: /, ": "))
      .filter((line) => !/: (apt|dnf|zypper) install /.test(line));
    expect(texts).toEqual([
      "src/cam/methods/pooled-head.ts: as it is",
      "src/checkpoint/pickle/byte-window.ts: more bytes are needed",
      "src/checkpoint/pickle/opcodes.ts: pickle.PickleBuffer, kept outside the file",
      "src/checkpoint/torch/constructors.ts: the result of a call",
      "src/cli/results/boxes.ts: regions of gradlens heat maps",
      "src/node/adapter/dawn.ts: no adapter has this name",
    ]);
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
