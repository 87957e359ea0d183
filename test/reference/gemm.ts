/** @file The interpreter's one hot loop: C = A B^T over rows that lie contiguous. */

/**
 * c[cStart + i * cStride + j] = sum over p of a[aStart + i * k + p] * b[bStart + j * k + p], for i < m, j < n.
 * Tiles of 4 x 4 dot products keep their sums in registers.
 */
export function gemmNT(
  { m, n, k }: { m: number; n: number; k: number },
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  c: Float64Array,
  cStart: number,
  cStride: number,
): void {
  const m4 = m - (m % 4);
  const n4 = n - (n % 4);
  for (let i = 0; i < m4; i += 4) {
    const a0 = aStart + i * k;
    for (let j = 0; j < n4; j += 4) tile4(k, a, a0, b, bStart + j * k, c, cStart + i * cStride + j, cStride);
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < m4 ? n4 : 0; j < n; j++) {
      c[cStart + i * cStride + j] = dot(k, a, aStart + i * k, b, bStart + j * k);
    }
  }
}

/** Four sums, so that an addition need not wait for the one before. */
function dot(k: number, a: Float64Array, a0: number, b: Float64Array, b0: number): number {
  const k4 = k - (k % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let p = 0; p < k4; p += 4) {
    s0 += a[a0 + p]! * b[b0 + p]!;
    s1 += a[a0 + p + 1]! * b[b0 + p + 1]!;
    s2 += a[a0 + p + 2]! * b[b0 + p + 2]!;
    s3 += a[a0 + p + 3]! * b[b0 + p + 3]!;
  }
  for (let p = k4; p < k; p++) s0 += a[a0 + p]! * b[b0 + p]!;
  return s0 + s1 + s2 + s3;
}

function tile4(
  k: number,
  a: Float64Array,
  a0: number,
  b: Float64Array,
  b0: number,
  c: Float64Array,
  at: number,
  stride: number,
): void {
  const [a1, a2, a3] = [a0 + k, a0 + 2 * k, a0 + 3 * k];
  const [b1, b2, b3] = [b0 + k, b0 + 2 * k, b0 + 3 * k];
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let s23 = 0;
  let s30 = 0;
  let s31 = 0;
  let s32 = 0;
  let s33 = 0;
  for (let p = 0; p < k; p++) {
    const x0 = a[a0 + p]!;
    const x1 = a[a1 + p]!;
    const x2 = a[a2 + p]!;
    const x3 = a[a3 + p]!;
    const y0 = b[b0 + p]!;
    const y1 = b[b1 + p]!;
    const y2 = b[b2 + p]!;
    const y3 = b[b3 + p]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
    s23 += x2 * y3;
    s30 += x3 * y0;
    s31 += x3 * y1;
    s32 += x3 * y2;
    s33 += x3 * y3;
  }
  c.set([s00, s01, s02, s03], at);
  c.set([s10, s11, s12, s13], at + stride);
  c.set([s20, s21, s22, s23], at + 2 * stride);
  c.set([s30, s31, s32, s33], at + 3 * stride);
}
