/** @file Windows over pictures as kernels read them: `struct Window` of shaders/common/window.wgsl. */

import type { NodeOf, Pair, WindowAttrs } from "../graph/types.js";
import type { Params } from "./params.js";

interface Window extends WindowAttrs {
  /** [height, width], as all pairs. */
  readonly in: Pair;
  readonly inputDilation: Pair;
}

const windowParams = (w: Window): Params => ({
  inHeight: w.in[0],
  inWidth: w.in[1],
  outHeight: w.out[0],
  outWidth: w.out[1],
  kernelHeight: w.kernel[0],
  kernelWidth: w.kernel[1],
  strideY: w.stride[0],
  strideX: w.stride[1],
  padTop: w.padding[0],
  padLeft: w.padding[1],
  dilationY: w.dilation[0],
  dilationX: w.dilation[1],
  inputDilationY: w.inputDilation[0],
  inputDilationX: w.inputDilation[1],
});

const ONE: Pair = [1, 1];

/** For products that are no convolution, which do not read it. */
export const NO_WINDOW = windowParams({
  in: ONE,
  out: ONE,
  kernel: ONE,
  stride: ONE,
  padding: [0, 0],
  dilation: ONE,
  inputDilation: ONE,
});

export const convWindow = ({ inputs, shape, attrs }: NodeOf<"conv2d">): Params =>
  windowParams({
    ...attrs,
    in: inputs[0]!.shape.slice(1, 3) as [number, number],
    out: shape.slice(1, 3) as [number, number],
    kernel: inputs[1]!.shape.slice(2) as [number, number],
    padding: [attrs.padding[0][0], attrs.padding[1][0]],
  });

/** Of a maximum pooling or its transpose, whose first input is the picture. */
export const poolWindow = ({ inputs, attrs }: NodeOf<"maxPick"> | NodeOf<"maxPut">): Params =>
  windowParams({ ...attrs, in: inputs[0]!.shape.slice(1, 3) as [number, number], inputDilation: ONE });
