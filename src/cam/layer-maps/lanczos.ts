/**
 * @file The largest eigenvalue of a symmetric matrix and its eigenvector, in f64. The Lanczos method with full
 * reorthogonalisation finds them (Golub and Van Loan, Matrix Computations, section 10.1). It reduces the matrix to tridiagonal
 * form step by step and stops once the pair is exact. Nearly equal eigenvalues only cost more steps, at most one for each row.
 */

/** A pair is exact at this residual |A v - value v|, as a share of the matrix's norm. Gram matrices are f32. */
const TOLERANCE = 1e-12;
/** Reached only where the two largest eigenvalues agree to about four digits. There f32 does not determine the vector either. */
const MAX_STEPS = 600;
/** Steps between solutions of the tridiagonal problem. */
const CHECK_EVERY = 5;

export interface EigenPair {
  readonly value: number;
  /** Of length 1. Its entry of largest magnitude is positive; of several equally large ones the first. */
  readonly vector: Float64Array;
}

/**
 * The largest eigenvalue, by value and not by magnitude. If several are equal, the vector is one of their space, always the
 * same for the same matrix.
 * @param matrix n x n, symmetric; only its lower triangle is read
 */
export function topEigenvector(matrix: ArrayLike<number>, n: number): EigenPair {
  const basis = [startVector(n)];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  const steps = Math.min(n, MAX_STEPS);
  for (;;) {
    const w = multiply(matrix, n, basis.at(-1)!);
    diagonal.push(dot(w, basis.at(-1)!));
    // After the second pass w is orthogonal to the basis to machine precision.
    for (let pass = 0; pass < 2; pass++) for (const q of basis) addScaled(w, -dot(w, q), q);
    const beta = Math.sqrt(dot(w, w));
    const size = tridiagonalNorm(diagonal, offDiagonal);
    const last = basis.length === steps || beta <= TOLERANCE * size;
    if (last || basis.length % CHECK_EVERY === 0) {
      const { value, vector: s } = topOfTridiagonal(diagonal, offDiagonal);
      if (last || beta * Math.abs(s.at(-1)!) <= TOLERANCE * size) {
        const vector = new Float64Array(n);
        basis.forEach((q, i) => addScaled(vector, s[i]!, q));
        return { value, vector: withSign(vector) };
      }
    }
    offDiagonal.push(beta);
    basis.push(w.map((x) => x / beta));
  }
}

/** Fixed and unstructured, so that it is orthogonal to no eigenvector that a picture could produce. */
function startVector(n: number): Float64Array {
  const v = Float64Array.from({ length: n }, (_, i) => {
    const hash = Math.imul(i + 1, 0x9e3779b1) >>> 0;
    return (Math.imul(hash ^ (hash >>> 15), 0x846ca68b) >>> 0) / 2 ** 32 - 0.5;
  });
  const length = Math.sqrt(dot(v, v));
  return v.map((x) => x / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** y += factor * x */
function addScaled(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = y[i]! + factor * x[i]!;
}

/** The product with a symmetric matrix. Each element below the diagonal is read once and used twice. */
function multiply(matrix: ArrayLike<number>, n: number, x: Float64Array): Float64Array {
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    const xi = x[i]!;
    let sum = matrix[row + i]! * xi;
    for (let j = 0; j < i; j++) {
      const a = matrix[row + j]!;
      sum += a * x[j]!;
      y[j] = y[j]! + a * xi;
    }
    y[i] = y[i]! + sum;
  }
  return y;
}

/** A bound for the magnitudes of a tridiagonal matrix's eigenvalues (Gershgorin). */
function tridiagonalNorm(diagonal: readonly number[], offDiagonal: readonly number[]): number {
  return diagonal.reduce(
    (most, d, i) => Math.max(most, Math.abs(d) + (offDiagonal[i - 1] ?? 0) + (offDiagonal[i] ?? 0)),
    0,
  );
}

/**
 * The largest eigenvalue of a symmetric tridiagonal matrix T and its vector. The pivots of x I - T are all positive exactly
 * where x is above every eigenvalue: bisection finds the value, inverse iteration just above it the vector. T's off-diagonal
 * elements are positive, so its top vector has one sign: iteration from ones adds numbers of one sign, and nothing cancels.
 */
function topOfTridiagonal(
  diagonal: readonly number[],
  offDiagonal: readonly number[],
): { value: number; vector: Float64Array } {
  const m = diagonal.length;
  const norm = tridiagonalNorm(diagonal, offDiagonal);
  if (norm === 0) return { value: 0, vector: new Float64Array(m).fill(1 / Math.sqrt(m)) };
  const pivots = new Float64Array(m);
  /** Factorises x I - T into `pivots`. @returns whether all are positive */
  const isAbove = (x: number): boolean => {
    for (let i = 0; i < m; i++) {
      const e = i === 0 ? 0 : offDiagonal[i - 1]!;
      pivots[i] = x - diagonal[i]! - (e === 0 ? 0 : (e * e) / pivots[i - 1]!);
      if (!(pivots[i]! > 0)) return false;
    }
    return true;
  };
  let low = -norm;
  let high = norm * (1 + 4 * Number.EPSILON);
  while (high - low > 2 * Number.EPSILON * norm) {
    const middle = low + (high - low) / 2;
    if (isAbove(middle)) high = middle;
    else low = middle;
  }
  isAbove(high);
  let vector = new Float64Array(m).fill(1);
  for (let round = 0; round < 4; round++) {
    for (let i = 1; i < m; i++) {
      vector[i] = vector[i]! + (offDiagonal[i - 1]! / pivots[i - 1]!) * vector[i - 1]!;
    }
    for (let i = m - 1; i >= 0; i--) {
      const next = i === m - 1 ? 0 : offDiagonal[i]! * vector[i + 1]!;
      vector[i] = (vector[i]! + next) / pivots[i]!;
    }
    const largest = vector.reduce((most, x) => Math.max(most, x), 0);
    vector = vector.map((x) => x / largest);
    const length = Math.sqrt(dot(vector, vector));
    vector = vector.map((x) => x / length);
  }
  return { value: high, vector };
}

/** Makes the entry of largest magnitude positive. Entries that differ by rounding count as equal. */
function withSign(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const leading = vector.find((x) => Math.abs(x) >= largest * (1 - 1e-6)) ?? 0;
  return leading < 0 ? vector.map((x) => -x) : vector;
}
