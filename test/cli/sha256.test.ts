/** @file Our SHA-256 against Node's, over lengths around its blocks and over parts of any size. */

import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { Sha256, sha256 } from "../../src/text/sha256.js";

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 197 + (i >> 3)) % 256);
const nodes = (part: Uint8Array): string => createHash("sha256").update(part).digest("hex");

it("hashes as Node does, at every length around the block's end", () => {
  for (let length = 0; length <= 200; length++) {
    const part = bytes.subarray(0, length);
    expect(sha256(part), `${length} bytes`).toBe(nodes(part));
  }
});

it("hashes parts of any size as their whole", () => {
  for (const step of [1, 7, 63, 64, 65, 130, 999]) {
    const hash = new Sha256();
    for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
    expect(hash.digest(), `parts of ${step}`).toBe(nodes(bytes));
  }
});
