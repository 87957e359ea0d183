/** @file Samples of 0..1 as whole numbers. */

import type { Picture } from "./picture.js";

/** A picture's samples in 8 bits; floats are clipped to 0..1 and rounded. */
export const bytesOf = ({ data }: Picture): Uint8Array =>
  data instanceof Uint8Array ? data : (quantised(data, 8) as Uint8Array);

/** In 8 or 16 bits. (A typed array's own `from` makes a list first, whose length limit would end the process.) */
export function quantised(samples: Float32Array, bits: 8 | 16): Uint8Array | Uint16Array {
  const most = 2 ** bits - 1;
  const whole = new (bits === 8 ? Uint8Array : Uint16Array)(samples.length);
  for (let i = 0; i < whole.length; i++) whole[i] = Math.round(Math.min(Math.max(samples[i]!, 0), 1) * most);
  return whole;
}
