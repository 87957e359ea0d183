/** @file Maps along an axis and max pooling. */

import { sizeOf } from "../../src/graph/shape.js";
import type { WindowAttrs } from "../../src/graph/types.js";
import { nd, type NdF64 } from "./array.js";
import type { Ref } from "./ref.js";

const resample: Ref<"resample"> = ({ attrs: { axis, map } }, [x]) => {
  const y = nd(x!.shape.map((d, i) => (i === axis ? map.outSize : d)));
  const outer = sizeOf(x!.shape.slice(0, axis));
  const inner = sizeOf(x!.shape.slice(axis + 1));
  for (let o = 0; o < outer; o++) {
    for (let position = 0; position < map.outSize; position++) {
      const to = (o * map.outSize + position) * inner;
      for (let t = position * map.taps; t < (position + 1) * map.taps; t++) {
        const from = (o * map.inSize + map.index[t]!) * inner;
        const weight = map.weight[t]!;
        for (let i = 0; i < inner; i++) y.data[to + i]! += weight * x!.data[from + i]!;
      }
    }
  }
  return y;
};

/** Calls `visit` with each window's place in the output [b, oy, ox, c] and the place in the picture where x is largest. */
function eachWindow(
  x: NdF64,
  batch: number,
  a: WindowAttrs,
  visit: (output: number, chosen: number) => void,
): void {
  const [n, h, width, c] = x.shape as [number, number, number, number];
  let output = 0;
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < a.out[0]; oy++) {
      for (let ox = 0; ox < a.out[1]; ox++) {
        for (let channel = 0; channel < c; channel++) {
          let chosen = -1;
          let largest = -Infinity;
          for (let ky = 0; ky < a.kernel[0]; ky++) {
            const sy = oy * a.stride[0] - a.padding[0] + ky * a.dilation[0];
            if (sy < 0 || sy >= h) continue;
            for (let kx = 0; kx < a.kernel[1]; kx++) {
              const sx = ox * a.stride[1] - a.padding[1] + kx * a.dilation[1];
              if (sx < 0 || sx >= width) continue;
              const place = (sy * width + sx) * c + channel;
              const value = x.data[(n === 1 ? 0 : b) * h * width * c + place]!;
              if (value > largest) [largest, chosen] = [value, place];
            }
          }
          if (chosen >= 0) visit(output, b * h * width * c + chosen);
          output++;
        }
      }
    }
  }
}

const maxPick: Ref<"maxPick"> = ({ shape, attrs }, [x, v]) => {
  const y = nd(shape);
  eachWindow(x!, v!.shape[0]!, attrs, (output, chosen) => (y.data[output] = v!.data[chosen]!));
  return y;
};

const maxPut: Ref<"maxPut"> = ({ attrs }, [x, g]) => {
  const y = nd([g!.shape[0]!, ...x!.shape.slice(1)]);
  eachWindow(x!, g!.shape[0]!, attrs, (output, chosen) => (y.data[chosen]! += g!.data[output]!));
  return y;
};

export const POOLING = { resample, maxPick, maxPut };
