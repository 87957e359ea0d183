/** @file Copies of a template: pruned, at another batch, with values replaced; gradients by other rules. */

import { describe, expect, test } from "vitest";
import { Builder, SYMBOLIC_BATCH } from "../../src/graph/builder.js";
import { instantiate, reachable } from "../../src/graph/instantiate.js";
import { grad } from "../../src/graph/grad.js";
import { optimize } from "../../src/graph/rewrite.js";
import type { Node } from "../../src/graph/types.js";
import { batchNorm, conv2d } from "../../src/models/layers.js";
import { relativeError } from "../reference/compare.js";
import { evaluate } from "../reference/index.js";
import { seeded } from "../reference/random.js";

const B = SYMBOLIC_BATCH;

function template(): { b: Builder; x: Node; hidden: Node; out: Node; unused: Node } {
  const b = new Builder();
  const x = b.input("x", [B, 4]);
  const hidden = b.scope("fc", "Linear", () => b.matmul(x, b.param("weight", [3, 4]), { transposeB: true }));
  const unused = b.exp(b.mul(hidden, b.paramByKey("unused", [3])));
  const out = b.scope("act", "Tanh", () => b.tanh(hidden));
  return { b, x, hidden, out, unused };
}

describe("instantiate", () => {
  test("instantiate prunes what no output needs, and keeps paths", () => {
    const { out, unused } = template();
    const { graph, copyOf, has } = instantiate([out], { batch: 1 });
    expect([...graph.params.keys()]).toEqual(["fc.weight"]);
    expect(graph.nodes.map((n) => n.op)).toEqual(["input", "param", "matmul", "tanh"]);
    expect(copyOf(out).path).toBe("act");
    expect(has(unused)).toBe(false);
  });

  test("instantiate at another batch computes each picture as alone", () => {
    const { b, x } = template();
    const heads = b.transpose(b.reshape(x, [-1, 2, 2]), [1, 0, 2]);
    const mixed = b.reshape(b.transpose(heads, [1, 0, 2]), [x.shape[0]!, 4]);
    const y = b.add(b.perPicture(b.paramByKey("token", [1, 4])), b.mul(mixed, mixed));
    const random = seeded(3);
    const pictures = random.array(12);
    const params = new Map([["token", random.array(4)]]);
    const run = (batch: number, data: Float64Array): Float64Array =>
      evaluate([instantiate([y], { batch }).copyOf(y)], { inputs: new Map([["x", data]]), params })[0]!.data;
    const alone = [0, 1, 2].flatMap((i) => [...run(1, pictures.slice(i * 4, i * 4 + 4))]);
    expect([...run(3, pictures)]).toEqual(alone);
  });

  test("instantiate replaces a value and does not visit what it was made of", () => {
    const { hidden, out } = template();
    const { graph, copyOf } = instantiate([out], {
      batch: 2,
      substitute: (node, b) => (node === hidden ? b.input("saved", [1, 3]) : undefined),
    });
    expect([...graph.inputs.keys()]).toEqual(["saved"]);
    expect(graph.params.size).toBe(0);
    expect(copyOf(out).shape).toEqual([1, 3]);
  });

  test("an output that instantiate replaces is the replacement", () => {
    const { hidden } = template();
    const { copyOf } = instantiate([hidden], { batch: 1, substitute: (_, b) => b.input("saved", [1, 3]) });
    expect(copyOf(hidden).op).toBe("input");
  });

  test("reachable goes no further than the given values", () => {
    const { x, hidden, out } = template();
    expect(reachable([out])).toContain(x);
    expect(reachable([out], (node) => node === hidden)).toEqual([hidden, out]);
  });
});

describe("grad", () => {
  test("grad adds nodes only between a value and what it is differentiated for", () => {
    const { b, x, hidden, out } = template();
    const seed = b.input("seed", out.shape);
    const before = b.nodes.length;
    const [g] = grad(b, out, seed, [hidden]);
    expect(b.nodes.slice(before).map((n) => n.op)).not.toContain("matmul");
    const [gx] = grad(b, out, seed, [x]);
    expect(reachable([gx!])).toContain(g);
  });

  test("grad of an independent value is zero, at every batch", () => {
    const { b, out } = template();
    const other = b.input("other", [B, 2]);
    const [g] = grad(b, out, b.input("seed", out.shape), [other]);
    const [value] = evaluate([instantiate([g!], { batch: 3 }).copyOf(g!)], {});
    expect(value).toEqual({ shape: [3, 2], data: new Float64Array(6) });
  });

  test("grad adds the gradients of all uses of a value", () => {
    const b = new Builder(1);
    const x = b.input("x", [1, 2]);
    const y = b.add(b.mul(x, x), b.mul(b.relu(x), 3));
    const [g] = grad(b, y, b.constant(1, [1, 2]), [x]);
    const [value] = evaluate([g!], { inputs: new Map([["x", [2, -5]]]) });
    expect([...value!.data]).toEqual([7, -10]);
  });

  test("grad differentiates for several values at once, one inside the other", () => {
    const b = new Builder(1);
    const x = b.input("x", [1, 2]);
    const hidden = b.mul(x, 2);
    const y = b.mul(hidden, hidden);
    const gradients = grad(b, y, b.constant(1, [1, 2]), [x, hidden, y]);
    const values = evaluate(gradients, { inputs: new Map([["x", [1, -3]]]) });
    expect(values.map((v) => [...v.data])).toEqual([
      [8, -24],
      [4, -12],
      [1, 1],
    ]);
  });

  test("grad may use another rule: guided backprop", () => {
    const b = new Builder(1);
    const x = b.input("x", [1, 4]);
    const seed = b.input("seed", [1, 4]);
    const values = { inputs: new Map([["x", [1, 1, -1, -1]] as const, ["seed", [2, -2, 2, -2]] as const]) };
    const [g] = grad(b, b.relu(x), seed, [x], {
      relu: (builder, y, gradient) => [builder.mul(builder.relu(gradient), builder.step(y))],
    });
    expect([...evaluate([g!], values)[0]!.data]).toEqual([2, 0, 0, 0]);
  });

  test("grad refuses a seed of another shape", () => {
    const { b, x, out } = template();
    expect(() => grad(b, out, b.input("seed", [B, 4]), [x])).toThrow(/the seed is .* the value/);
  });
});

describe("optimize", () => {
  const random = seeded(11);

  /** The outputs as they are and rewritten, at the same values. */
  function bothWays(outputs: readonly Node[]): {
    plain: Float64Array[];
    rewritten: Float64Array[];
    nodes: readonly Node[];
  } {
    const plain = instantiate(outputs, { batch: 2 });
    const rewritten = instantiate(outputs, { batch: 2, rewrite: optimize(outputs) });
    const fill = (nodes: Iterable<Node>, nameOf: (node: never) => string): Map<string, Float64Array> =>
      new Map(
        [...nodes].map((n) => [
          nameOf(n as never),
          random.array(
            n.shape.reduce((size, d) => size * d, 1),
            0.3,
            1,
          ),
        ]),
      );
    const values = {
      inputs: fill(plain.graph.inputs.values(), (n: Node & { op: "input" }) => n.attrs.name),
      params: fill(plain.graph.params.values(), (n: Node & { op: "param" }) => n.attrs.key),
    };
    const run = ({ copyOf }: typeof plain): Float64Array[] =>
      evaluate(outputs.map(copyOf), values).map((v) => v.data);
    return { plain: run(plain), rewritten: run(rewritten), nodes: rewritten.graph.nodes };
  }

  const expectEqual = ({ plain, rewritten }: ReturnType<typeof bothWays>): void =>
    plain.forEach((data, i) => expect(relativeError(rewritten[i]!, data)).toBeLessThan(1e-13));

  test("optimize folds batch norms into convolutions, forward and back, without changing a value", () => {
    const b = new Builder();
    const x = b.input("x", [B, 5, 6, 3]);
    const y = b.relu(batchNorm(b, "bn1", conv2d(b, "conv1", x, { out: 4, kernel: 3, padding: 1 })));
    const z = batchNorm(b, "bn2", conv2d(b, "conv2", y, { out: 5, kernel: 3, stride: 2, bias: false }));
    const [gx, gy] = grad(b, z, b.input("seed", z.shape), [x, y]);
    expectEqual(bothWays([z, gx!, gy!]));
  });

  test("optimize makes zeros around a picture the padding of its convolution, unless the padded picture is an output", () => {
    const b = new Builder();
    const x = b.input("x", [B, 5, 6, 4]);
    const padded = b.pad(b.pad(x, 1, 0, 1), 2, 1, 2);
    const y = conv2d(b, "conv", padded, { out: 8, kernel: 3, stride: 2, groups: 4, bias: false });
    const [gx] = grad(b, y, b.input("seed", y.shape), [x]);
    const both = bothWays([y, gx!]);
    expectEqual(both);
    const readBy = (outputs: readonly Node[]): string =>
      bothWays(outputs).nodes.find(({ op }) => op === "conv2d")!.inputs[0]!.op;
    expect([readBy([y]), readBy([y, padded])]).toEqual(["input", "pad"]);
    expectEqual(bothWays([y, padded]));
  });

  test("optimize leaves an output as it is", () => {
    const b = new Builder();
    const x = b.input("x", [B, 4, 4, 2]);
    const conv = conv2d(b, "conv", x, { out: 3, kernel: 3, bias: false });
    const both = bothWays([conv, batchNorm(b, "bn", conv)]);
    expectEqual(both);
    // The norm uses it too, rather than a second convolution with folded weights.
    expect(both.nodes.filter((n) => n.op === "conv2d")).toHaveLength(1);
  });

  test("optimize multiplies rows that are all equal once, as the gradient of a mean has them", () => {
    const b = new Builder();
    const x = b.input("x", [B, 5, 3]);
    const hidden = b.gelu(b.matmul(x, b.paramByKey("fc1", [3, 6])));
    const y = b.matmul(hidden, b.paramByKey("fc2", [4, 6]), { transposeB: true });
    const mean = b.mean(y, [1]);
    const both = bothWays(grad(b, mean, b.input("seed", mean.shape), [x]));
    expectEqual(both);
    // That of fc2; fc1's rows differ, as the GELU's slopes do.
    const products = both.nodes.filter((n) => n.op === "matmul").map((n) => n.shape);
    expect(products).toEqual([
      [2, 5, 6],
      [2, 1, 6],
      [2, 5, 3],
    ]);
  });

  test("optimize spells attention out", () => {
    const b = new Builder();
    const [q, k, v] = ["q", "k", "v"].map((name) => b.input(name, [B, 2, 5, 3]));
    const both = bothWays([b.attention(q!, k!, v!, b.paramByKey("bias", [2, 5, 5]), 0.4)]);
    expectEqual(both);
    expect(both.nodes.map((n) => n.op)).not.toContain("attention");
  });
});
