// The error function, absolute error below 2e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26.
fn erf(x: vec4f) -> vec4f {
  let magnitude = min(abs(x), vec4f(6.0)); // erf(6) is 1 in f32, and exp() stays normal
  let t = 1.0 / (1.0 + 0.3275911 * magnitude);
  let polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return sign(x) * (1.0 - polynomial * exp(-magnitude * magnitude));
}
