/** @file Memory in pieces of large buffers: pieces never overlap, what was given back is used again, empty buffers go. */

import { expect, it } from "vitest";
import type { Range } from "../../src/runtime/buffer-assignment.js";
import { SubAllocator } from "../../src/runtime/sub-allocator.js";
import { seeded } from "../reference/random.js";

function made(): { allocator: SubAllocator; buffers: Set<GPUBuffer> } {
  const buffers = new Set<GPUBuffer>();
  const device = {
    createBuffer: (size: number, label: string) => {
      const buffer = { size, label } as GPUBuffer;
      buffers.add(buffer);
      return buffer;
    },
    destroyBuffer: (buffer: GPUBuffer) => expect(buffers.delete(buffer)).toBe(true),
  };
  return { allocator: new SubAllocator(device, "some", 256, 4096), buffers };
}

const overlap = (a: Range, b: Range): boolean =>
  a.buffer === b.buffer && a.offset < b.offset + b.size && b.offset < a.offset + a.size;

it("the allocator gives pieces that do not overlap and begin where they may, whatever was freed before", () => {
  const { allocator, buffers } = made();
  const random = seeded(3);
  const held: Range[] = [];
  for (let round = 0; round < 400; round++) {
    const [choice, size] = Array.from(random.array(2), Math.abs) as [number, number];
    if (choice * 80 < held.length) {
      const [range] = held.splice(Math.floor(size * 7919) % held.length, 1);
      allocator.free(range!);
    } else held.push(allocator.allocate(1 + Math.floor(size * 1500)));
    const wrong = held.filter(
      (a, i) =>
        !buffers.has(a.buffer) ||
        a.offset % 256 !== 0 ||
        a.offset + a.size > a.buffer.size ||
        held.slice(0, i).some((b) => overlap(a, b)),
    );
    expect(wrong).toEqual([]);
  }
  expect(held.length).toBeGreaterThan(10);
  for (const range of held) allocator.free(range);
  expect(buffers.size).toBe(0);
  expect(allocator.bytes).toBe(0);
});

it("the allocator merges free pieces with free ones beside them, before and after", () => {
  const { allocator, buffers } = made();
  const [a, b, c] = [1024, 1000, 1024, 1024].map((bytes) => allocator.allocate(bytes)) as [
    Range,
    Range,
    Range,
  ];
  allocator.free(a);
  allocator.free(c);
  allocator.free(b);
  expect(allocator.allocate(3072)).toMatchObject({ buffer: a.buffer, offset: 0 });
  expect(buffers.size).toBe(1);
});

it("the allocator gives a piece that is larger than a buffer its own buffer", () => {
  const { allocator } = made();
  allocator.allocate(16);
  const large = allocator.allocate(5000);
  expect(large).toMatchObject({ offset: 0, size: 5008 });
  expect(large.buffer.size).toBe(5120);
  allocator.free(large);
  expect(allocator.bytes).toBe(4096);
});
