// Sum or maximum over some axes. LANES invocations share one result: one where there are many results, a workgroup where
// there are few. Kept and reduced axes are loops from the innermost; unused ones have size 1.

alias Elem = f32; //@spec
// 0: scalars; with Elem = vec4f 1: four neighbours along the innermost kept axis; 2: along the innermost reduced axis.
const MODE: u32 = 0u; //@spec
const MAXIMUM: bool = false; //@spec
const LANES: u32 = 1u; //@spec
// Loops in use: each but the last takes a division an address.
const KEPT: u32 = 4u; //@spec
const REDUCED: u32 = 4u; //@spec

struct Params {
  results: u32,
  terms: u32,
  in_offset: u32,
  out_offset: u32,
  kept_size: vec4u,
  kept_in: vec4u,
  kept_out: vec4u,
  reduced_size: vec4u,
  reduced_in: vec4u,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<storage, read> x: array<Elem>;

var<workgroup> partial: array<Elem, 64>;

fn combine(a: Elem, b: Elem) -> Elem {
  if (MAXIMUM) {
    return max(a, b);
  }
  return a + b;
}

fn address(index: u32, axes: u32, size: vec4u, stride: vec4u) -> u32 {
  var rest = index;
  var sum = 0u;
  for (var axis = 0u; axis + 1u < axes; axis++) {
    sum += (rest % size[axis]) * stride[axis];
    rest /= size[axis];
  }
  return sum + rest * stride[axes - 1u];
}

fn store(out: u32, value: vec4f) {
  if (MODE == 0u) {
    result[out] = value.x;
  } else if (MODE == 1u) {
    result[out] = value.x;
    result[out + 1u] = value.y;
    result[out + 2u] = value.z;
    result[out + 3u] = value.w;
  } else if (MAXIMUM) {
    result[out] = max(max(value.x, value.y), max(value.z, value.w));
  } else {
    result[out] = (value.x + value.y) + (value.z + value.w);
  }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * grid.x) * (64u / LANES) + local / LANES;
  let lane = local % LANES;
  let active_result = i < params.results;
  var total = Elem(select(0.0, -3.4e38, MAXIMUM));
  if (active_result) {
    let base = params.in_offset + address(i, KEPT, params.kept_size, params.kept_in);
    for (var t = lane; t < params.terms; t += LANES) {
      total = combine(total, x[base + address(t, REDUCED, params.reduced_size, params.reduced_in)]);
    }
  }
  if (LANES > 1u) {
    partial[local] = total;
    workgroupBarrier(); // partial is complete
    if (lane == 0u) {
      for (var other = 1u; other < LANES; other++) {
        total = combine(total, partial[local + other]);
      }
    }
  }
  if (active_result && lane == 0u) {
    store(params.out_offset + address(i, KEPT, params.kept_size, params.kept_out), vec4f(total));
  }
}
