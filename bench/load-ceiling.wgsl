// Measures the adapter's own rate of vec4 loads from a storage buffer that fits the caches: STEPS rounds of 8 loads, each
// added to an accumulator of its own. Neighbouring invocations read neighbouring elements. For benches only.

const STEPS: u32 = 64u; //@spec
const i = 0; //@unrolled

struct Params {
  elements: u32, // a power of two
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  //@unroll i 8
  var sum_i = vec4f();
  //@end
  for (var step = 0u; step < STEPS; step++) {
    let first = id.x + step * 8u;
    //@unroll i 8
    sum_i += x[(first + i) & (params.elements - 1u)];
    //@end
  }
  var total = vec4f();
  //@unroll i 8
  total += sum_i;
  //@end
  result[id.x % params.elements] = total;
}
