// Matrix product and convolution for adapters without subgroups of one fixed size: an invocation owns PIXELS rows and
// COLUMNS vec4 columns, and loads its own weights.
//@use common/gemm

const LANES: u32 = 8u; //@spec
const PIXELS: u32 = 1u; //@spec
const COLUMNS: u32 = 1u; //@spec
const p = 0; //@unrolled
const n = 0; //@unrolled
const q = 0; //@unrolled

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let id = group.x + group.y * grid.x;
  if (id >= params.groups) {
    return;
  }
  let tile = id / params.row_tiles;
  let batch = tile / params.column_tiles;
  let outer = batch / params.batch_inner;
  let inner = batch % params.batch_inner;
  let first_column = (tile % params.column_tiles) * COLUMNS;
  let first_row = (id % params.row_tiles) * PIXELS * LANES + lane;
  let a_base = params.a.offset + outer * params.a.outer + inner * params.a.inner;
  var b_address = params.b.offset + outer * params.b.outer + inner * params.b.inner;

  //@unroll p PIXELS
  let row_p = row_of(first_row + p * LANES, a_base);
  //@unroll n COLUMNS
  var sum_p_n = vec4f();
  //@end
  //@end
  //@unroll n COLUMNS
  let column_n = min(first_column + n, params.columns4 - 1u);
  //@end

  for (var tap = 0u; tap < params.taps; tap++) {
    //@unroll p PIXELS
    let pixel_p = pixel_of(row_p, tap);
    //@end
    for (var k = 0u; k < params.k4; k++) {
      let channels = channels_of(k);
      //@unroll p PIXELS
      let x_p = load_a(pixel_p, k, channels);
      //@end
      //@unroll q 4
      let address_q = b_address + min(q, channels - 1u) * params.b.row;
      //@unroll n COLUMNS
      {
        let w = b[address_q + column_n];
        //@unroll p PIXELS
        sum_p_n = fma(vec4f(x_p[q]), w, sum_p_n);
        //@end
      }
      //@end
      //@end
      b_address += channels * params.b.row;
    }
  }

  let c_base = params.c.offset + outer * params.c.outer + inner * params.c.inner;
  //@unroll p PIXELS
  if (first_row + p * LANES < params.rows) {
    let row = first_row + p * LANES;
    let out = c_base + row * params.c.row;
    //@unroll n COLUMNS
    if (first_column + n < params.columns4) {
      c[out + column_n] = epilogue(sum_p_n, row, column_n);
    }
    //@end
  }
  //@end
}
