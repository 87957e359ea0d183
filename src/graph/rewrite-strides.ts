/**
 * @file Convolutions with strides, as convolutions without: a block of stride x stride pixels becomes one pixel with as
 * many times the channels. Forward, for the first layer: its three channels are too few for a kernel that loads four.
 * In reverse, for inputDilation: most taps meet only the zeros between pixels.
 */

import type { Builder } from "./builder.js";
import { both, convOutput } from "./ops/convolution.js";
import type { ConvAttrs, Node, Pair } from "./types.js";

/** Most channels for which a stride moves into the channels. */
const FEW_CHANNELS = 4;
/** Largest part of the taps that may remain in reverse. */
const WORTH = 0.6;

/** The same value by a convolution without stride; undefined if none exists or it costs no less. */
export function regroupStrides(b: Builder, x: Node, w: Node, attrs: ConvAttrs): Node | undefined {
  const { stride, inputDilation, dilation, groups } = attrs;
  if (groups !== 1 || !dilation.every(isOne)) return undefined;
  if (inputDilation.every(isOne)) {
    const isWorth = !stride.every(isOne) && x.shape.at(-1)! <= FEW_CHANNELS;
    return isWorth ? blocksToChannels(b, x, w, attrs) : undefined;
  }
  if (!stride.every(isOne)) return undefined;
  return w.shape.slice(2).every(isOne) ? spreadAfterwards(b, x, w, attrs) : channelsToBlocks(b, x, w, attrs);
}

const isOne = (n: number): boolean => n === 1;

/**
 * The sum over k of x[s o + k - p] w[k]. Zeros before the kernel raise p to a multiple of s. With k = s m + v the pixels are
 * x[s (o + m) + v], and v goes to the channels.
 */
function blocksToChannels(b: Builder, x: Node, w: Node, attrs: ConvAttrs): Node {
  const { stride, padding } = attrs;
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const [out, , ...kernel] = w.shape as [number, number, number, number];
  const [sy, sx] = stride;
  const size = both((axis) => x.shape[axis + 1]!);
  const blocks = both((axis) => Math.ceil(size[axis] / stride[axis]));
  const before = both((axis) => modulo(-padding[axis][0], stride[axis]));
  const taps = both((axis) => Math.ceil((kernel[axis] + before[axis]) / stride[axis]));
  const low = both((axis) => (padding[axis][0] + before[axis]) / stride[axis]);
  const outSize = convOutput(x.shape, w.shape, attrs);
  const after = both((axis): Pair => [0, blocks[axis] * stride[axis] - size[axis]]);
  const whole = padBoth(b, x, 1, after);
  const [ny, nx] = blocks;
  const apart = b.transpose(b.reshape(whole, [batch, ny, sy, nx, sx, channels]), [0, 1, 3, 2, 4, 5]);
  const grouped = b.reshape(apart, [batch, ny, nx, sy * sx * channels]);
  const filled = padBoth(b, w, 2, around(kernel, before, taps, stride));
  const [my, mx] = taps;
  const split = b.transpose(b.reshape(filled, [out, channels, my, sy, mx, sx]), [0, 3, 5, 1, 2, 4]);
  return b.conv2d(grouped, b.reshape(split, [out, sy * sx * channels, my, mx]), {
    padding: both((axis) => [low[axis], outSize[axis] + taps[axis] - 1 - low[axis] - blocks[axis]]),
  });
}

/**
 * Sum over the k with o + k - p = d i of x[i] w[k]. For o = d a + r and q = p mod d these are k = d m + q - r and
 * i = a + m - floor(p / d): each r is a convolution of its own over a, with every d-th tap.
 */
function channelsToBlocks(b: Builder, x: Node, w: Node, attrs: ConvAttrs): Node | undefined {
  const { inputDilation: by, padding } = attrs;
  const [batch] = x.shape as [number];
  const [out, channels, ...kernel] = w.shape as [number, number, number, number];
  const from = both((axis) => Math.floor(padding[axis][0] / by[axis]));
  const rest = both((axis) => padding[axis][0] - by[axis] * from[axis]);
  const taps = both((axis) => Math.floor((kernel[axis] + by[axis] - 2 - rest[axis]) / by[axis]) + 1);
  if (taps[0] * taps[1] > WORTH * kernel[0] * kernel[1]) return undefined;
  const outSize = convOutput(x.shape, w.shape, attrs);
  const blocks = both((axis) => Math.ceil(outSize[axis] / by[axis]));
  // w[d m + q - r] at [m, d - 1 - r].
  const before = both((axis) => by[axis] - 1 - rest[axis]);
  const filled = padBoth(b, w, 2, around(kernel, before, taps, by));
  const [dy, dx] = by;
  const [my, mx] = taps;
  const [ny, nx] = blocks;
  const rows = b.reshape(filled, [out, channels, my, dy, mx, dx]);
  const phases = b.transpose(b.flip(b.flip(rows, 3), 5), [3, 5, 0, 1, 2, 4]);
  const grouped = b.conv2d(x, b.reshape(phases, [dy * dx * out, channels, my, mx]), {
    padding: both((axis) => [from[axis], blocks[axis] + taps[axis] - 1 - from[axis] - x.shape[axis + 1]!]),
  });
  const apart = b.transpose(b.reshape(grouped, [batch, ny, nx, dy, dx, out]), [0, 1, 3, 2, 4, 5]);
  const whole = b.reshape(apart, [batch, ny * dy, nx * dx, out]);
  return b.slice(b.slice(whole, 1, 0, outSize[0]), 2, 0, outSize[1]);
}

/** A kernel of one pixel: zeros between the pixels of its result instead of between those it reads. */
function spreadAfterwards(b: Builder, x: Node, w: Node, { inputDilation, padding }: ConvAttrs): Node {
  return ([2, 1] as const).reduce(
    (value, axis) => {
      const [by, [low, high]] = [inputDilation[axis - 1]!, padding[axis - 1]!];
      const { shape } = value;
      const apart = b.reshape(value, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
      const spread = [...shape.slice(0, axis), shape[axis]! * by, ...shape.slice(axis + 1)];
      // No zeros follow the last pixel.
      return padAxis(b, b.reshape(b.pad(apart, axis + 1, 0, by - 1), spread), axis, [low, high - (by - 1)]);
    },
    b.conv2d(x, w),
  );
}

/** The zeros before and after a kernel that make it `taps` blocks of `by` pixels. */
const around = (kernel: Pair, before: Pair, taps: Pair, by: Pair): readonly [Pair, Pair] =>
  both((axis) => [before[axis], taps[axis] * by[axis] - kernel[axis] - before[axis]]);

const modulo = (n: number, by: number): number => ((n % by) + by) % by;

/** Zeros on both sides of two neighbouring axes; negative sizes cut elements off. */
function padBoth(b: Builder, x: Node, first: number, sides: readonly [Pair, Pair]): Node {
  return sides.reduce((value, side, i) => padAxis(b, value, first + i, side), x);
}

function padAxis(b: Builder, x: Node, axis: number, [low, high]: Pair): Node {
  const kept = b.slice(x, axis, Math.max(0, -low), x.shape[axis]! - Math.max(0, -high));
  return b.pad(kept, axis, Math.max(0, low), Math.max(0, high));
}
