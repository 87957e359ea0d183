/** @file firstRows against slicing the whole value, in the f64 interpreter, and what it leaves out. */

import { expect, test } from "vitest";
import { Builder } from "../../src/graph/builder.js";
import { reachable } from "../../src/graph/derive.js";
import { firstRows } from "../../src/graph/first-rows.js";
import type { Node } from "../../src/graph/types.js";
import { evaluate } from "../reference/index.js";
import { seeded } from "../reference/random.js";

const [N, C, HEADS] = [7, 6, 2];

/** What follows the attention in a transformer's block, and a second one: its attention mixes tokens. */
function blocks(b: Builder): { output: Node; attention: Node; before: Node } {
  const input = b.input("x", [1, N, C]);
  const heads = (x: Node): Node => b.transpose(b.reshape(x, [1, N, HEADS, C / HEADS]), [0, 2, 1, 3]);
  const layer = (x: Node, name: string): { attention: Node; output: Node } => {
    const attention = b.attention(heads(x), heads(b.normalize(x, 1e-6)), heads(x), undefined, 0.5);
    const joined = b.reshape(b.transpose(attention, [0, 2, 1, 3]), [1, N, C]);
    const y = b.add(x, b.matmul(joined, b.param(`${name}.proj`, [C, C]), { transposeB: true }));
    const inner = b.gelu(b.matmul(b.normalize(y, 1e-6), b.param(`${name}.fc1`, [C, 9])));
    const position = b.param(`${name}.position`, [1, N, C]);
    const z = b.add(b.add(y, position), b.matmul(inner, b.param(`${name}.fc2`, [9, C])));
    return { attention, output: b.mul(z, b.softmax(b.param(`${name}.scale`, [C]))) };
  };
  const first = layer(input, "a");
  return { ...layer(first.output, "b"), before: first.output };
}

function valuesOf(b: Builder, nodes: readonly Node[]): Float64Array[] {
  const random = seeded(3);
  const values = (node: Node): Float64Array => random.array(node.shape.reduce((n, d) => n * d, 1));
  const inputs = new Map([...b.inputs].map(([name, node]) => [name, values(node)]));
  const params = new Map([...b.params].map(([key, node]) => [key, values(node)]));
  return evaluate(nodes, { inputs, params }).map((value) => Float64Array.from(value.data));
}

test.each([1, 2, N - 1])("the first %i of seven tokens", (count) => {
  const b = new Builder(1);
  const { output } = blocks(b);
  const rows = firstRows(b, output, 1, count);
  expect(rows.shape).toEqual([1, count, C]);
  const [got, want] = valuesOf(b, [rows, b.slice(output, 1, 0, count)]);
  expect(got).toEqual(want);
});

test("nothing of the other tokens is computed behind the attention, nor before what is stopped at", () => {
  const b = new Builder(1);
  const { output, attention, before } = blocks(b);
  const rows = firstRows(b, output, 1, 1, new Set([before]));
  const given = [attention, before];
  const computed = reachable([rows], (n) => given.includes(n)).filter((n) => !given.includes(n));
  const whole = computed.filter((n) => n.op !== "param" && n.shape.length > 2 && n.shape.includes(N));
  expect(whole).toEqual([]);
  const [got, want] = valuesOf(b, [rows, b.slice(output, 1, 0, 1)]);
  expect(got).toEqual(want);
});

test("where an op mixes the axis, the value is sliced", () => {
  const b = new Builder(1);
  const x = b.input("x", [1, N, C]);
  for (const mixing of [b.softmax(x), b.sum(x, [1]), b.normalize(x, 1e-6)]) {
    const axis = mixing.shape[1] === 1 ? 1 : 2;
    const rows = firstRows(b, mixing, axis, 1);
    expect(rows.op === "slice" || rows === mixing).toBe(true);
  }
});
