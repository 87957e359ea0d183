// Convolution in which every channel is its own group. An invocation makes four channels of PIXELS neighbours in a line, so
// that what these share is loaded once: the line's pixels and a tap's weights. The weight is [kernel height, KERNEL, channels].

const PIXELS: u32 = 4u; //@spec
// The kernel's width.
const KERNEL: u32 = 3u; //@spec
const STRIDE: u32 = 1u; //@spec
// Pixels of a line that an invocation reads: (PIXELS - 1) * STRIDE + KERNEL
const LOADS: u32 = 6u; //@spec
const j = 0; //@unrolled
const k = 0; //@unrolled
const p = 0; //@unrolled

struct Params {
  count: u32, columns4: u32, tiles: u32, kernel_y: u32, // tiles: invocations along a line
  in_height: u32, in_width: u32, out_height: u32, out_width: u32,
  stride_y: u32, pad_top: i32, pad_left: i32, unused0: u32,
  a_offset: u32, a_row: u32, b_offset: u32, b_row: u32, // in vec4s, as all that follow
  c_offset: u32, c_row: u32, unused1: u32, unused2: u32,
  // Operands of the epilogue: offset, row stride, rows after which it repeats.
  extra: array<vec4u, 5>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> c: array<vec4f>;
@group(0) @binding(2) var<storage, read> a: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;

fn epilogue(x: vec4f, row: u32, column: u32) -> vec4f { return x; } //@hook

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32) {
  let id = (group.x + group.y * grid.x) * 64u + local;
  if (id >= params.count) {
    return;
  }
  let column = id % params.columns4;
  let line = (id / params.columns4) / params.tiles;
  let first = ((id / params.columns4) % params.tiles) * PIXELS;
  let picture = line / params.out_height;
  let top = i32((line % params.out_height) * params.stride_y) - params.pad_top;
  let left = i32(first * STRIDE) - params.pad_left;
  let last = i32(params.in_width) - 1;

  //@unroll p PIXELS
  var sum_p = vec4f();
  //@end
  for (var ky = 0u; ky < params.kernel_y; ky++) {
    let y = top + i32(ky);
    if (y < 0 || y >= i32(params.in_height)) {
      continue;
    }
    let a_line = params.a_offset + (picture * params.in_height + u32(y)) * params.in_width * params.a_row + column;
    var x: array<vec4f, LOADS>;
    //@unroll j LOADS
    {
      let at = left + i32(j);
      let pixel = a[a_line + u32(clamp(at, 0, last)) * params.a_row];
      x[j] = select(vec4f(), pixel, at >= 0 && at <= last);
    }
    //@end
    let b_line = params.b_offset + ky * KERNEL * params.b_row + column;
    //@unroll k KERNEL
    {
      let w = b[b_line + k * params.b_row];
      //@unroll p PIXELS
      sum_p = fma(x[p * STRIDE + k], w, sum_p);
      //@end
    }
    //@end
  }

  //@unroll p PIXELS
  if (first + p < params.out_width) {
    let row = line * params.out_width + first + p;
    c[params.c_offset + row * params.c_row + column] = epilogue(sum_p, row, column);
  }
  //@end
}
