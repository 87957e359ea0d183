// Max pooling over [batch, height, width, channels] as a pair of linear maps chosen by x: PUT false takes each window's
// element of v at the place where x is largest (the first such place); PUT true is its transpose and adds each window's v
// at that place. An invocation makes four channels of one pixel. Offsets and strides in vec4s.

const PUT: bool = false; //@spec

//@use common/window

struct Operand {
  @align(16) offset: u32,
  batch: u32,
  row: u32,
  pixel: u32,
}

struct Params {
  count: u32,
  channels4: u32,
  x: Operand,
  v: Operand,
  result: Operand,
  window: Window,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
@group(0) @binding(3) var<storage, read> v: array<vec4f>;

// The place of the largest x of a window, per channel: y * in_width + x.
fn place_of(x_base: u32, oy: u32, ox: u32) -> vec4u {
  var best = vec4f(-3.4e38);
  var place = vec4u();
  for (var ky = 0u; ky < params.window.kernel_height; ky++) {
    let iy = i32(oy * params.window.stride_y + ky * params.window.dilation_y) - params.window.pad_top;
    if (iy < 0 || iy >= i32(params.window.in_height)) {
      continue;
    }
    for (var kx = 0u; kx < params.window.kernel_width; kx++) {
      let ix = i32(ox * params.window.stride_x + kx * params.window.dilation_x) - params.window.pad_left;
      if (ix < 0 || ix >= i32(params.window.in_width)) {
        continue;
      }
      let value = x[x_base + u32(iy) * params.x.row + u32(ix) * params.x.pixel];
      place = select(place, vec4u(u32(iy) * params.window.in_width + u32(ix)), value > best);
      best = max(best, value);
    }
  }
  return place;
}

fn pick(x_base: u32, v_base: u32, oy: u32, ox: u32, c: u32) -> vec4f {
  let place = place_of(x_base, oy, ox);
  var picked = vec4f();
  for (var lane = 0u; lane < 4u; lane++) {
    let at = place[lane];
    let y = at / params.window.in_width;
    let x_pixel = at % params.window.in_width;
    picked[lane] = v[v_base + y * params.v.row + x_pixel * params.v.pixel][lane];
  }
  return picked;
}

// Sums what the windows that cover pixel (y, x) put there.
fn put(x_base: u32, v_base: u32, y: u32, x_pixel: u32) -> vec4f {
  let here = vec4u(y * params.window.in_width + x_pixel);
  var sum = vec4f();
  for (var ky = 0u; ky < params.window.kernel_height; ky++) {
    let ty = i32(y) + params.window.pad_top - i32(ky * params.window.dilation_y);
    let oy = u32(ty) / params.window.stride_y;
    if (ty < 0 || oy * params.window.stride_y != u32(ty) || oy >= params.window.out_height) {
      continue;
    }
    for (var kx = 0u; kx < params.window.kernel_width; kx++) {
      let tx = i32(x_pixel) + params.window.pad_left - i32(kx * params.window.dilation_x);
      let ox = u32(tx) / params.window.stride_x;
      if (tx < 0 || ox * params.window.stride_x != u32(tx) || ox >= params.window.out_width) {
        continue;
      }
      let g = v[v_base + oy * params.v.row + ox * params.v.pixel];
      sum += select(vec4f(), g, place_of(x_base, oy, ox) == here);
    }
  }
  return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) local: u32) {
  let id = (group.x + group.y * grid.x) * 64u + local;
  if (id >= params.count) {
    return;
  }
  let width = select(params.window.out_width, params.window.in_width, PUT);
  let height = select(params.window.out_height, params.window.in_height, PUT);
  let c = id % params.channels4;
  let column = (id / params.channels4) % width;
  let row = (id / (params.channels4 * width)) % height;
  let n = id / (params.channels4 * width * height);
  let x_base = params.x.offset + n * params.x.batch + c;
  let v_base = params.v.offset + n * params.v.batch + c;
  var value: vec4f;
  if (PUT) {
    value = put(x_base, v_base, row, column);
  } else {
    value = pick(x_base, v_base, row, column, c);
  }
  let pixel = n * params.result.batch + row * params.result.row + column * params.result.pixel;
  result[params.result.offset + pixel + c] = value;
}
