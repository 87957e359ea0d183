// Convolution in groups of any size, one invocation per output element or, where every channel is its own group
// (DEPTHWISE), per four channels. The weight is [kernel height, kernel width, channels of a group, out].

alias Elem = f32; //@spec
const DEPTHWISE: bool = false; //@spec
const INPUT_DILATION: bool = false; //@spec

struct Params {
  count: u32, out_channels: u32, group_in: u32, group_out: u32, // channels in Elems
  in_height: u32, in_width: u32, out_height: u32, out_width: u32,
  kernel_y: u32, kernel_x: u32, stride_y: u32, stride_x: u32,
  pad_top: i32, pad_left: i32, dilation_y: i32, dilation_x: i32,
  input_dilation_y: i32, input_dilation_x: i32, a_offset: u32, a_row: u32,
  b_offset: u32, b_row: u32, c_offset: u32, c_row: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> c: array<Elem>;
@group(0) @binding(2) var<storage, read> a: array<Elem>;
@group(0) @binding(3) var<storage, read> b: array<Elem>;

// The input's pixel; -1 for one of the zeros between pixels.
fn undilated(at: i32, dilation: i32) -> i32 {
  return select(-1, at / dilation, at >= 0 && at % dilation == 0);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32) {
  let id = (group.x + group.y * grid.x) * 64u + local;
  if (id >= params.count) {
    return;
  }
  let channel = id % params.out_channels;
  let row = id / params.out_channels;
  let ox = i32(row % params.out_width);
  let oy = i32((row / params.out_width) % params.out_height);
  let picture = row / (params.out_width * params.out_height);
  let first = (channel / params.group_out) * params.group_in;
  var sum = Elem();
  for (var ky = 0; ky < i32(params.kernel_y); ky++) {
    var y = oy * i32(params.stride_y) - params.pad_top + ky * params.dilation_y;
    if (INPUT_DILATION) {
      y = undilated(y, params.input_dilation_y);
    }
    if (y < 0 || y >= i32(params.in_height)) {
      continue;
    }
    for (var kx = 0; kx < i32(params.kernel_x); kx++) {
      var x = ox * i32(params.stride_x) - params.pad_left + kx * params.dilation_x;
      if (INPUT_DILATION) {
        x = undilated(x, params.input_dilation_x);
      }
      if (x < 0 || x >= i32(params.in_width)) {
        continue;
      }
      let pixel = (picture * params.in_height + u32(y)) * params.in_width + u32(x);
      let a_base = params.a_offset + pixel * params.a_row;
      let tap = u32(ky) * params.kernel_x + u32(kx);
      if (DEPTHWISE) {
        sum += a[a_base + channel] * b[params.b_offset + tap * params.b_row + channel];
      } else {
        for (var i = 0u; i < params.group_in; i++) {
          sum += a[a_base + first + i] * b[params.b_offset + (tap * params.group_in + i) * params.b_row + channel];
        }
      }
    }
  }
  c[params.c_offset + row * params.c_row + channel] = sum;
}
