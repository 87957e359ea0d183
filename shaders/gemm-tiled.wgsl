// Matrix product and convolution for real GPUs: a workgroup of 16 x 16 invocations makes a tile of TILE_M rows and 64
// columns; slices of A and B, 16 deep, go through workgroup memory. An invocation owns ROWS rows and one vec4 of columns.
//@use common/gemm

const ROWS: u32 = 4u; //@spec
const TILE_M: u32 = 16u * ROWS;
const r = 0; //@unrolled
const q = 0; //@unrolled

var<workgroup> tile_a: array<array<vec4f, 5>, TILE_M>; // four vec4s of k, one more against bank conflicts
var<workgroup> tile_b: array<array<vec4f, 16>, 16>; // [k, column]

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_id) local: vec3u, @builtin(local_invocation_index) index: u32) {
  let id = group.x + group.y * grid.x;
  if (id >= params.groups) {
    return;
  }
  let tile = id / params.row_tiles;
  let batch = tile / params.column_tiles;
  let outer = batch / params.batch_inner;
  let inner = batch % params.batch_inner;
  let column = (tile % params.column_tiles) * 16u + local.x;
  let tile_row = (id % params.row_tiles) * TILE_M;
  let a_base = params.a.offset + outer * params.a.outer + inner * params.a.inner;
  let b_base = params.b.offset + outer * params.b.outer + inner * params.b.inner;
  let safe_column = min(column, params.columns4 - 1u);
  //@unroll r ROWS
  var sum_r = vec4f();
  //@end

  // Who loads what: of A, TILE_M rows x 4 vec4s by ROWS / 4 turns of 256 invocations; of B, 16 rows x 16 vec4s in one.
  let load_row = index / 4u;
  let load_k = index % 4u;
  let steps = (params.k4 + 3u) / 4u;
  var b_tap = b_base;
  let channels_in_tap = params.k4 * 4u - select(0u, 4u - params.tail, TAIL);
  for (var tap = 0u; tap < params.taps; tap++) {
    for (var step = 0u; step < steps; step++) {
      let k = step * 4u + load_k;
      for (var turn = 0u; turn < (TILE_M + 63u) / 64u; turn++) {
        let m = turn * 64u + load_row;
        if (m < TILE_M) {
          var x = vec4f();
          if (k < params.k4) {
            let pixel = pixel_of(row_of(tile_row + m, a_base), tap);
            x = load_a(pixel, k, channels_of(k));
          }
          tile_a[m][load_k] = x;
        }
      }
      let b_row = step * 16u + local.y;
      var w = vec4f();
      if (b_row < channels_in_tap) {
        w = b[b_tap + b_row * params.b.row + safe_column];
      }
      tile_b[local.y][local.x] = w;
      workgroupBarrier(); // both slices are there
      for (var kk = 0u; kk < 4u; kk++) {
        //@unroll q 4
        let w_q = tile_b[kk * 4u + q][local.x];
        //@end
        //@unroll r ROWS
        {
          let x = tile_a[local.y * ROWS + r][kk];
          //@unroll q 4
          sum_r = fma(vec4f(x[q]), w_q, sum_r);
          //@end
        }
        //@end
      }
      workgroupBarrier(); // the slices have been used
    }
    b_tap += channels_in_tap * params.b.row;
  }

  if (column >= params.columns4) {
    return;
  }
  let c_base = params.c.offset + outer * params.c.outer + inner * params.c.inner;
  //@unroll r ROWS
  {
    let row = tile_row + local.y * ROWS + r;
    if (row < params.rows) {
      c[c_base + row * params.c.row + column] = epilogue(sum_r, row, column);
    }
  }
  //@end
}
