// Measures the adapter's own rate of multiply-adds in registers: STEPS rounds of 8 independent vec4 accumulators, 8 steps
// an iteration. For benches only.

const STEPS: u32 = 64u; //@spec
const i = 0; //@unrolled
const j = 0; //@unrolled

struct Params {
  elements: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let a = x[id.x % params.elements];
  let b = x[(id.x + 1u) % params.elements];
  //@unroll i 8
  var sum_i = a * f32(i);
  //@end
  for (var step = 0u; step < STEPS; step++) {
    //@unroll j 8
    //@unroll i 8
    sum_i = fma(sum_i, a, b);
    //@end
    //@end
  }
  var total = vec4f();
  //@unroll i 8
  total += sum_i;
  //@end
  result[id.x % params.elements] = total;
}
