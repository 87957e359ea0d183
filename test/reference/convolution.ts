/** @file conv2d as products of gathered patches with the weight. */

import { gatherStrided, nd, type NdF64 } from "./array.js";
import { gemmNT } from "./gemm.js";
import type { Ref } from "./ref.js";
import type { ConvAttrs } from "../../src/graph/types.js";

/** Elements of the patch matrix held at a time. */
const PATCH_ELEMENTS = 1 << 20;

/** Row of the picture that tap `k` of output `o` reads, or -1: padding, or a zero that input dilation put in. */
function source(o: number, k: number, size: number, a: ConvAttrs, axis: 0 | 1): number {
  const at = o * a.stride[axis] + k * a.dilation[axis] - a.padding[axis][0];
  const spread = a.inputDilation[axis];
  return at < 0 || at % spread !== 0 || at / spread >= size ? -1 : at / spread;
}

const conv2d: Ref<"conv2d"> = ({ shape, attrs }, [x, w]) => {
  const [n, oh, ow, o] = shape as [number, number, number, number];
  const [, i, kh, kw] = w!.shape as [number, number, number, number];
  const groups = attrs.groups;
  const [k, perGroup, pixels] = [kh * kw * i, o / groups, oh * ow];
  // Weight rows as patches lie: [o, kh, kw, i].
  const rows = gatherStrided(w!, [o, kh, kw, i], [i * kh * kw, kw, 1, kh * kw]);
  const block = Math.max(1, Math.min(pixels, Math.floor(PATCH_ELEMENTS / k)));
  const patches = new Float64Array(block * k);
  const y = nd(shape);
  for (let picture = 0; picture < n; picture++) {
    for (let group = 0; group < groups; group++) {
      for (let start = 0; start < pixels; start += block) {
        const m = Math.min(block, pixels - start);
        gatherPatches(x!, picture, group * i, { start, m, ow, kh, kw, i }, attrs, patches);
        const at = (picture * pixels + start) * o + group * perGroup;
        gemmNT({ m, n: perGroup, k }, patches, 0, rows.data, group * perGroup * k, y.data, at, o);
      }
    }
  }
  return y;
};

interface PatchBlock {
  /** First output pixel and how many. */
  readonly start: number;
  readonly m: number;
  readonly ow: number;
  readonly kh: number;
  readonly kw: number;
  /** Channels of a group. */
  readonly i: number;
}

function gatherPatches(
  x: NdF64,
  picture: number,
  channel: number,
  { start, m, ow, kh, kw, i }: PatchBlock,
  attrs: ConvAttrs,
  patches: Float64Array,
): void {
  const [, h, width, c] = x.shape as [number, number, number, number];
  let at = 0;
  for (let pixel = start; pixel < start + m; pixel++) {
    const [oy, ox] = [Math.floor(pixel / ow), pixel % ow];
    for (let ky = 0; ky < kh; ky++) {
      const sy = source(oy, ky, h, attrs, 0);
      for (let kx = 0; kx < kw; kx++, at += i) {
        const sx = sy < 0 ? -1 : source(ox, kx, width, attrs, 1);
        const from = ((picture * h + sy) * width + sx) * c + channel;
        for (let ci = 0; ci < i; ci++) patches[at + ci] = sx < 0 ? 0 : x.data[from + ci]!;
      }
    }
  }
}

export const CONVOLUTION = { conv2d };
