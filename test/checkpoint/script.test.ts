/** @file TorchScript's code is followed as text: what it says of a network, and code that nobody's network has. */

import { expect, it } from "vitest";
import { PyRecord } from "../../src/checkpoint/pickle/values.js";
import { readScriptFile, type ScriptCode } from "../../src/checkpoint/torch/script/code.js";
import { followScript } from "../../src/checkpoint/torch/script/read-script.js";
import type { FileCall } from "../../src/checkpoint/types.js";
import { NO_TERMS, termTexts } from "../../src/checkpoint/torch/script/terms.js";
import { NotScript } from "../../src/checkpoint/torch/script/expression.js";

/** What is read of a root with the attributes given, whose class has this forward. */
function followed(body: string, attributes: readonly (readonly [string, PyRecord])[] = [], more = "") {
  const code: ScriptCode = { classes: new Map(), functions: new Map(), constants: [] };
  const text = `class Net(Module):\n  training : bool\n  def forward(self: __torch__.a.Net,\n    x: Tensor) -> Tensor:\n${body}\n${more}`;
  readScriptFile(code, "__torch__/a.py", text);
  const root = new PyRecord("__torch__.a.Net", null);
  root.state = new Map<string, PyRecord | boolean>([["training", true], ...attributes]);
  return followScript(code, root, new Map());
}

const leaf = (name: string): PyRecord => {
  const record = new PyRecord(`__torch__.a.${name}`, null);
  record.state = new Map([["training", true]]);
  return record;
};

const LAYERS = `class Layer(Module):
  stride : Final[Tuple[int, int]] = (2, 2)
  def forward(self: __torch__.a.Layer, y: Tensor) -> Tensor:
    if self.training:
      z = torch.dropout(y, 0.5, True)
    else:
      z = torch.relu_(y)
    return z
class Nothing(Module):
  def forward(self: __torch__.a.Nothing, y: Tensor) -> Tensor:
    return torch.dropout(y, 0.5, False)`;

it("TorchScript's code shows which module reads which, and what comes in between, as in evaluation", () => {
  const body = `    first = self.first
    drop = self.drop
    y = (drop).forward((first).forward(x, ), )
    n = torch.size(y, 0)
    z = torch.add(torch.mul(y, 0.5), x, alpha=2)
    if torch.gt(n, 1):
      w = torch.cat([z, y], 1)
    else:
      w = torch.view(y, [n, -1])
    second = self.second
    return torch.sigmoid((second).forward(w, ))`;
  const modules = [
    ["first", leaf("Layer")],
    ["drop", leaf("Nothing")],
    ["second", leaf("Layer")],
  ] as const;
  const { calls } = followed(body, modules, LAYERS)!;
  const read = ({ inputs, ops, terms }: FileCall) => ({
    inputs,
    ops: ops.map(({ name }) => name),
    terms: termTexts(terms, NO_TERMS, (path) => path || "x"),
  });
  expect(Object.fromEntries([...calls].map(([path, call]) => [path, read(call)]))).toEqual({
    first: { inputs: [""], ops: [], terms: ["x"] },
    drop: { inputs: ["first"], ops: [], terms: ["first"] },
    second: {
      inputs: ["first", ""],
      ops: ["mul value", "add with alpha", "cat"],
      terms: ["first", "x"],
    },
    "": { inputs: ["second"], ops: ["sigmoid"], terms: ["f(second)"] },
  });
});

it.each([
  ["torch.add(torch.add(x, y), y)", ["x", "2 x y"]],
  ["torch.add(torch.mul(y, 2), torch.roll(y, [1], [0]))", ["2 x y"]],
  ["torch.add(torch.mul(x, y), torch.mul(torch.tanh(x), torch.add(y, y)))", ["2 x f(, y)"]],
  ["torch.cat([torch.slice(y, 0, 0, 2), torch.slice(y, 0, 2, 4), x], 0)", ["y", "x"]],
  ["torch.add(torch.mean(y, [1]), torch.tanh(y))", ["y", "f(y)"]],
  ["torch.sub(y, torch.mean(y))", ["f(y)"]],
])("the terms of TorchScript's %s are %j", (code, terms) => {
  const body = `    first = self.y\n    y = (first).forward(x, )\n    return ${code}`;
  const output = followed(body, [["y", leaf("Layer")]], LAYERS)!.calls.get("")!;
  const texts = termTexts(output.terms, NO_TERMS, (path) => path);
  expect(texts.map((text) => (text === "" ? "x" : text))).toEqual(terms);
});

const deep = (n: number, open: string, close: string): string =>
  `    return ${open.repeat(n)}x${close.repeat(n)}`;
const doubled = Array.from({ length: 60 }, (_, i) => `    x${i + 1} = [x${i}, x${i}]`).join("\n");
const branches = Array.from({ length: 100 }, (_, i) => `${"  ".repeat(i + 2)}if torch.gt(n, ${i}):`).join(
  "\n",
);

it.each([
  ["a method that calls itself", "    return (self).forward(x, )"],
  ["brackets", deep(1e5, "torch.neg(", ")")],
  ["lists", deep(1e5, "[", "]")],
  ["attributes", `    return x${".a".repeat(1e5)}`],
  ["operators", `    return x${" + x".repeat(1e5)}`],
  ["minuses", `    return ${"-".repeat(1e5)}x`],
  ["lists of themselves", `    x0 = [x, x]\n${doubled}\n    return x60`],
  ["blocks", `    n = torch.size(x, 0)\n${branches}\n${"  ".repeat(102)}n = 1`],
  ["no TorchScript", "    return x ? 1 : 2"],
])("%s without end is refused as no program of a network", (_, body) => {
  const started = performance.now();
  const read = (): boolean => {
    try {
      return followed(body) === undefined;
    } catch (error) {
      return error instanceof NotScript;
    }
  };
  expect(read()).toBe(true);
  expect(performance.now() - started).toBeLessThan(20_000);
});

it("a list that contains itself ends", () => {
  expect(
    followed("    a = annotate(List[Tensor], [x])\n    torch.append(a, a)\n    return a")!.calls.get(""),
  ).toMatchObject({
    inputs: [""],
    ops: [],
  });
});

it("functions that call each other exponentially often end", () => {
  const functions = Array.from(
    { length: 25 },
    (_, i) =>
      `def f${i}(x: Tensor) -> Tensor:\n  a = __torch__.a.f${i + 1}(x, )\n  b = __torch__.a.f${i + 1}(a, )\n  return __torch__.a.f${i + 1}(b, )`,
  ).join("\n");
  expect(followed("    return __torch__.a.f0(x, )", [], functions)).toBeUndefined();
});
