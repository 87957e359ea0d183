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

//@use common/window
//@use common/epilogue

struct Operand {
  @align(16) offset: u32, // in vec4s, as the stride from row to row
  row: u32,
}

struct Params {
  count: u32,
  columns4: u32,
  tiles: u32, // invocations along a line
  a: Operand,
  b: Operand,
  c: Operand,
  window: Window,
  extra: array<Extra, 5>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> c: array<vec4f>;
@group(0) @binding(2) var<storage, read> a: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;

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
  let picture = line / params.window.out_height;
  let top = i32((line % params.window.out_height) * params.window.stride_y) - params.window.pad_top;
  let left = i32(first * STRIDE) - params.window.pad_left;
  let last = i32(params.window.in_width) - 1;

  //@unroll p PIXELS
  var sum_p = vec4f();
  //@end
  for (var ky = 0u; ky < params.window.kernel_height; ky++) {
    let y = top + i32(ky);
    if (y < 0 || y >= i32(params.window.in_height)) {
      continue;
    }
    let first_pixel = (picture * params.window.in_height + u32(y)) * params.window.in_width;
    let a_line = params.a.offset + first_pixel * params.a.row + column;
    var x: array<vec4f, LOADS>;
    //@unroll j LOADS
    {
      let at = left + i32(j);
      let pixel = a[a_line + u32(clamp(at, 0, last)) * params.a.row];
      x[j] = select(vec4f(), pixel, at >= 0 && at <= last);
    }
    //@end
    let b_line = params.b.offset + ky * KERNEL * params.b.row + column;
    //@unroll k KERNEL
    {
      let w = b[b_line + k * params.b.row];
      //@unroll p PIXELS
      sum_p = fma(x[p * STRIDE + k], w, sum_p);
      //@end
    }
    //@end
  }

  //@unroll p PIXELS
  if (first + p < params.window.out_width) {
    let row = line * params.window.out_width + first + p;
    c[params.c.offset + row * params.c.row + column] = epilogue(sum_p, row, column);
  }
  //@end
}
