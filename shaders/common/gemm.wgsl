// What the kernels of the matrix-product family share: C[m, n] = epilogue(sum over k of A[m, k] * B[k, n]).
// A's rows are a matrix's rows, or (CONVOLUTION) the windows of a picture [batch, height, width, channels], gathered as
// they are needed. All sizes and strides of k and n are counted in vec4s; B is
// [taps * channels, n4].

//@use common/window
//@use common/epilogue

// Strides of rows and, of a batch entry outer * batch_inner + inner, along outer and inner.
struct Operand {
  @align(16) offset: u32,
  row: u32,
  outer: u32,
  inner: u32,
}

struct Params {
  rows: u32, // m, of one batch entry
  columns4: u32, // n / 4
  k4: u32, // channels / 4 of a tap
  tail: u32, // channels in the last vec4 of a tap: 1..4
  taps: u32, // kernel height * kernel width
  row_tiles: u32, // workgroups along m
  column_tiles: u32, // workgroups along n
  batch_inner: u32,
  groups: u32, // workgroups in all
  a: Operand,
  b: Operand,
  c: Operand,
  window: Window, // where CONVOLUTION
  extra: array<Extra, 5>,
}

const CONVOLUTION: bool = false; //@spec
const INPUT_DILATION: bool = false; //@spec
// The number of channels is no multiple of four: what stands behind a row's end is not to be used.
const TAIL: bool = false; //@spec

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> c: array<vec4f>;
@group(0) @binding(2) var<storage, read> a: array<vec4f>;
@group(0) @binding(3) var<storage, read> b: array<vec4f>;

// Where a row of A begins: its picture's first element and the window's top left pixel.
struct Row {
  base: u32,
  y: i32,
  x: i32,
}

fn row_of(m: u32, batch_base: u32) -> Row {
  let row = min(m, params.rows - 1u);
  if (CONVOLUTION) {
    let ox = row % params.window.out_width;
    let rest = row / params.window.out_width;
    let oy = rest % params.window.out_height;
    let picture = rest / params.window.out_height;
    return Row(batch_base + picture * params.window.in_height * params.window.in_width * params.a.row,
      i32(oy * params.window.stride_y) - params.window.pad_top, i32(ox * params.window.stride_x) - params.window.pad_left);
  }
  return Row(batch_base + row * params.a.row, 0, 0);
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
  var y = row.y + i32((tap / params.window.kernel_width) * params.window.dilation_y);
  var x = row.x + i32((tap % params.window.kernel_width) * params.window.dilation_x);
  var inside = y >= 0 && x >= 0;
  if (INPUT_DILATION) {
    let dy = i32(params.window.input_dilation_y);
    let dx = i32(params.window.input_dilation_x);
    inside = inside && y % dy == 0 && x % dx == 0;
    y /= dy;
    x /= dx;
  }
  inside = inside && y < i32(params.window.in_height) && x < i32(params.window.in_width);
  let address = row.base + (u32(y) * params.window.in_width + u32(x)) * params.a.row;
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
