/**
 * @file Small graphs around each op, for the gradient tests. A new op without cases does not compile. Shapes are ragged
 * so that swapped sizes show; `B` in front of a shape is the batch, other shapes are parameters.
 */

import { SYMBOLIC_BATCH, type Builder } from "../../src/graph/builder.js";
import type { Shape } from "../../src/graph/shape.js";
import { adaptiveAverageMap, averageMap, bilinearMap } from "../../src/graph/sparse-map.js";
import type { ConvAttrs, Node, OpName } from "../../src/graph/types.js";

export const B = SYMBOLIC_BATCH;

export interface VjpCase {
  readonly name: string;
  /** The leaves: inputs where the first axis is `B`, else parameters. */
  readonly shapes: readonly Shape[];
  readonly build: (b: Builder, ...leaves: Node[]) => Node;
  /** Range of the leaves' values, default -1..1; all values differ, so that no case sits on a kink. */
  readonly range?: readonly [number, number];
  /** Computes on an axis where pictures lie beside other things, which rules out several gradients of one picture. */
  readonly mixesPictures?: true;
}

const X: Shape = [B, 3, 5];

const unary = (op: (b: Builder) => (x: Node) => Node, range?: readonly [number, number]): VjpCase[] => [
  { name: "ragged", shapes: [X], build: (b, x) => op(b)(x), ...(range && { range }) },
];

type Binary = (b: Builder) => (x: Node, z: Node) => Node;
const binary = (op: Binary, range?: readonly [number, number]): VjpCase[] => {
  const all: [string, Shape, Shape][] = [
    ["same shapes", X, X],
    ["a row, as a weight", X, [5]],
    ["a column", X, [B, 3, 1]],
    ["both broadcast", [B, 1, 4], [3, 1]],
    ["a scalar first", [], X],
  ];
  return all.map(([name, x, z]) => ({
    name,
    shapes: [x, z],
    build: (b: Builder, p?: Node, q?: Node) => op(b)(p!, q!),
    ...(range && { range }),
  }));
};

const matmul = (name: string, a: Shape, c: Shape, transposeA = false, transposeB = false): VjpCase => ({
  name,
  shapes: [a, c],
  build: (b, x, z) => b.matmul(x, z, { transposeA, transposeB }),
});

const conv = (name: string, x: Shape, w: Shape, attrs: Partial<ConvAttrs>): VjpCase => ({
  name,
  shapes: [[B, ...x], w],
  build: (b, p, q) => b.conv2d(p, q, attrs),
});

const attention = (name: string, shapes: Shape[]): VjpCase => ({
  name,
  shapes,
  build: (b, q, k, v, bias) => b.attention(q, k, v, bias, 0.6),
});

/** torch.nn.MaxPool2d(3, 2, padding=1) of 5x4, (2, 3) with ceil mode of 5x5, and dilated. */
const windows = {
  overlapping: {
    size: [5, 4],
    attrs: { kernel: [3, 3], stride: [2, 2], padding: [1, 1], dilation: [1, 1], out: [3, 2] },
  },
  ceil: {
    size: [5, 5],
    attrs: { kernel: [2, 3], stride: [2, 3], padding: [0, 0], dilation: [1, 1], out: [3, 2] },
  },
  dilated: {
    size: [5, 6],
    attrs: { kernel: [2, 2], stride: [1, 2], padding: [0, 1], dilation: [2, 3], out: [3, 3] },
  },
} as const;
const eachWindow = (make: (name: string, w: (typeof windows)[keyof typeof windows]) => VjpCase): VjpCase[] =>
  Object.entries(windows).map(([name, w]) => make(name, w));

const one = (name: string, shape: Shape, build: (b: Builder, x: Node) => Node): VjpCase => ({
  name,
  shapes: [shape],
  build: (b, x) => build(b, x),
});

const pads = (y0: number, y1: number, x0: number, x1: number): ConvAttrs["padding"] => [
  [y0, y1],
  [x0, x1],
];

export const VJP_CASES: { readonly [K in OpName]: readonly VjpCase[] } = {
  input: [one("itself", X, (_, x) => x)],
  param: [one("itself", [3, 2], (_, x) => x)],
  constant: [
    one("a table", X, (b, x) => b.mul(x, b.constant(Float32Array.of(1, -2, 3, 0.5, 0), [5]))),
    one("a number", X, (b, x) => b.mul(x, 3)),
  ],
  neg: unary((b) => b.neg),
  abs: unary((b) => b.abs),
  sign: unary((b) => b.sign),
  exp: unary((b) => b.exp),
  log: unary((b) => b.log, [0.5, 2]),
  sqrt: unary((b) => b.sqrt, [0.5, 2]),
  rsqrt: unary((b) => b.rsqrt, [0.5, 2]),
  tanh: unary((b) => b.tanh, [-2, 2]),
  sigmoid: unary((b) => b.sigmoid, [-3, 3]),
  erf: [...unary((b) => b.erf, [-2, 2]), one("in GELU", X, (b, x) => b.gelu(x))],
  relu: unary((b) => b.relu),
  step: unary((b) => b.step),
  add: [...binary((b) => b.add), one("to itself", X, (b, x) => b.add(x, x))],
  sub: [...binary((b) => b.sub), one("from a number", X, (b, x) => b.sub(1, x))],
  mul: [...binary((b) => b.mul), one("by itself", X, (b, x) => b.mul(x, x))],
  div: binary((b) => b.div, [0.5, 2]),
  min: binary((b) => b.min),
  max: binary((b) => b.max),
  greater: binary((b) => b.greater),
  equal: binary((b) => b.equal),
  select: [
    { name: "same shapes", shapes: [X, X, X], build: (b, c, x, z) => b.select(c, x, z) },
    { name: "all broadcast", shapes: [[B, 1, 5], [3, 1], []], build: (b, c, x, z) => b.select(c, x, z) },
  ],
  matmul: [
    ...[false, true].flatMap((tA) =>
      [false, true].map((tB) => {
        const name = `${tA ? "a^T" : "a"} ${tB ? "b^T" : "b"}`;
        return matmul(
          `${name} in batches`,
          [B, 2, ...(tA ? [4, 3] : [3, 4])],
          [B, 2, ...(tB ? [5, 4] : [4, 5])],
          tA,
          tB,
        );
      }),
    ),
    ...[false, true].flatMap((tA) =>
      [false, true].flatMap((tB) => {
        const name = `${tA ? "a^T" : "a"} ${tB ? "b^T" : "b"}`;
        const [a, c] = [tA ? [4, 3] : [3, 4], tB ? [5, 4] : [4, 5]];
        return [
          matmul(`${name}, b shared`, [B, ...a], c, tA, tB),
          matmul(`${name}, a shared`, a, [B, ...c], tA, tB),
          matmul(`${name}, both batches broadcast`, [B, 1, ...a], [2, ...c], tA, tB),
        ];
      }),
    ),
    matmul("rows, as a classifier", [B, 4], [3, 4], false, true),
    matmul("square with itself shared", [B, 3, 3], [3, 3]),
  ],
  conv2d: [
    conv("1x1", [3, 2, 4], [5, 4, 1, 1], {}),
    conv("3x3 padded", [4, 5, 2], [3, 2, 3, 3], { padding: pads(1, 1, 1, 1) }),
    conv("stride that leaves pixels over", [6, 7, 2], [3, 2, 3, 2], {
      stride: [2, 3],
      padding: pads(1, 1, 0, 0),
    }),
    conv("patches", [4, 6, 2], [3, 2, 2, 3], { stride: [2, 3] }),
    conv("padding of four sides", [3, 4, 2], [2, 2, 3, 2], { padding: pads(2, 0, 1, 3) }),
    conv("negative padding", [5, 6, 2], [2, 2, 2, 2], { padding: pads(-1, 0, 1, -2) }),
    conv("dilated", [6, 5, 2], [2, 2, 3, 2], { dilation: [2, 3], padding: pads(1, 2, 1, 1), stride: [1, 2] }),
    conv("transposed", [3, 2, 2], [3, 2, 3, 3], { inputDilation: [2, 3], padding: pads(1, 2, 1, 1) }),
    conv("everything", [4, 3, 4], [6, 2, 2, 3], {
      stride: [2, 1],
      padding: pads(1, 2, 3, 0),
      dilation: [2, 1],
      inputDilation: [1, 2],
      groups: 2,
    }),
    conv("groups", [3, 4, 6], [9, 2, 3, 3], { groups: 3, padding: pads(1, 1, 1, 1) }),
    conv("depthwise", [4, 3, 5], [5, 1, 3, 3], { groups: 5, padding: pads(1, 1, 1, 1), stride: [2, 2] }),
    conv("depthwise with two outputs each", [3, 3, 2], [4, 1, 2, 2], { groups: 2 }),
  ],
  maxPick: [
    ...eachWindow((name, { size, attrs }) => ({
      name: `max pooling, ${name}`,
      shapes: [[B, ...size, 2]],
      build: (b, x) => b.maxPick(x, x, attrs),
    })),
    ...eachWindow((name, { size, attrs }) => ({
      name: `of another value, ${name}`,
      shapes: [
        [B, ...size, 2],
        [B, ...size, 2],
      ],
      build: (b, x, v) => b.maxPick(x, v, attrs),
    })),
    ...eachWindow((name, { size, attrs }) => ({
      name: `by one picture, ${name}`,
      shapes: [
        [1, ...size, 2],
        [B, ...size, 2],
      ],
      build: (b, x, v) => b.maxPick(x, v, attrs),
    })),
  ],
  maxPut: [
    ...eachWindow((name, { size, attrs }) => ({
      name,
      shapes: [
        [B, ...size, 2],
        [B, ...attrs.out, 2],
      ],
      build: (b, x, g) => b.maxPut(x, g, attrs),
    })),
    ...eachWindow((name, { size, attrs }) => ({
      name: `by one picture, ${name}`,
      shapes: [
        [1, ...size, 2],
        [B, ...attrs.out, 2],
      ],
      build: (b, x, g) => b.maxPut(x, g, attrs),
    })),
  ],
  resample: [
    one("bilinear", [B, 4, 3, 2], (b, x) => b.resample(x, 1, bilinearMap(4, 7))),
    one("bilinear, corners aligned", [B, 2, 5, 2], (b, x) => b.resample(x, 2, bilinearMap(5, 3, true))),
    one("average pooling", [B, 2, 5, 2], (b, x) =>
      b.resample(x, 2, averageMap(5, { kernel: 3, stride: 2, padding: 1 })),
    ),
    one("adaptive, last axis", [B, 7], (b, x) => b.resample(x, -1, adaptiveAverageMap(7, 3))),
    one("gather with repeats and gaps", [B, 4, 3], (b, x) => b.gather(x, 1, [2, 0, 2, 2, 3])),
    one("flip", [B, 4, 3], (b, x) => b.flip(x, 1)),
  ],
  reduceSum: [
    one("last axis", X, (b, x) => b.sum(x, [-1])),
    one("middle axes", [B, 2, 3, 4], (b, x) => b.sum(x, [1, 2])),
    { ...one("the batch", X, (b, x) => b.sum(x, [0])), mixesPictures: true },
    one("everything, mean", X, (b, x) => b.mean(x, [1, 2])),
  ],
  reduceMax: [
    one("last axis", X, (b, x) => b.amax(x, [-1])),
    one("two axes", [B, 2, 3, 4], (b, x) => b.amax(x, [1, 3])),
    one("minimum", X, (b, x) => b.amin(x, [1])),
  ],
  softmax: [one("rows", X, (b, x) => b.softmax(x)), one("flat", [B, 4], (b, x) => b.softmax(x))],
  normalize: [
    one("rows", X, (b, x) => b.normalize(x, 1e-2)),
    {
      name: "LayerNorm",
      shapes: [[B, 2, 4], [4], [4]],
      build: (b, x, weight, bias) => b.add(b.mul(b.normalize(x, 1e-5), weight), bias),
    },
  ],
  attention: [
    attention("rank 3", [
      [B, 3, 4],
      [B, 5, 4],
      [B, 5, 2],
    ]),
    attention("heads", [
      [B, 2, 3, 4],
      [B, 2, 5, 4],
      [B, 2, 5, 3],
    ]),
    attention("a bias shared by the batch", [
      [B, 2, 3, 4],
      [B, 2, 5, 4],
      [B, 2, 5, 3],
      [2, 3, 5],
    ]),
    attention("a bias for each picture, one row", [
      [B, 2, 3, 4],
      [B, 2, 5, 4],
      [B, 2, 5, 3],
      [B, 1, 1, 5],
    ]),
    attention("keys and values shared by heads", [
      [B, 2, 3, 4],
      [B, 1, 5, 4],
      [B, 1, 5, 3],
    ]),
  ],
  reshape: [
    one("splits an axis", [B, 6], (b, x) => b.reshape(x, [-1, 2, 3])),
    {
      ...one("merges and splits the batch", [B, 4, 3], (b, x) =>
        b.reshape(b.exp(b.reshape(x, [-1, 2, 3])), [x.shape[0]!, -1, 3]),
      ),
      mixesPictures: true,
    },
  ],
  transpose: [
    one("a cycle", [B, 2, 3, 4], (b, x) => b.transpose(x, [0, 2, 3, 1])),
    one("moves the batch and back", [B, 2, 3], (b, x) =>
      b.transpose(b.exp(b.transpose(x, [2, 0, 1])), [1, 2, 0]),
    ),
  ],
  slice: [
    one("middle", [B, 5, 2], (b, x) => b.slice(x, 1, 1, 4)),
    one("from the end", [B, 5], (b, x) => b.slice(x, -1, -2)),
  ],
  pad: [one("one axis", [B, 3, 2], (b, x) => b.pad(x, 1, 2, 1)), one("last", X, (b, x) => b.pad(x, 2, 0, 3))],
  concat: [
    {
      name: "three parts",
      shapes: [
        [B, 2, 3],
        [B, 2, 1],
        [B, 2, 2],
      ],
      build: (b, ...parts) => b.concat(parts, -1),
    },
    one("a part twice", [B, 2, 3], (b, x) => b.concat([x, b.neg(x), x], 1)),
    one("roll", X, (b, x) => b.roll(x, 2, 2)),
  ],
  broadcast: [
    one("a middle axis", [B, 1, 3], (b, x) => b.broadcast(x, [B, 4, 3])),
    one("new axes in front", [3], (b, x) => b.broadcast(x, [2, 4, 3])),
    one("to the batch", [1, 2, 3], (b, x) => b.perPicture(x)),
    one("a scalar to a picture", [], (b, x) => b.broadcast(x, X)),
  ],
};
