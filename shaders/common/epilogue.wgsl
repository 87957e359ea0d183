// What rides on a kernel's store of four columns: the generated code and the operands that it reads.

struct Extra {
  @align(16) offset: u32, // in vec4s, as the stride from row to row
  row: u32,
  period: u32, // rows after which the operand repeats
}

fn epilogue(x: vec4f, row: u32, column: u32) -> vec4f { return x; } //@hook
