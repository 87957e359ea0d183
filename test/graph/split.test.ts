/** @file The part after a layer, and batches in which every picture lacks one channel, against runs of the whole graph. */

import { describe, expect, test } from "vitest";
import { Builder, SYMBOLIC_BATCH } from "../../src/graph/builder.js";
import { instantiate } from "../../src/graph/instantiate.js";
import { ChannelVariants } from "../../src/graph/channel-variants.js";
import { instantiateAfter, split, type Split } from "../../src/graph/split.js";
import type { Node } from "../../src/graph/types.js";
import {
  adaptiveAveragePool,
  avgPool2d,
  batchNorm,
  conv2d,
  flatten,
  gelu,
  layerNorm,
  linear,
  maxPool2d,
  relu,
} from "../../src/models/layers.js";
import { relativeError } from "../reference/compare.js";
import { evaluate, type Values } from "../reference/index.js";
import { seeded } from "../reference/random.js";

interface Net {
  readonly b: Builder;
  readonly taps: Readonly<Record<string, Node>>;
  readonly out: Node;
}

const picture = (b: Builder, channels: number): Node => b.input("picture", [b.batch, 6, 5, channels]);

const pooled = (b: Builder, x: Node): Node =>
  linear(b, "head", flatten(b, adaptiveAveragePool(b, x, [1, 1])), 3);

/** The end of a DenseNet: concat, norm, ReLU, pooling, Linear. */
function dense(): Net {
  const b = new Builder();
  const stem = conv2d(b, "stem", picture(b, 2), { out: 5, kernel: 3, padding: 1 });
  const norm1 = batchNorm(b, "norm1", stem);
  const conv1 = conv2d(b, "conv1", relu(b, "relu1", norm1), { out: 6, kernel: 1, bias: false });
  const conv2 = conv2d(b, "conv2", relu(b, "relu2", conv1), { out: 4, kernel: 3, padding: 1 });
  const norm5 = batchNorm(b, "norm5", b.concat([stem, conv2], -1));
  return { b, taps: { stem, norm1, conv1, conv2, norm5 }, out: pooled(b, b.relu(norm5)) };
}

/** Residuals, depthwise and strided convolutions, poolings. */
function residual(): Net {
  const b = new Builder();
  const stem = maxPool2d(b, "pool", conv2d(b, "stem", picture(b, 3), { out: 4, kernel: 1 }), {
    kernel: 3,
    stride: 2,
    padding: 1,
  });
  const depthwise = conv2d(b, "depthwise", stem, { out: 4, kernel: 3, padding: 1, groups: 4 });
  const last = b.relu(b.add(batchNorm(b, "bn", depthwise), stem));
  const grouped = conv2d(b, "grouped", last, { out: 4, kernel: 1, groups: 2 });
  return {
    b,
    taps: { stem, depthwise, last, grouped },
    out: pooled(b, avgPool2d(b, "avg", b.mul(last, b.sigmoid(grouped)), { kernel: 2, stride: 1 })),
  };
}

/** A transformer's block over a class token and patches; the class token is read out. */
function transformer(): Net {
  const b = new Builder();
  const patches = b.reshape(conv2d(b, "embed", picture(b, 3), { out: 4, kernel: 1 }), [b.batch, 30, 4]);
  const x = b.concat([b.perPicture(b.param("cls", [1, 1, 4])), patches], 1);
  const norm1 = layerNorm(b, "norm1", x, 1e-6);
  const qkv = b.transpose(b.reshape(linear(b, "qkv", norm1, 12), [b.batch, 31, 3, 2, 2]), [0, 2, 3, 1, 4]);
  const part = (i: number): Node => b.reshape(b.slice(qkv, 1, i, i + 1), [b.batch, 2, 31, 2]);
  const heads = b.attention(part(0), part(1), part(2), undefined, 0.7);
  const y = b.add(x, linear(b, "proj", b.reshape(b.transpose(heads, [0, 2, 1, 3]), [b.batch, 31, 4]), 4));
  const fc1 = linear(b, "fc1", layerNorm(b, "norm2", y, 1e-6), 7);
  const z = b.add(y, linear(b, "fc2", gelu(b, "act", fc1), 4));
  const cls = b.reshape(b.slice(layerNorm(b, "norm", z, 1e-6), 1, 0, 1), [b.batch, 4]);
  return { b, taps: { patches, norm1, y, fc1, z }, out: linear(b, "head", cls, 3) };
}

/** A Linear on the flattened map, channel by channel, as VGG has it; and the map twice in one concat. */
function flattened(): Net {
  const b = new Builder();
  const map = conv2d(b, "conv", picture(b, 2), { out: 3, kernel: 1 });
  const twice = b.concat([map, b.relu(map)], -1);
  return { b, taps: { map, twice }, out: linear(b, "head", flatten(b, b.transpose(twice, [0, 3, 1, 2])), 3) };
}

const NETS = { dense, residual, transformer, flattened };

function valuesFor(b: Builder): Values {
  const random = seeded(4);
  const filled = (node: Node): Float64Array =>
    random.array(
      node.shape.reduce((n, d) => n * (d === SYMBOLIC_BATCH ? 1 : d), 1),
      0.1,
      1,
    );
  return {
    inputs: new Map([...b.inputs].map(([name, node]) => [name, filled(node).map((x) => x - 0.5)])),
    params: new Map(
      [...b.params].map(([key, node]) => [
        key,
        filled(node).map((x) => (key.endsWith("running_var") ? x : x - 0.4)),
      ]),
    ),
  };
}

/** Runs the part before; what the part after needs as inputs. */
function before(meeting: readonly Node[], values: Values): Map<string, Float64Array> {
  const whole = instantiate(meeting, { batch: 1 });
  const found = evaluate(meeting.map(whole.copyOf), values);
  return new Map(meeting.map((node, i) => [`at${node.id}`, found[i]!.data]));
}

const inputFor = (node: Node, b: Builder): Node => b.input(`at${node.id}`, [1, ...node.shape.slice(1)]);

/** The honest way: the whole graph with one channel of the tap zero, once for each channel. */
function oneByOne({ out }: Net, tap: Node, values: Values): Float64Array {
  const channels = tap.shape.at(-1)!;
  const rows = Array.from({ length: channels }, (_, c) => {
    const keep = Float32Array.from({ length: channels }, (_k, i) => (i === c ? 0 : 1));
    const masked = instantiate([out], {
      batch: 1,
      rewrite: (node, inputs, b) =>
        node === tap
          ? b.mul(b.make(node.op, inputs, node.attrs) as Node, b.constant(keep, [channels]))
          : undefined,
    });
    return [...evaluate([masked.copyOf(out)], values)[0]!.data];
  });
  return Float64Array.from(rows.flat());
}

function ablated(parts: Split, tap: Node, batch: number): { out: Node; ops: string[] } {
  const channels = tap.shape.at(-1)!;
  let pictures: ChannelVariants | undefined;
  const start = (b: Builder): ChannelVariants =>
    (pictures ??= new ChannelVariants(b, channels, b.input("picks", [batch, channels])));
  const after = instantiateAfter(parts, {
    batch,
    valueOf(node, b) {
      const value = inputFor(node, b);
      return node === tap ? start(b).begin(value, b.broadcast(b.constant(0), value.shape)) : value;
    },
    rewrite: (node, inputs) => pictures?.rewrite(node, inputs),
  });
  const out = pictures!.spelledOut(after.copyOf(parts.outputs[0]!));
  return { out, ops: after.graph.nodes.filter((n) => n.shape[0] === batch).map((n) => n.op) };
}

const cases = Object.entries(NETS).flatMap(([name, make]) =>
  Object.keys(make().taps).map((tap) => ({ name, tap, net: make() })),
);

describe.each(cases)("$name after $tap", ({ tap: tapName, net }) => {
  const tap = net.taps[tapName]!;
  const values = valuesFor(net.b);
  const parts = split([net.out], [tap]);
  const inputs = before(parts.meeting, values);
  const params = values.params ?? new Map<string, Float64Array>();

  test("the part after the layer gives the whole's values, and does not read the picture", () => {
    const after = instantiateAfter(parts, { batch: 1, valueOf: inputFor });
    const [whole] = evaluate([instantiate([net.out], { batch: 1 }).copyOf(net.out)], values);
    const [got] = evaluate([after.copyOf(net.out)], { inputs, params });
    expect(relativeError(got!.data, whole!.data)).toBeLessThan(1e-14);
    expect(parts.meeting).toContain(tap);
    expect(after.graph.inputs.has("picture")).toBe(false);
  });

  test("the part after the layer lets pictures differ at the tap while what crosses stays batch 1", () => {
    const scales = [1, 0.5, -1];
    const size = inputs.get(`at${tap.id}`)!.length;
    const stacked = Float64Array.from(
      { length: 3 * size },
      (_, i) => scales[Math.floor(i / size)]! * inputs.get(`at${tap.id}`)![i % size]!,
    );
    const after = instantiateAfter(parts, {
      batch: 3,
      valueOf: (node, b) => (node === tap ? b.input("tap", [3, ...tap.shape.slice(1)]) : inputFor(node, b)),
    });
    const together = { inputs: new Map([...inputs, ["tap", stacked] as const]), params };
    const [got] = evaluate([after.copyOf(net.out)], together);
    const alone = scales.flatMap((scale) => {
      const scaled = instantiate([net.out], {
        batch: 1,
        rewrite: (node, xs, b) =>
          node === tap ? b.mul(b.make(node.op, xs, node.attrs) as Node, scale) : undefined,
      });
      return [...evaluate([scaled.copyOf(net.out)], values)[0]!.data];
    });
    expect(relativeError(got!.data, Float64Array.from(alone))).toBeLessThan(1e-13);
  });

  test("the part after the layer is right without each channel in turn, all at once and a few at a time", () => {
    const want = oneByOne(net, tap, values);
    const channels = tap.shape.at(-1)!;
    for (const batch of [channels, 2, 1]) {
      const { out } = ablated(parts, tap, batch);
      const rows = Array.from({ length: Math.ceil(channels / batch) }, (_, chunk) => {
        const picks = new Float64Array(batch * channels);
        for (let i = 0; i < batch; i++) {
          const c = chunk * batch + i;
          if (c < channels) picks[i * channels + c] = 1;
        }
        const [got] = evaluate([out], { inputs: new Map([...inputs, ["picks", picks] as const]), params });
        return [...got!.data];
      });
      const got = Float64Array.from(rows.flat().slice(0, want.length));
      expect(relativeError(got, want), `batch ${batch}`).toBeLessThan(1e-12);
    }
  });
});

describe("cost of a batch without one channel each", () => {
  const opsAfter = (net: Net, tap: string): string[] => {
    const parts = split([net.out], [net.taps[tap]!]);
    return ablated(parts, net.taps[tap]!, net.taps[tap]!.shape.at(-1)!).ops;
  };

  test("nothing but the head's outputs has the batch where the rest keeps channels apart", () => {
    for (const tap of ["conv2", "norm5"]) {
      const ops = opsAfter(dense(), tap);
      expect(ops).not.toContain("relu");
      expect(ops).not.toContain("reduceSum");
      expect(ops).not.toContain("matmul");
    }
    expect(opsAfter(residual(), "last")).toContain("conv2d"); // grouped: two channels are mixed
  });

  test("a Linear on tokens is an outer product", () => {
    expect(opsAfter(transformer(), "norm1").filter((op) => op === "matmul")).toHaveLength(4); // proj, fc1, fc2, head
    expect(opsAfter(transformer(), "norm1")).toContain("attention");
  });
});

test("an output that depends on no tap crosses as it is", () => {
  const { b, taps, out } = dense();
  const other = b.mul(taps["stem"]!, 2);
  const parts = split([out, other], [taps["norm5"]!]);
  expect(parts.meeting).toEqual([taps["norm5"], other]);
});
