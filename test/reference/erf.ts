/** @file The error function in f64, relative error about 1e-15. */

/**
 * Below 2.5 the series erf(x) = 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!! (Abramowitz & Stegun 7.1.6: all terms
 * have one sign, so nothing cancels); above, 1 - erfc(x) by Laplace's continued fraction (7.1.14).
 */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (x > 6) return 1; // erfc(6) = 2e-17
  const square = x * x;
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * square) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
  }
  let fraction = x;
  for (let n = 80; n > 0; n--) fraction = x + n / 2 / fraction;
  return 1 - Math.exp(-square) / (Math.sqrt(Math.PI) * fraction);
}
