/** @file The builder: equal nodes once, module paths, sizes that follow, and what it refuses. */

import { describe, expect, test } from "vitest";
import { GradlensError } from "../../src/errors.js";
import { Builder, SYMBOLIC_BATCH } from "../../src/graph/builder.js";
import { evaluate } from "../reference/index.js";
import { seeded } from "../reference/random.js";

const B = SYMBOLIC_BATCH;

describe("equal nodes are made once", () => {
  test("the same op, inputs and attributes give one node", () => {
    const b = new Builder();
    const x = b.input("x", [B, 4]);
    expect(b.exp(x)).toBe(b.exp(x));
    expect(b.mul(x, 2)).toBe(b.mul(x, 2));
    expect(b.mul(x, 2)).not.toBe(b.mul(x, 3));
    expect(b.sub(x, 1)).not.toBe(b.sub(1, x));
    expect(b.slice(x, 1, 0, 2)).not.toBe(b.slice(x, 1, 1, 2));
  });

  test("attributes are compared by name, whatever their order", () => {
    const b = new Builder();
    const x = b.input("x", [B, 6, 6, 1]);
    const rest = { padding: [0, 0], dilation: [1, 1], out: [2, 2] } as const;
    const first = b.maxPick(x, x, { kernel: [2, 2], stride: [3, 3], ...rest });
    const second = b.maxPick(x, x, { stride: [2, 2], kernel: [3, 3], ...rest });
    expect(first).not.toBe(second);
  });

  test("tables are compared by identity", () => {
    const b = new Builder();
    const table = Float32Array.of(1, 2);
    expect(b.constant(table, [2])).toBe(b.constant(table, [2]));
    expect(b.constant(table, [2])).not.toBe(b.constant(table.slice(), [2]));
    expect(b.constant(table, [2])).not.toBe(b.constant(table, [1, 2]));
  });

  test("inputs and parameters are one node for each name", () => {
    const b = new Builder();
    expect(b.input("x", [B, 2])).toBe(b.input("x", [B, 2]));
    expect(b.paramByKey("w", [2])).toBe(b.paramByKey("w", [2]));
    expect(() => b.input("x", [B, 3])).toThrow("x");
    expect(() => b.paramByKey("w", [3])).toThrow("w is used as [2] and [3]");
  });

  test("a node keeps its attributes when a caller's list grows afterwards", () => {
    const b = new Builder();
    const parts = [b.input("x", [B, 2]), b.input("y", [B, 2])];
    const joined = b.concat(parts, 1);
    parts.push(b.input("z", [B, 2]));
    expect(joined.inputs).toHaveLength(2);
  });
});

describe("scopes", () => {
  test("scopes name parameters, register modules before their children, and count calls", () => {
    const b = new Builder();
    const x = b.input("x", [B, 2]);
    const linear = (): ReturnType<Builder["add"]> =>
      b.scope("fc", "Linear", () => b.add(x, b.param("bias", [2])));
    const block = b.scope("features.block", "Block", () => b.relu(linear()));
    const again = b.scope("features.block", "Block", () => b.tanh(linear()));
    expect([...b.params.keys()]).toEqual(["features.block.fc.bias"]);
    expect(b.modules.map((m) => [m.path, m.kind])).toEqual([
      ["features.block", "Block"],
      ["features.block.fc", "Linear"],
      ["features.block#2", "Block"],
      ["features.block.fc#2", "Linear"],
    ]);
    expect(b.modules[0]!.output).toBe(block);
    expect(b.modules[2]!.output).toBe(again);
    expect(block.path).toBe("features.block");
    expect(b.path).toBe("");
  });

  test("a scope ends when its body throws", () => {
    const b = new Builder();
    expect(() =>
      b.scope("bad", "Module", () => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(b.path).toBe("");
    expect(b.modules).toHaveLength(0);
  });

  test("modules record their output: containers none, tokens a layout", () => {
    const b = new Builder();
    const layout = { height: 2, width: 3, prefix: 1 };
    b.container("blocks", "ModuleList", () =>
      b.tokens(layout, () => b.scope("0", "Block", () => b.input("x", [B, 7, 4]))),
    );
    expect(b.modules.map((m) => m.path)).toEqual(["blocks", "blocks.0"]);
    expect(b.modules[0]!.output).toBeUndefined();
    expect(b.modules[1]!.layout).toEqual(layout);
  });
});

describe("reshape", () => {
  test("reshape resolves -1, forgets steps between, and vanishes where nothing changes", () => {
    const b = new Builder();
    const x = b.input("x", [B, 6]);
    const y = b.reshape(x, [-1, 2, 3]);
    expect(y.shape).toEqual([B, 2, 3]);
    expect(b.reshape(x, [B, 2, -1])).toBe(y);
    expect(b.reshape(b.reshape(x, [-1, 3, 2]), [-1, 2, 3])).toBe(y);
    expect(b.reshape(y, [-1, 6])).toBe(x);
  });

  test("reshape of a parameter keeps its sizes", () => {
    const b = new Builder();
    expect(b.reshape(b.paramByKey("w", [4, 6]), [3, -1]).shape).toEqual([3, 8]);
  });
});

describe("compositions", () => {
  const data = seeded(5).array(12);
  const x = (b: Builder): ReturnType<Builder["input"]> => b.input("x", [1, 3, 4]);
  const value = (build: (b: Builder) => ReturnType<Builder["input"]>): number[] => [
    ...evaluate([build(new Builder(1))], { inputs: new Map([["x", data]]) })[0]!.data,
  ];
  const row = (i: number): number[] => [...data.slice(i * 4, i * 4 + 4)];

  test("roll is torch.roll", () => {
    expect(value((b) => b.roll(x(b), 1, 1))).toEqual([...row(2), ...row(0), ...row(1)]);
    expect(value((b) => b.roll(x(b), 1, -1))).toEqual([...row(1), ...row(2), ...row(0)]);
    expect(value((b) => b.roll(x(b), 1, 4))).toEqual(value((b) => b.roll(x(b), 1, 1)));
    expect(value((b) => b.roll(x(b), 1, 3))).toEqual([...data]);
  });

  test("flip, gather and slices from the end give the elements they name", () => {
    expect(value((b) => b.flip(x(b), 1))).toEqual([...row(2), ...row(1), ...row(0)]);
    expect(value((b) => b.gather(x(b), 1, [2, 2, 0]))).toEqual([...row(2), ...row(2), ...row(0)]);
    expect(value((b) => b.slice(x(b), 1, -1))).toEqual(row(2));
    expect(value((b) => b.slice(x(b), 1, 0, -2))).toEqual(row(0));
  });

  test("amin and mean give the smallest value and the mean", () => {
    expect(value((b) => b.amin(x(b), [1, 2]))).toEqual([Math.min(...data)]);
    expect(value((b) => b.mean(x(b), [-1]))[1]).toBeCloseTo(row(1).reduce((s, v) => s + v) / 4, 14);
  });

  test("steps that do nothing add no node", () => {
    const b = new Builder(1);
    const p = x(b);
    expect(b.transpose(p, [0, 1, 2])).toBe(p);
    expect(b.slice(p, 1, 0)).toBe(p);
    expect(b.pad(p, 1, 0, 0)).toBe(p);
    expect(b.concat([p], 1)).toBe(p);
    expect(b.roll(p, 1, 3)).toBe(p);
    expect(b.broadcast(p, [1, 3, 4])).toBe(p);
    expect(b.sum(p, [0])).toBe(p);
    expect(b.nodes).toHaveLength(1);
  });
});

describe("what does not fit", () => {
  const refuse = (build: (b: Builder, x: ReturnType<Builder["input"]>) => unknown): GradlensError => {
    const b = new Builder(2);
    const x = b.input("x", [2, 5, 5, 4]);
    try {
      b.container("stem.conv", "Module", () => build(b, x));
    } catch (error) {
      expect(error).toBeInstanceOf(GradlensError);
      return error as GradlensError;
    }
    throw new Error("was not refused");
  };
  const pool = { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1], out: [2, 2] } as const;

  test.each<[string, (b: Builder, x: ReturnType<Builder["input"]>) => unknown, RegExp]>([
    [
      "channels",
      (b, x) => b.conv2d(x, b.param("w", [8, 3, 3, 3])),
      /\[2, 5, 5, 4\].*\[8, 3, 3, 3\].*1 groups/,
    ],
    ["groups", (b, x) => b.conv2d(x, b.param("w", [3, 2, 1, 1]), { groups: 2 }), /in 2 groups/],
    ["a kernel too large", (b, x) => b.conv2d(x, b.param("w", [8, 4, 7, 7])), /7x7 kernel.*5x5.*too small/],
    ["broadcasting", (b, x) => b.add(x, b.param("w", [3])), /\[2, 5, 5, 4\] and \[3\] do not broadcast/],
    ["matmul", (b, x) => b.matmul(x, b.param("w", [5, 4])), /inner sizes 4 and 5 differ/],
    ["matmul of a vector", (b, x) => b.matmul(x, b.param("w", [4])), /needs matrices/],
    [
      "attention",
      (b, x) => b.attention(x, b.param("k", [5, 3]), x, undefined, 1),
      /attention of q .*k \[5, 3\]/,
    ],
    ["reshape", (b, x) => b.reshape(x, [2, 7, -1]), /reshape of \[2, 5, 5, 4\]/],
    ["slice", (b, x) => b.slice(x, 1, 3, 9), /slice 3..9 of axis 1/],
    ["an axis", (b, x) => b.sum(x, [4]), /axis 4 of a value of rank 4/],
    ["concat", (b, x) => b.concat([x, b.sum(x, [1])], 3), /concat along axis 3/],
    ["broadcast", (b, x) => b.broadcast(x, [2, 5, 6, 4]), /broadcast of \[2, 5, 5, 4\] to/],
    ["resample", (b, x) => b.make("resample", [x], { axis: 1, map: flip(4) }), /a map of 4/],
    ["maxPick of another size", (b, x) => b.maxPick(x, b.slice(x, 1, 1), pool), /maxPick of.*should be 5x5/],
    ["maxPut of another size", (b, x) => b.maxPut(x, x, pool), /maxPut of.*should be 2x2/],
    ["maxPick by several pictures", (b, x) => b.maxPick(x, b.slice(x, 0, 1), pool), /maxPick of/],
    ["too few inputs", (b, x) => b.make("add", [x], {}), /add needs 2 inputs, got 1/],
  ])("the builder refuses with the module's path and the shapes: %s", (_, build, message) => {
    const error = refuse(build);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
  });

  test("the builder's refusal begins with the path", () => {
    expect(refuse((b, x) => b.add(x, b.param("w", [3]))).message).toMatch(/^stem\.conv: /);
  });
});

function flip(size: number): Parameters<Builder["resample"]>[2] {
  const index = Int32Array.from({ length: size }, (_, i) => size - 1 - i);
  return { inSize: size, outSize: size, taps: 1, index, weight: new Float32Array(size).fill(1) };
}
