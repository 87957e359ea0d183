// Matrix product and convolution for adapters with subgroups of one fixed size: a lane owns PIXELS rows, and the weights
// of 4 * COLUMNS columns go round by subgroupBroadcast, so that each is loaded once for all lanes.
//@enable subgroups
//@use common/gemm

const LANES: u32 = 8u; //@spec
const PIXELS: u32 = 1u; //@spec
// vec4 columns of a workgroup: BLOCKS * LANES
const BLOCKS: u32 = 1u; //@spec
const p = 0; //@unrolled
const g = 0; //@unrolled
const q = 0; //@unrolled
const l = 0; //@unrolled

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(subgroup_invocation_id) lane: u32) {
  let id = group.x + group.y * grid.x;
  if (id >= params.groups) {
    return;
  }
  let tile = id / params.row_tiles;
  let batch = tile / params.column_tiles;
  let outer = batch / params.batch_inner;
  let inner = batch % params.batch_inner;
  let first_column = (tile % params.column_tiles) * BLOCKS * LANES;
  let first_row = (id % params.row_tiles) * PIXELS * LANES + lane;
  let a_base = params.a.offset + outer * params.a.outer + inner * params.a.inner;
  var b_address = params.b.offset + outer * params.b.outer + inner * params.b.inner;

  //@unroll p PIXELS
  let row_p = row_of(first_row + p * LANES, a_base);
  //@end
  //@unroll g BLOCKS
  let column_g = min(first_column + g * LANES + lane, params.columns4 - 1u);
  //@end
  //@unroll p PIXELS
  //@unroll g BLOCKS
  //@unroll l LANES
  var sum_p_g_l = vec4f();
  //@end
  //@end
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
      //@unroll g BLOCKS
      {
        let w = b[b_address + min(q, channels - 1u) * params.b.row + column_g];
        //@unroll l LANES
        {
          let v = subgroupBroadcast(w, l);
          //@unroll p PIXELS
          sum_p_g_l = fma(vec4f(x_p[q]), v, sum_p_g_l);
          //@end
        }
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
    //@unroll g BLOCKS
    //@unroll l LANES
    if (first_column + g * LANES + l < params.columns4) {
      let column = first_column + g * LANES + l;
      c[out + column] = epilogue(sum_p_g_l, row, column);
    }
    //@end
    //@end
  }
  //@end
}
