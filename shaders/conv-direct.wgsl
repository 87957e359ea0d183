// Convolution in groups of any size, one invocation per output element or, where every channel is its own group
// (DEPTHWISE), per four channels. The weight is [kernel height, kernel width, channels of a group, out].

alias Elem = f32; //@spec
const DEPTHWISE: bool = false; //@spec
const INPUT_DILATION: bool = false; //@spec

//@use common/window

struct Operand {
  @align(16) offset: u32,
  row: u32,
}

// Channels, offsets and strides in Elems.
struct Params {
  count: u32,
  out_channels: u32,
  group_in: u32,
  group_out: u32,
  a: Operand,
  b: Operand,
  c: Operand,
  window: Window,
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
  let window = params.window;
  let ox = i32(row % window.out_width);
  let oy = i32((row / window.out_width) % window.out_height);
  let picture = row / (window.out_width * window.out_height);
  let first = (channel / params.group_out) * params.group_in;
  var sum = Elem();
  for (var ky = 0; ky < i32(window.kernel_height); ky++) {
    var y = oy * i32(window.stride_y) - window.pad_top + ky * i32(window.dilation_y);
    if (INPUT_DILATION) {
      y = undilated(y, i32(window.input_dilation_y));
    }
    if (y < 0 || y >= i32(window.in_height)) {
      continue;
    }
    for (var kx = 0; kx < i32(window.kernel_width); kx++) {
      var x = ox * i32(window.stride_x) - window.pad_left + kx * i32(window.dilation_x);
      if (INPUT_DILATION) {
        x = undilated(x, i32(window.input_dilation_x));
      }
      if (x < 0 || x >= i32(window.in_width)) {
        continue;
      }
      let pixel = (picture * window.in_height + u32(y)) * window.in_width + u32(x);
      let a_base = params.a.offset + pixel * params.a.row;
      let tap = u32(ky) * window.kernel_width + u32(kx);
      if (DEPTHWISE) {
        sum += a[a_base + channel] * b[params.b.offset + tap * params.b.row + channel];
      } else {
        for (var i = 0u; i < params.group_in; i++) {
          sum += a[a_base + first + i] * b[params.b.offset + (tap * params.group_in + i) * params.b.row + channel];
        }
      }
    }
  }
  c[params.c.offset + row * params.c.row + channel] = sum;
}
