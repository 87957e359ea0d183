/** @file Plan memory: slots that live at the same time never share a buffer, and sharing saves what it can. */

import { expect, it } from "vitest";
import { assignBuffers, type Lifetime } from "../../src/runtime/buffer-assignment.js";
import { seeded } from "../reference/random.js";

const life = (size: number, first: number, last: number): Lifetime => ({
  slot: { kind: "temp", size, name: `${first}` },
  first,
  last,
});

it("the assignment never gives one buffer to two slots at the same time", () => {
  const random = seeded(3);
  for (let round = 0; round < 50; round++) {
    const lives = Array.from({ length: 30 }, () => {
      const first = random.integer(0, 40);
      return life(random.integer(1, 1000), first, first + random.integer(0, 8));
    });
    const { sizes, bufferOf } = assignBuffers(lives, [100, 500]);
    for (const a of lives) {
      expect(sizes[bufferOf.get(a.slot)!]!).toBeGreaterThanOrEqual(a.slot.size);
      for (const b of lives) {
        const overlap = a.first <= b.last && b.first <= a.last;
        if (a !== b && overlap) expect(bufferOf.get(a.slot)).not.toBe(bufferOf.get(b.slot));
      }
    }
  }
});

it("the assignment needs two buffers for a chain, whatever its length", () => {
  const chain = Array.from({ length: 10 }, (_, i) => life(100, i, i + 1));
  expect(assignBuffers(chain).sizes).toEqual([100, 100]);
});

it("the assignment reuses the smallest buffer that holds a slot before it adds one", () => {
  const { sizes, bufferOf } = assignBuffers([life(90, 0, 1)], [1000, 100]);
  expect(sizes).toEqual([1000, 100]);
  expect([...bufferOf.values()]).toEqual([1]);
});
