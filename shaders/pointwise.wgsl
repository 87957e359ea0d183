// A chain of pointwise ops over strided operands. The element's code, its addresses and Params are generated.

alias Elem = f32; //@spec

struct Params { count: u32 } //@hook

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> result: array<Elem>;

fn element(i: u32) { result[i] = Elem(); } //@hook

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32) {
  let i = (group.x + group.y * grid.x) * 64u + lane;
  if (i < params.count) {
    element(i);
  }
}
