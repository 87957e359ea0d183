// Windows of a kernel over pictures [batch, height, width, channels].
struct Window {
  @align(16) in_height: u32,
  in_width: u32,
  out_height: u32,
  out_width: u32,
  kernel_height: u32,
  kernel_width: u32,
  stride_y: u32,
  stride_x: u32,
  pad_top: i32,
  pad_left: i32,
  dilation_y: u32,
  dilation_x: u32,
  input_dilation_y: u32,
  input_dilation_x: u32,
}
