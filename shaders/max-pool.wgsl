// Max pooling over [batch, height, width, channels] as a pair of linear maps chosen by x: PUT false takes each window's
// element of v at the place where x is largest (the first such place); PUT true is its transpose and adds each window's v
// at that place. An invocation makes four channels of one pixel. Offsets and strides in vec4s.

const PUT: bool = false; //@spec

struct Params {
  count: u32, channels4: u32, in_height: u32, in_width: u32,
  out_height: u32, out_width: u32, kernel_y: u32, kernel_x: u32,
  stride_y: u32, stride_x: u32, pad_y: i32, pad_x: i32,
  dilation_y: u32, dilation_x: u32, x_offset: u32, x_batch: u32,
  x_row: u32, x_pixel: u32, v_offset: u32, v_batch: u32,
  v_row: u32, v_pixel: u32, r_offset: u32, r_batch: u32,
  r_row: u32, r_pixel: u32, unused0: u32, unused1: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;
@group(0) @binding(3) var<storage, read> v: array<vec4f>;

// The place of the largest x of a window, per channel: y * in_width + x.
fn place_of(x_base: u32, oy: u32, ox: u32) -> vec4u {
  var best = vec4f(-3.4e38);
  var place = vec4u();
  for (var ky = 0u; ky < params.kernel_y; ky++) {
    let iy = i32(oy * params.stride_y + ky * params.dilation_y) - params.pad_y;
    if (iy < 0 || iy >= i32(params.in_height)) {
      continue;
    }
    for (var kx = 0u; kx < params.kernel_x; kx++) {
      let ix = i32(ox * params.stride_x + kx * params.dilation_x) - params.pad_x;
      if (ix < 0 || ix >= i32(params.in_width)) {
        continue;
      }
      let value = x[x_base + u32(iy) * params.x_row + u32(ix) * params.x_pixel];
      place = select(place, vec4u(u32(iy) * params.in_width + u32(ix)), value > best);
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
    picked[lane] = v[v_base + (at / params.in_width) * params.v_row + (at % params.in_width) * params.v_pixel][lane];
  }
  return picked;
}

// Sums what the windows that cover pixel (y, x) put there.
fn put(x_base: u32, v_base: u32, y: u32, x_pixel: u32) -> vec4f {
  let here = vec4u(y * params.in_width + x_pixel);
  var sum = vec4f();
  for (var ky = 0u; ky < params.kernel_y; ky++) {
    let ty = i32(y) + params.pad_y - i32(ky * params.dilation_y);
    if (ty < 0 || ty % i32(params.stride_y) != 0 || ty / i32(params.stride_y) >= i32(params.out_height)) {
      continue;
    }
    let oy = u32(ty) / params.stride_y;
    for (var kx = 0u; kx < params.kernel_x; kx++) {
      let tx = i32(x_pixel) + params.pad_x - i32(kx * params.dilation_x);
      if (tx < 0 || tx % i32(params.stride_x) != 0 || tx / i32(params.stride_x) >= i32(params.out_width)) {
        continue;
      }
      let ox = u32(tx) / params.stride_x;
      let g = v[v_base + oy * params.v_row + ox * params.v_pixel];
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
  let width = select(params.out_width, params.in_width, PUT);
  let height = select(params.out_height, params.in_height, PUT);
  let c = id % params.channels4;
  let column = (id / params.channels4) % width;
  let row = (id / (params.channels4 * width)) % height;
  let n = id / (params.channels4 * width * height);
  let x_base = params.x_offset + n * params.x_batch + c;
  let v_base = params.v_offset + n * params.v_batch + c;
  var value: vec4f;
  if (PUT) {
    value = put(x_base, v_base, row, column);
  } else {
    value = pick(x_base, v_base, row, column, c);
  }
  result[params.r_offset + n * params.r_batch + row * params.r_row + column * params.r_pixel + c] = value;
}
