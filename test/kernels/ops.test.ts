/** @file Every op's kernel against the f64 interpreter on ragged shapes, strided operands and broadcasts. */

import { afterAll, beforeAll, describe, it } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import {
  adaptiveAverageMap,
  averageMap,
  bilinearMap,
  pooledSize,
  transposed,
} from "../../src/graph/sparse-map.js";
import { isPointwise, POINTWISE } from "../../src/graph/pointwise.js";
import type { ConvAttrs, Node, OpName } from "../../src/graph/types.js";
import type { Device } from "../../src/runtime/device.js";
import { expectClose, openTestDevice, runBoth } from "./harness.js";

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => {
  device.dispose();
  device.gpu.dispose();
});

type Case = (b: Builder) => Node | Node[];

const x = (b: Builder, ...shape: number[]): Node => b.input(`x${b.inputs.size}`, shape);
/** Values away from zero, where functions are smooth and defined. */
const positive = (b: Builder, n: Node): Node => b.add(b.abs(n), 0.1);

/** A convolution whose every channel is its own group. */
const depthwise = (
  b: Builder,
  value: Node,
  kernel: readonly number[],
  attrs: Partial<ConvAttrs> = {},
): Node => {
  const channels = value.shape.at(-1)!;
  return b.conv2d(value, b.param("depthwise", [channels, 1, ...kernel]), { ...attrs, groups: channels });
};

const WINDOW = { kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 2] } as const;
const window = (h: number, w: number) => ({
  ...WINDOW,
  out: [
    pooledSize(h, { kernel: 3, stride: 2, padding: 1, ceil: true }),
    pooledSize(w, { kernel: 2, stride: 1, padding: 0, dilation: 2 }),
  ] as const,
});

function pointwiseCase(op: OpName): Case {
  return (b) => {
    if (!isPointwise(op)) throw new Error(op);
    const { arity } = POINTWISE[op];
    const raw = Array.from({ length: arity }, (_, i) => x(b, i === 1 ? 1 : 3, 5, i === 2 ? 1 : 7));
    const safe = ["log", "sqrt", "rsqrt"].includes(op) ? [positive(b, raw[0]!)] : raw;
    if (op === "div") safe[1] = positive(b, safe[1]!);
    return b.make(op, safe, {});
  };
}

/** At least one case for each op; more where an op has more than one path through the kernels. */
const CASES: { readonly [K in OpName]: readonly Case[] } = {
  input: [(b) => b.slice(x(b, 3, 4, 5), 1, 1, 3)],
  param: [(b) => b.add(b.param("w", [3, 5]), x(b, 3, 5))],
  constant: [(b) => b.add(b.constant(Float32Array.from([1, 2, 3, 4, 5]), [5]), x(b, 3, 5))],
  ...(Object.fromEntries(
    Object.keys(POINTWISE).map((op) => [op, [pointwiseCase(op as OpName)]]),
  ) as unknown as Record<keyof typeof POINTWISE, readonly Case[]>),
  matmul: [
    (b) => b.matmul(x(b, 7, 9), x(b, 9, 5)),
    (b) => b.matmul(x(b, 3, 11, 6), b.param("w", [10, 6]), { transposeB: true }),
    (b) => b.matmul(x(b, 2, 3, 5, 8), x(b, 2, 3, 7, 8), { transposeB: true }),
    (b) => b.matmul(x(b, 1, 3, 5, 8), x(b, 4, 3, 8, 6)),
    (b) => b.matmul(x(b, 2, 8, 5), x(b, 1, 8, 3), { transposeA: true }),
    (b) => b.matmul(x(b, 2, 3, 2, 4, 5), x(b, 2, 1, 2, 5, 3)),
    (b) => b.matmul(x(b, 2, 5, 3), x(b, 2, 3, 1)),
    (b) => b.matmul(x(b, 2, 5, 1), x(b, 2, 4, 1), { transposeB: true }),
    (b) => b.matmul(x(b, 5, 7), x(b, 7, 1)),
    (b) => b.matmul(x(b, 2, 1, 7), x(b, 2, 1, 7), { transposeB: true }),
    (b) => b.relu(b.add(b.matmul(x(b, 33, 40), b.param("w", [40, 70])), b.param("bias", [70]))),
    (b) =>
      b.gelu(
        b.add(b.add(b.matmul(x(b, 2, 9, 12), b.param("w", [12, 20])), b.param("v", [20])), x(b, 1, 9, 20)),
      ),
    // Heads: a strided view of one buffer.
    (b) => {
      const qkv = b.transpose(b.reshape(x(b, 2, 5, 3 * 2 * 8), [2, 5, 3, 2, 8]), [2, 0, 3, 1, 4]);
      const part = (i: number): Node => b.reshape(b.slice(qkv, 0, i, i + 1), [2, 2, 5, 8]);
      return b.matmul(b.softmax(b.matmul(part(0), part(1), { transposeB: true })), part(2));
    },
  ],
  conv2d: [
    (b) =>
      b.conv2d(x(b, 2, 7, 6, 5), b.param("w", [6, 5, 3, 3]), {
        padding: [
          [1, 1],
          [1, 1],
        ],
      }),
    (b) =>
      b.conv2d(x(b, 1, 9, 8, 3), b.param("w", [8, 3, 7, 7]), {
        padding: [
          [3, 3],
          [3, 3],
        ],
        stride: [2, 2],
      }),
    (b) => b.conv2d(x(b, 2, 5, 6, 12), b.param("w", [40, 12, 1, 1])),
    (b) => b.conv2d(x(b, 2, 5, 6, 12), b.param("w", [7, 12, 1, 1]), { stride: [2, 2] }),
    (b) =>
      b.conv2d(x(b, 1, 9, 9, 4), b.param("w", [5, 4, 3, 2]), {
        dilation: [2, 3],
        padding: [
          [2, 1],
          [0, 3],
        ],
      }),
    (b) =>
      b.conv2d(x(b, 1, 4, 5, 4), b.param("w", [6, 4, 3, 3]), {
        inputDilation: [2, 3],
        padding: [
          [2, 1],
          [1, 2],
        ],
      }),
    (b) =>
      b.conv2d(x(b, 1, 8, 8, 4), b.param("w", [6, 4, 3, 3]), {
        padding: [
          [-1, 1],
          [1, -2],
        ],
      }),
    (b) =>
      b.conv2d(x(b, 2, 6, 6, 8), b.param("w", [8, 1, 3, 3]), {
        groups: 8,
        padding: [
          [1, 1],
          [1, 1],
        ],
        stride: [2, 1],
      }),
    (b) =>
      b.conv2d(x(b, 2, 6, 6, 6), b.param("w", [9, 2, 3, 3]), {
        groups: 3,
        padding: [
          [1, 1],
          [1, 1],
        ],
      }),
    // Every channel its own group: lines that leave a rest, uneven and negative padding, both strides, wide kernels.
    (b) =>
      depthwise(b, x(b, 2, 7, 9, 12), [5, 5], {
        padding: [
          [2, 2],
          [2, 2],
        ],
      }),
    (b) =>
      depthwise(b, x(b, 1, 9, 10, 4), [3, 3], {
        stride: [2, 2],
        padding: [
          [0, 1],
          [1, 0],
        ],
      }),
    (b) =>
      depthwise(b, x(b, 2, 6, 5, 8), [1, 7], {
        padding: [
          [-1, -2],
          [5, 6],
        ],
      }),
    (b) =>
      depthwise(b, x(b, 1, 6, 9, 4), [2, 8], {
        padding: [
          [1, 1],
          [4, 4],
        ],
      }),
    (b) => depthwise(b, x(b, 1, 6, 9, 4), [3, 3], { dilation: [1, 2] }),
    (b) => depthwise(b, x(b, 1, 6, 9, 4), [3, 2], { stride: [1, 3] }),
    (b) =>
      depthwise(b, x(b, 2, 3, 4, 4), [3, 3], {
        inputDilation: [2, 3],
        padding: [
          [1, 2],
          [2, 1],
        ],
      }),
    // What follows rides on its store: a bias, an activation, a residual, a value of one picture for both.
    (b) => {
      const y = depthwise(b, b.exp(x(b, 2, 5, 6, 8)), [3, 3], {
        padding: [
          [1, 1],
          [1, 1],
        ],
      });
      const out = b.add(b.relu(b.add(y, b.param("bias", [8]))), x(b, 2, 5, 6, 8));
      return b.concat([x(b, 2, 5, 6, 4), b.mul(out, b.sigmoid(b.input("one", [1, 5, 6, 8])))], -1);
    },
    (b) => b.conv2d(x(b, 1, 5, 5, 5), x(b, 4, 5, 3, 3)),
    // A 1x1 convolution changes places with pooling, in both directions.
    (b) => {
      const halves = (v: Node, axis: number): Node =>
        b.resample(v, axis, averageMap(6, { kernel: 2, stride: 2, padding: 0 }));
      const y = halves(halves(b.conv2d(b.relu(x(b, 2, 6, 6, 8)), b.param("w", [12, 8, 1, 1])), 1), 2);
      const spread = b.resample(
        b.resample(y, 1, transposed(averageMap(6, { kernel: 2, stride: 2, padding: 0 }))),
        2,
        bilinearMap(3, 5),
      );
      return b.relu(b.conv2d(spread, b.param("v", [4, 12, 1, 1])));
    },
    // A batch norm folds, ReLU and a residual ride on the store.
    (b) => {
      const y = b.conv2d(x(b, 2, 7, 7, 8), b.param("w", [12, 8, 3, 3]), {
        padding: [
          [1, 1],
          [1, 1],
        ],
      });
      const normed = b.add(b.mul(y, b.param("scale", [12])), b.param("shift", [12]));
      return b.relu(b.add(normed, x(b, 2, 7, 7, 12)));
    },
  ],
  maxPick: [
    (b) => {
      const a = x(b, 2, 7, 6, 5);
      return b.maxPick(a, a, window(7, 6));
    },
    (b) => b.maxPick(x(b, 1, 7, 6, 8), x(b, 3, 7, 6, 8), window(7, 6)),
  ],
  maxPut: [(b) => b.maxPut(x(b, 1, 7, 6, 5), x(b, 2, ...window(7, 6).out, 5), window(7, 6))],
  resample: [
    (b) => b.resample(x(b, 2, 7, 6, 8), 1, averageMap(7, { kernel: 2, stride: 2, padding: 0 })),
    (b) => b.resample(x(b, 2, 7, 6, 5), 2, adaptiveAverageMap(6, 4)),
    (b) => b.resample(b.resample(x(b, 2, 3, 5), 1, bilinearMap(3, 11)), 2, bilinearMap(5, 9, true)),
    (b) => b.flip(x(b, 3, 4, 5), 1),
    (b) => b.flip(b.neg(x(b, 3, 4, 8)), 2),
    (b) => b.softmax(b.flip(b.neg(x(b, 3, 4, 8)), 1)),
    (b) => b.matmul(b.flip(b.neg(x(b, 6, 8)), 0), b.flip(b.param("w", [8, 5]), 1)),
    (b) => b.sum(b.flip(b.neg(x(b, 6, 8)), 0), [0]),
    (b) => b.gather(x(b, 3, 4, 5), 2, [4, 0, 0, 2]),
  ],
  reduceSum: [
    (b) => b.sum(x(b, 2, 5, 6, 8), [1, 2]),
    (b) => b.sum(x(b, 2, 5, 6, 7), [1, 2]),
    (b) => b.sum(x(b, 9, 12), [1]),
    (b) => b.sum(x(b, 9, 11), [-1]),
    (b) => b.sum(x(b, 3, 40, 50), [1, 2]),
    (b) => b.sum(x(b, 2, 3, 4, 5), [0, 2]),
    (b) => b.sum(x(b, 700, 3), [0]),
  ],
  reduceMax: [
    (b) => b.amax(x(b, 2, 5, 6, 8), [1, 2]),
    (b) => b.amax(x(b, 3, 33, 44), [1, 2]),
    (b) => b.amin(x(b, 4, 6), [0]),
  ],
  softmax: [(b) => b.softmax(x(b, 6, 7)), (b) => b.softmax(b.mul(x(b, 3, 4, 200), 30))],
  normalize: [(b) => b.normalize(x(b, 6, 7), 1e-5), (b) => b.normalize(b.add(x(b, 2, 3, 96), 5), 1e-6)],
  attention: [
    (b) => b.attention(x(b, 2, 3, 7, 4), x(b, 2, 3, 9, 4), x(b, 2, 3, 9, 5), undefined, 0.5),
    (b) => b.attention(x(b, 4, 3, 6, 8), x(b, 4, 3, 6, 8), x(b, 4, 3, 6, 8), x(b, 1, 3, 6, 6), 0.3),
  ],
  reshape: [
    (b) => b.neg(b.reshape(x(b, 2, 3, 5), [5, 6])),
    (b) => b.reshape(b.neg(x(b, 2, 12, 8)), [2, 3, 4, 8]),
    (b) => b.reshape(b.neg(x(b, 4, 3)), [12]),
  ],
  transpose: [
    (b) => b.neg(b.transpose(x(b, 2, 3, 4, 5), [3, 1, 0, 2])),
    (b) => b.transpose(x(b, 8, 12), [1, 0]),
  ],
  slice: [(b) => b.neg(b.slice(x(b, 3, 6, 8), 2, 4)), (b) => b.slice(b.neg(x(b, 3, 6, 7)), 1, 2, 5)],
  pad: [
    (b) => b.pad(x(b, 3, 5, 4), 1, 2, 1),
    (b) => b.pad(x(b, 3, 5), 1, 0, 3),
    (b) => b.pad(x(b, 2, 4, 3), 0, 1, 1),
  ],
  concat: [
    (b) => b.concat([b.neg(x(b, 2, 3, 4)), b.exp(x(b, 2, 3, 8)), b.abs(x(b, 2, 3, 5))], 2),
    (b) => b.concat([b.neg(x(b, 2, 1, 6)), b.exp(x(b, 2, 4, 6))], 1),
    (b) => {
      const a = b.neg(x(b, 2, 3, 4));
      return b.concat([a, a, x(b, 2, 3, 4)], 2);
    },
    // As in a dense block: each layer reads the prefix and its output goes behind it.
    (b) => {
      let features = b.relu(x(b, 1, 5, 5, 8));
      for (let i = 0; i < 3; i++) {
        const y = b.conv2d(
          b.relu(b.mul(features, b.param(`s${i}`, [8 + 4 * i]))),
          b.param(`w${i}`, [4, 8 + 4 * i, 3, 3]),
          {
            padding: [
              [1, 1],
              [1, 1],
            ],
          },
        );
        features = b.concat([features, y], 3);
      }
      return [b.sum(features, [1, 2]), b.slice(features, 3, 4, 16)];
    },
  ],
  broadcast: [(b) => b.broadcast(x(b, 3, 1, 5), [3, 4, 5]), (b) => b.neg(b.broadcast(x(b, 5), [2, 3, 5]))],
};

describe.each(Object.keys(CASES) as OpName[])("%s", (op) => {
  it.each(CASES[op].map((make, i) => ({ i, make })))(
    "case $i on the adapter has the interpreter's values",
    async ({ make }) => {
      const b = new Builder(2);
      const made = make(b);
      const outputs = Array.isArray(made) ? made : [made];
      for (const compared of await runBoth(device, b, outputs, 7)) expectClose(compared, 2e-6 * 5, op);
    },
  );
});
