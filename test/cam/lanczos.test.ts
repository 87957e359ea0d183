/** @file The top eigenvector against Jacobi rotations, and on matrices whose eigenvectors are known by construction. */

import { describe, expect, test } from "vitest";
import { topEigenvector } from "../../src/cam/layer-maps/lanczos.js";
import { seeded } from "../reference/random.js";
import { jacobi } from "./jacobi.js";

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

/** H D H with a Householder reflection H: eigenvalues D, eigenvectors H's columns. */
function withEigenvalues(
  values: readonly number[],
  seed: number,
): { matrix: Float64Array; column: (k: number) => Float64Array } {
  const n = values.length;
  const u = seeded(seed).array(n);
  const uu = dot(u, u);
  const column = (k: number): Float64Array => u.map((x, i) => (i === k ? 1 : 0) - (2 * x * u[k]!) / uu);
  // H D H = D - 2/uu (u (Du)^T + (Du) u^T) + 4 (u^T D u) / uu^2 u u^T
  const du = u.map((x, i) => x * values[i]!);
  const scale = (4 * dot(u, du)) / uu ** 2;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      matrix[i * n + j] =
        (i === j ? values[i]! : 0) - (2 / uu) * (u[i]! * du[j]! + du[i]! * u[j]!) + scale * u[i]! * u[j]!;
    }
  }
  return { matrix, column };
}

const residual = (
  matrix: ArrayLike<number>,
  n: number,
  { value, vector }: ReturnType<typeof topEigenvector>,
): number =>
  Math.sqrt(
    Array.from(vector, (_, i) => {
      const row = Array.prototype.slice.call(matrix, i * n, (i + 1) * n) as number[];
      return (dot(row, vector) - value * vector[i]!) ** 2;
    }).reduce((a, b) => a + b, 0),
  );

describe("topEigenvector", () => {
  test.each([1, 2, 3, 7, 16, 49, 60])(
    "agrees with Jacobi rotations on a random symmetric matrix, n = %i",
    (n) => {
      const random = seeded(n);
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = random.number();
      const { values, vectors } = jacobi(matrix, n);
      const top = topEigenvector(matrix, n);
      expect(top.value).toBeCloseTo(values[0]!, 10);
      expect(Math.abs(dot(top.vector, vectors[0]!))).toBeCloseTo(1, 9);
    },
  );

  test("topEigenvector belongs to the largest eigenvalue, not the largest in magnitude", () => {
    const { matrix, column } = withEigenvalues([-9, -0.5, -3, -4], 5);
    const top = topEigenvector(matrix, 4);
    expect(top.value).toBeCloseTo(-0.5, 12);
    expect(Math.abs(dot(top.vector, column(1)))).toBeCloseTo(1, 12);
  });

  test.each([1e-2, 1e-4, 1e-6])(
    "topEigenvector separates two eigenvalues that differ by %f of their size",
    (gap) => {
      const n = 196;
      const tail = Array.from({ length: n - 2 }, (_, i) => 0.9 * (1 - i / n));
      const { matrix, column } = withEigenvalues([1, 1 - gap, ...tail], 3);
      const top = topEigenvector(matrix, n);
      expect(top.value).toBeCloseTo(1, 12);
      expect(1 - Math.abs(dot(top.vector, column(0)))).toBeLessThan(1e-7);
    },
  );

  test("topEigenvector gives the same vector each time where the largest eigenvalue is double", () => {
    const { matrix } = withEigenvalues([2, 2, ...Array.from({ length: 48 }, (_, i) => i / 48)], 8);
    const top = topEigenvector(matrix, 50);
    expect(top.value).toBeCloseTo(2, 12);
    expect(residual(matrix, 50, top)).toBeLessThan(1e-10);
    expect(topEigenvector(matrix, 50)).toEqual(top);
  });

  test.each([1e-30, 1, 1e30])("topEigenvector does not depend on the scale: %f", (scale) => {
    const { matrix, column } = withEigenvalues([3, 1, 2, 0.1, 0], 2);
    const top = topEigenvector(
      matrix.map((x) => x * scale),
      5,
    );
    expect(top.value / scale).toBeCloseTo(3, 12);
    expect(Math.abs(dot(top.vector, column(0)))).toBeCloseTo(1, 12);
  });

  test("topEigenvector is right for a matrix of rank 1, a diagonal one and zero", () => {
    const u = seeded(1).array(40);
    const outer = Float64Array.from({ length: 1600 }, (_, i) => u[Math.floor(i / 40)]! * u[i % 40]!);
    const top = topEigenvector(outer, 40);
    expect(top.value).toBeCloseTo(dot(u, u), 12);
    expect(Math.abs(dot(top.vector, u)) / Math.sqrt(dot(u, u))).toBeCloseTo(1, 12);
    expect(topEigenvector([1, 0, 0, 0, 5, 0, 0, 0, 2], 3).vector[1]).toBeCloseTo(1, 12);
    const zero = topEigenvector(new Float32Array(81), 9);
    expect(zero.value).toBe(0);
    expect(dot(zero.vector, zero.vector)).toBeCloseTo(1, 12);
  });

  test("topEigenvector's entry of largest magnitude is positive, the first where two are equal", () => {
    expect(Array.from(topEigenvector([1, -1, -1, 1], 2).vector, Math.fround)).toEqual(
      [Math.SQRT1_2, -Math.SQRT1_2].map(Math.fround),
    );
    const { vector } = topEigenvector(withEigenvalues([5, 1, 1, 2, 3, 4], 11).matrix, 6);
    const largest = vector.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
    expect(largest).toBeGreaterThan(0);
  });

  test("topEigenvector converges for 2048 rows with the slowly falling spectrum of activations", () => {
    const n = 2048;
    const { matrix, column } = withEigenvalues(
      Array.from({ length: n }, (_, i) => 1 / (1 + i * 0.2)),
      4,
    );
    const start = performance.now();
    const top = topEigenvector(Float32Array.from(matrix), n);
    expect(Math.abs(dot(top.vector, column(0)))).toBeGreaterThan(1 - 1e-8);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
