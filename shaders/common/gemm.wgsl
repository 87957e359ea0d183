// What the kernels of the matrix-product family share: C[m, n] = epilogue(sum over k of A[m, k] * B[k, n]).
// A's rows are a matrix's rows, or (CONVOLUTION) the windows of a picture [batch, height, width, channels], gathered as
// they are needed. All sizes and strides of k and n are counted in vec4s; B is
// [taps * channels, n4].

struct Params {
  rows: u32,        // m, of one batch entry
  columns4: u32,    // n / 4
  k4: u32,          // channels / 4 of a tap
  taps: u32,        // kernel height * kernel width
  row_tiles: u32,   // workgroups along m
  column_tiles: u32, // workgroups along n
  batch_inner: u32, // batch entry = outer * batch_inner + inner
  groups: u32,      // workgroups in all
  a_offset: u32, a_row: u32, a_outer: u32, a_inner: u32,
  b_offset: u32, b_row: u32, b_outer: u32, b_inner: u32,
  c_offset: u32, c_row: u32, c_outer: u32, c_inner: u32,
  in_height: u32, in_width: u32, out_height: u32, out_width: u32,
  kernel_width: u32, stride_y: u32, stride_x: u32, pad_top: i32,
  pad_left: i32, dilation_y: u32, dilation_x: u32, input_dilation_y: u32,
  input_dilation_x: u32,
  tail: u32,        // channels in the last vec4 of a tap: 1..4
  unused0: u32, unused1: u32,
  // Operands of the epilogue: offset, row stride, rows after which it repeats.
  extra: array<vec4u, 5>,
}

const CONVOLUTION: bool = false; //@spec
const INPUT_DILATION: bool = false; //@spec
// The number of channels is no multiple of four: what stands behind a row's end is not to be used.
const TAIL: bool = false; //@spec

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> c: array<vec4f>;
@group(0) @binding(2) var<storage, read> a: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;

fn epilogue(x: vec4f, row: u32, column: u32) -> vec4f { return x; } //@hook

// Where a row of A begins: its picture's first element and the window's top left pixel.
struct Row {
  base: u32,
  y: i32,
  x: i32,
}

fn row_of(m: u32, batch_base: u32) -> Row {
  let row = min(m, params.rows - 1u);
  if (CONVOLUTION) {
    let ox = row % params.out_width;
    let rest = row / params.out_width;
    let oy = rest % params.out_height;
    let picture = rest / params.out_height;
    return Row(batch_base + picture * params.in_height * params.in_width * params.a_row,
      i32(oy * params.stride_y) - params.pad_top, i32(ox * params.stride_x) - params.pad_left);
  }
  return Row(batch_base + row * params.a_row, 0, 0);
}

// The address of a row's pixel under a tap, and whether that pixel exists (else zeros are meant).
struct Pixel {
  address: u32,
  inside: bool,
}

fn pixel_of(row: Row, tap: u32) -> Pixel {
  if (!CONVOLUTION) {
    return Pixel(row.base, true);
  }
  var y = row.y + i32((tap / params.kernel_width) * params.dilation_y);
  var x = row.x + i32((tap % params.kernel_width) * params.dilation_x);
  var inside = y >= 0 && x >= 0;
  if (INPUT_DILATION) {
    let dy = i32(params.input_dilation_y);
    let dx = i32(params.input_dilation_x);
    inside = inside && y % dy == 0 && x % dx == 0;
    y /= dy;
    x /= dx;
  }
  inside = inside && y < i32(params.in_height) && x < i32(params.in_width);
  let address = row.base + (u32(y) * params.in_width + u32(x)) * params.a_row;
  return Pixel(select(row.base, address, inside), inside);
}

// How many of the four channels of step k exist.
fn channels_of(k: u32) -> u32 {
  return select(4u, params.tail, TAIL && k == params.k4 - 1u);
}

fn load_a(pixel: Pixel, k: u32, channels: u32) -> vec4f {
  var x = a[pixel.address + k];
  if (TAIL) {
    x = select(vec4f(), x, vec4u(0u, 1u, 2u, 3u) < vec4u(channels));
  }
  if (CONVOLUTION) {
    x = select(vec4f(), x, pixel.inside);
  }
  return x;
}
