// n / d for n below 2^31, exactly, without an integer division: software adapters do those one lane after another. The first
// guess is off by a few hundred at most, the second by one.
fn divide(n: u32, d: u32) -> u32 {
  let by = i32(d);
  let share = 1.0 / f32(by);
  var quotient = i32(f32(i32(n)) * share);
  quotient += i32(floor(f32(i32(n) - quotient * by) * share));
  let rest = i32(n) - quotient * by;
  return u32(quotient + select(0, 1, rest >= by) - select(0, 1, rest < 0));
}
