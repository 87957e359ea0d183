// Row-wise ops over the last axis: softmax, and LayerNorm's normalisation. LANES invocations share one row: one on
// adapters whose lanes are few, a workgroup elsewhere.

const NORMALIZE: bool = false; //@spec
const LANES: u32 = 1u; //@spec
// The row's length is no multiple of four.
const TAIL: bool = false; //@spec

// Offsets and strides from row to row in vec4s.
struct Params {
  rows: u32,
  columns: u32,
  in_offset: u32,
  in_row: u32,
  out_offset: u32,
  out_row: u32,
  eps: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;

var<workgroup> partial: array<f32, 64>;

// Which of a vec4's four elements are in the row.
fn inside(column: u32) -> vec4<bool> {
  return 4u * column + vec4u(0u, 1u, 2u, 3u) < vec4u(params.columns);
}

fn masked(value: vec4f, column: u32, outside: f32) -> vec4f {
  if (TAIL) {
    return select(vec4f(outside), value, inside(column));
  }
  return value;
}

fn sum4(v: vec4f) -> f32 {
  return (v.x + v.y) + (v.z + v.w);
}

// The sum, or maximum, of `value` over the lanes of a row.
fn across(value: f32, local: u32, maximum: bool) -> f32 {
  if (LANES == 1u) {
    return value;
  }
  partial[local] = value;
  workgroupBarrier(); // partial is complete
  let first = local - local % LANES;
  var total = partial[first];
  for (var lane = 1u; lane < LANES; lane++) {
    let other = partial[first + lane];
    total = select(total + other, max(total, other), maximum);
  }
  workgroupBarrier(); // partial has been read
  return total;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32) {
  let i = (group.x + group.y * grid.x) * (64u / LANES) + local / LANES;
  let lane = local % LANES;
  let row = min(i, params.rows - 1u);
  let base = params.in_offset + row * params.in_row;
  let out = params.out_offset + row * params.out_row;
  let columns4 = (params.columns + 3u) / 4u;
  var shift = 0.0;
  var scale = 0.0;
  if (NORMALIZE) {
    var sum = 0.0;
    for (var c = lane; c < columns4; c += LANES) {
      sum += sum4(masked(x[base + c], c, 0.0));
    }
    shift = across(sum, local, false) / f32(params.columns);
    var squares = 0.0;
    for (var c = lane; c < columns4; c += LANES) {
      let d = masked(x[base + c] - vec4f(shift), c, 0.0);
      squares += sum4(d * d);
    }
    scale = inverseSqrt(across(squares, local, false) / f32(params.columns) + params.eps);
  } else {
    var highest = vec4f(-3.4e38);
    for (var c = lane; c < columns4; c += LANES) {
      highest = max(highest, masked(x[base + c], c, -3.4e38));
    }
    shift = across(max(max(highest.x, highest.y), max(highest.z, highest.w)), local, true);
    var sum = 0.0;
    for (var c = lane; c < columns4; c += LANES) {
      sum += sum4(masked(exp(x[base + c] - vec4f(shift)), c, 0.0));
    }
    scale = 1.0 / across(sum, local, false);
  }
  if (i >= params.rows) {
    return;
  }
  for (var c = lane; c < columns4; c += LANES) {
    if (NORMALIZE) {
      result[out + c] = masked((x[base + c] - vec4f(shift)) * scale, c, 0.0);
    } else {
      result[out + c] = masked(exp(x[base + c] - vec4f(shift)) * scale, c, 0.0);
    }
  }
}
