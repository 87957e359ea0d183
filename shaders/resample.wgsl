// A constant sparse linear map along one axis of [outer, axis, inner]: result[o, i, n] = sum over t of
// weight[i, t] * x[o, index[i, t], n].

alias Elem = f32; //@spec

// In Elems.
struct Operand {
  @align(16) offset: u32,
  outer: u32,
  axis: u32,
  inner: u32,
}

struct Params {
  count: u32, // in Elems, as inner
  inner: u32,
  size: u32,
  taps: u32,
  x: Operand,
  result: Operand,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<Elem>;
@group(0) @binding(2) var<storage, read> x: array<Elem>;
@group(0) @binding(3) var<storage, read> map: array<vec2u>; // index, bits of the weight

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32) {
  let id = (group.x + group.y * grid.x) * 64u + local;
  if (id >= params.count) {
    return;
  }
  let n = id % params.inner;
  let i = (id / params.inner) % params.size;
  let o = id / (params.inner * params.size);
  let base = params.x.offset + o * params.x.outer + n * params.x.inner;
  var sum = Elem();
  for (var t = 0u; t < params.taps; t++) {
    let term = map[i * params.taps + t];
    sum += bitcast<f32>(term.y) * x[base + term.x * params.x.axis];
  }
  result[params.result.offset + o * params.result.outer + i * params.result.axis + n * params.result.inner] = sum;
}
