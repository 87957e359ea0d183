/** @file Sparse maps: transposes, rows that add up, and the refusal of indexes outside. PyTorch's numbers: test/reference/ops.test.ts. */

import { describe, expect, test } from "vitest";
import {
  adaptiveAverageMap,
  averageMap,
  bicubicAntialiasMap,
  bilinearMap,
  flipMap,
  gatherMap,
  pooledSize,
  transposed,
  type SparseMap,
} from "../../src/graph/sparse-map.js";

/** [outSize][inSize] */
function dense(map: SparseMap): number[][] {
  const rows = Array.from({ length: map.outSize }, () => new Array<number>(map.inSize).fill(0));
  map.index.forEach((i, at) => (rows[Math.floor(at / map.taps)]![i]! += map.weight[at]!));
  return rows;
}

const MAPS: [string, SparseMap, { average: boolean }][] = [
  ["flip", flipMap(5), { average: true }],
  ["gather", gatherMap(4, [3, 0, 3]), { average: true }],
  ["average", averageMap(7, { kernel: 3, stride: 2, padding: 0 }), { average: true }],
  ["average with padding counted", averageMap(7, { kernel: 3, stride: 2, padding: 1 }), { average: false }],
  [
    "average with padding left out",
    averageMap(7, { kernel: 3, stride: 2, padding: 1, countIncludePad: false }),
    { average: true },
  ],
  ["adaptive", adaptiveAverageMap(7, 3), { average: true }],
  ["adaptive, larger", adaptiveAverageMap(3, 7), { average: true }],
  ["bilinear up", bilinearMap(5, 12), { average: true }],
  ["bilinear down", bilinearMap(12, 5), { average: true }],
  ["bilinear, corners aligned", bilinearMap(5, 12, true), { average: true }],
  ["bilinear to one, corners aligned", bilinearMap(5, 1, true), { average: true }],
  ["bicubic up", bicubicAntialiasMap(5, 12), { average: true }],
  ["bicubic down", bicubicAntialiasMap(12, 5), { average: true }],
];

describe.each(MAPS)("%s", (_, map, { average }) => {
  test("the transpose of a sparse map is the transposed matrix, and that one's is the map again", () => {
    const back = transposed(map);
    expect([back.inSize, back.outSize]).toEqual([map.outSize, map.inSize]);
    const matrix = dense(map);
    expect(dense(back)).toEqual(Array.from({ length: map.inSize }, (__, i) => matrix.map((row) => row[i]!)));
    expect(transposed(back)).toBe(map);
  });

  test(average ? "keeps constants" : "shrinks constants at the padding only", () => {
    const sums = dense(map).map((row) => row.reduce((sum, w) => sum + w, 0));
    if (average) for (const sum of sums) expect(sum).toBeCloseTo(1, 6);
    else {
      expect(sums[0]).toBeCloseTo(2 / 3, 6);
      expect(sums[1]).toBeCloseTo(1, 6);
    }
  });
});

test("a sparse map of the same size is the identity", () => {
  const identity = Array.from({ length: 6 }, (_, i) =>
    Array.from({ length: 6 }, (__, j) => (i === j ? 1 : 0)),
  );
  for (const map of [
    bilinearMap(6, 6),
    bilinearMap(6, 6, true),
    adaptiveAverageMap(6, 6),
    bicubicAntialiasMap(6, 6),
  ]) {
    dense(map).forEach((row, i) => row.forEach((w, j) => expect(w).toBeCloseTo(identity[i]![j]!, 6)));
  }
});

test("equal sparse maps are one object", () => {
  expect(flipMap(5)).toBe(gatherMap(5, [4, 3, 2, 1, 0]));
  expect(bilinearMap(5, 12)).toBe(bilinearMap(5, 12));
  expect(bilinearMap(5, 12)).not.toBe(bilinearMap(5, 12, true));
  expect(gatherMap(4, [1, 1])).not.toBe(gatherMap(5, [1, 1]));
});

test("a gather outside is refused with the index", () => {
  expect(() => gatherMap(3, [0, 3])).toThrow("index 3 of 3");
  expect(() => gatherMap(3, [-1])).toThrow("index -1 of 3");
});

test("ceil mode drops a window that would begin in the right padding", () => {
  expect(pooledSize(5, { kernel: 2, stride: 2, padding: 0, ceil: true })).toBe(3);
  // ceil((5 + 2 - 1 - 1) / 4) + 1 = 3 windows, but the third would begin at 8 - 1 = 7 of 5.
  expect(pooledSize(5, { kernel: 2, stride: 4, padding: 1, ceil: true })).toBe(2);
});
