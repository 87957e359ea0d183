// A chain of pointwise ops over strided operands: the element's code and its addresses are generated from the ops table.

alias Elem = f32; //@spec
const WORDS: u32 = 1u; //@spec

@group(0) @binding(0) var<uniform> params: array<vec4u, WORDS>; // [0].x counts the elements
@group(0) @binding(1) var<storage, read_write> result: array<Elem>;

fn element(i: u32) { result[i] = Elem(); } //@hook

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let i = (group.x + group.y * grid.x) * 64u + lane;
  if (i < params[0].x) {
    element(i);
  }
}
