/**
 * @file The interpreter, and the builder's ops under it, against torch.nn.functional in float64
 * (tools/make_op_reference.py).
 */

import { describe, expect, test } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { grad } from "../../src/graph/grad.js";
import {
  adaptiveAverageMap,
  averageMap,
  bicubicAntialiasMap,
  bilinearMap,
  pooledSize,
  type SparseMap,
} from "../../src/graph/sparse-map.js";
import type { Node, Pair } from "../../src/graph/types.js";
import { relativeError } from "./compare.js";
import { erf } from "./erf.js";
import { readTensors } from "./golden.js";
import { evaluate } from "./index.js";
import type { Tensor } from "./weights.js";

/** PyTorch's names. */
interface Args {
  readonly stride: Pair & number;
  readonly padding: Pair & number;
  readonly dilation: Pair & number;
  readonly groups: number;
  readonly kernel_size: number;
  readonly ceil_mode: boolean;
  readonly count_include_pad: boolean;
  readonly output_size: Pair;
  readonly size: Pair;
  readonly mode: "bilinear" | "bicubic";
  readonly align_corners: boolean;
  readonly eps: number;
  readonly scale: number;
  readonly dim: number;
  readonly smaller: boolean;
}

interface Case {
  readonly name: string;
  readonly function: string;
  readonly args: Args;
}

type Build = (b: Builder, args: Args, ...inputs: Node[]) => Node;

/** Works on channels last between two transposes. */
const onPictures =
  (build: Build): Build =>
  (b, args, x, ...rest) =>
    b.transpose(build(b, args, b.transpose(x, [0, 2, 3, 1]), ...rest), [0, 3, 1, 2]);

const resampleBoth = (b: Builder, x: Node, map: (axis: 0 | 1, size: number) => SparseMap): Node =>
  b.resample(b.resample(x, 1, map(0, x.shape[1]!)), 2, map(1, x.shape[2]!));

const twice = (n: number): Pair => [n, n];

const both = (low: Pair, high: Pair = low): readonly [Pair, Pair] => [
  [low[0], high[0]],
  [low[1], high[1]],
];

function interpolationMap(args: Args, size: number, out: number): SparseMap {
  return args.mode === "bicubic"
    ? bicubicAntialiasMap(size, out)
    : bilinearMap(size, out, args.align_corners);
}

const maxPool: Build = (b, { kernel_size: kernel, stride, padding, dilation, ceil_mode: ceil }, x) => {
  const size = (axis: number): number =>
    pooledSize(x.shape[axis]!, { kernel, stride, padding, dilation, ceil });
  const window = { kernel: twice(kernel), stride: twice(stride), padding: twice(padding) };
  return b.maxPick(x, x, { ...window, dilation: twice(dilation), out: [size(1), size(2)] });
};

/** The gradient of the sum of a value. */
const gradientOfSum = (b: Builder, value: Node, x: Node): Node =>
  grad(b, value, b.broadcast(b.constant(1), value.shape), [x])[0]!;

const FUNCTIONS: Readonly<Record<string, Build>> = {
  conv2d: onPictures((b, { stride, padding, dilation, groups }, x, w) =>
    b.conv2d(x, w, { stride, padding: both(padding), dilation, groups }),
  ),
  conv_transpose2d: onPictures((b, { stride, padding, dilation }, x, w) => {
    const full = ([0, 1] as const).map((i) => dilation[i] * (w.shape[2 + i]! - 1) - padding[i]);
    const flipped = b.flip(b.flip(b.transpose(w, [1, 0, 2, 3]), 2), 3);
    return b.conv2d(x, flipped, { inputDilation: stride, padding: both([full[0]!, full[1]!]), dilation });
  }),
  max_pool2d: onPictures(maxPool),
  avg_pool2d: onPictures((b, { kernel_size: kernel, stride, padding, ceil_mode, count_include_pad }, x) => {
    const window = { kernel, stride, padding, ceil: ceil_mode, countIncludePad: count_include_pad };
    return resampleBoth(b, x, (_, size) => averageMap(size, window));
  }),
  adaptive_avg_pool2d: onPictures((b, args, x) =>
    resampleBoth(b, x, (axis, size) => adaptiveAverageMap(size, args.output_size[axis])),
  ),
  interpolate: onPictures((b, args, x) =>
    resampleBoth(b, x, (axis, size) => interpolationMap(args, size, args.size[axis])),
  ),
  softmax: (b, _, x) => b.softmax(x),
  layer_norm: (b, { eps }, x) => b.normalize(x, eps),
  gelu: (b, _, x) => b.gelu(x),
  erf: (b, { scale }, x) => b.erf(b.mul(x, scale)),
  attention: (b, { scale }, q, k, v, bias) => b.attention(q, k, v, bias, scale),
  amax_gradient: (b, { dim }, x) => gradientOfSum(b, b.amax(x, [dim]), x),
  max_pool_gradient: onPictures((b, args, x, direction) => {
    const seed = b.transpose(direction, [0, 2, 3, 1]);
    return grad(b, maxPool(b, args, x), seed, [x])[0]!;
  }),
  maximum_gradient: (b, { smaller }, x, y) => gradientOfSum(b, smaller ? b.min(x, y) : b.max(x, y), x),
};

/** What the Python functions do to their inputs so that there are ties. */
function withTies(name: string, inputs: readonly Float64Array[]): void {
  const [x, y] = inputs;
  if (name === "max_pool_gradient") x!.forEach((value, i) => (x![i] = Math.round(value)));
  if (name === "amax_gradient") x!.forEach((value, i) => (x![i] = Math.round(value * 10) / 10));
  if (name === "maximum_gradient") y!.set(x!.subarray(0, 5));
}

/** Sparse maps hold their weights in f32. */
const MAPPED = new Set(["avg_pool2d", "adaptive_avg_pool2d", "interpolate"]);

const { metadata, tensors } = readTensors(new URL("../data/ops.safetensors", import.meta.url));
const cases = JSON.parse(metadata.cases!) as Case[];

describe("as torch.nn.functional", () => {
  test.each(cases)("$name $args is torch.nn.functional's", ({ name, function: f, args }) => {
    const given: Tensor<Float64Array>[] = [];
    for (let i = 0; tensors.has(`${name}.${i}`); i++) {
      given.push(tensors.get(`${name}.${i}`) as Tensor<Float64Array>);
    }
    const inputs = given.map((x) => x.data.slice());
    withTies(f, inputs);
    const b = new Builder(given[0]!.shape[0]);
    const y = FUNCTIONS[f]!(b, args, ...given.map((x, i) => b.input(`x${i}`, x.shape)));
    const expected = tensors.get(`${name}.out`)!;
    expect(y.shape).toEqual(expected.shape);
    const [value] = evaluate([y], { inputs: new Map(inputs.map((x, i) => [`x${i}`, x])) });
    expect(relativeError(value!.data, expected.data)).toBeLessThan(MAPPED.has(f) ? 2e-7 : 1e-13);
  });

  test("every function of the reference has a case", () => {
    expect(new Set(cases.map((c) => c.function))).toEqual(new Set(Object.keys(FUNCTIONS)));
  });
});

test.each([
  // math.erf of CPython 3.11, which is the C library's; 2.5 is where ours changes its formula
  [0, 0.0],
  [1e-8, 1.1283791670955126e-8],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [2.499999, 0.9995930458042653],
  [2.500001, 0.9995930501608338],
  [-3, -0.9999779095030014],
  [5.9, 0.9999999999999999],
  [7, 1.0],
])("erf(%f) is right to 1e-15", (x, expected) => {
  expect(Math.abs(erf(x) - expected)).toBeLessThanOrEqual(1e-15 * Math.max(Math.abs(expected), 1e-12));
});
