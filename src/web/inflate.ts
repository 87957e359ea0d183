/** @file Decompresses zlib streams by the browser's DecompressionStream. */

import type { Inflate } from "../picture-file/png-reader.js";

/** Decompresses the first `length` bytes only. */
export const inflate: Inflate = async (packed, length) => {
  const stream = new Blob([...packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  const whole = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const { done, value } = await reader.read();
    if (done) throw new Error("cut off");
    const part = value.subarray(0, length - at);
    whole.set(part, at);
    at += part.length;
  }
  reader.cancel().catch(() => undefined);
  return whole;
};
