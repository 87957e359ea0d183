/** @file Reads test/data/modules: PyTorch's modules of an architecture, and compares ours with them. */

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { ModuleRecord } from "../../src/graph/module-scopes.js";
import { sizeOf, type Shape } from "../../src/graph/shape.js";
import type { Pair } from "../../src/graph/types.js";
import { renamed } from "./interpreter-golden.js";
import { ARCHITECTURES, type Arch } from "../../src/models/architectures.js";
import { buildTemplate, named } from "../../src/models/registry.js";
import { spellingOf } from "../../src/models/template.js";

interface TorchModule {
  readonly path: string;
  readonly kind: string;
  /** PyTorch's layout, without the batch; missing for a module that is never called. */
  readonly output?: Shape;
}

interface ModuleList {
  readonly size: Pair;
  readonly modules: readonly TorchModule[];
  /** Keys and shapes of the state dict. */
  readonly keys: ReadonlyMap<string, Shape>;
}

const shapeOf = (text: string): number[] => (text === "scalar" ? [] : text.split("x").map(Number));

interface Line {
  readonly depth: number;
  readonly names: readonly string[];
  readonly kind: string;
  readonly parameters: readonly (readonly [string, Shape])[];
  readonly output: Shape | undefined;
}

/** `  denselayer{2..6} Kind weight:64x3 > 64x7x7`, the root's line without a name */
function parseLine(line: string, root: boolean): Line {
  const depth = root ? 0 : line.length - line.trimStart().length;
  const [head = "", output] = line.trim().split(" > ");
  const [name = "", kind = "", ...parameters] = head.split(" ");
  const range = /^(.*)\{(\d+)\.\.(\d+)\}$/.exec(name);
  const names = range
    ? Array.from(
        { length: Number(range[3]) - Number(range[2]) + 1 },
        (_, i) => range[1]! + (Number(range[2]) + i),
      )
    : [name];
  return {
    depth,
    names,
    kind,
    parameters: parameters.map((p) => [p.split(":")[0]!, shapeOf(p.split(":")[1]!)]),
    output: output === undefined ? undefined : shapeOf(output),
  };
}

/** test/data/modules/SPELLING/ARCH.txt, as tools/make_module_lists.py describes it. */
export function readModuleList(spelling: string, arch: string): ModuleList {
  const file = new URL(`../data/modules/${spelling}/${arch}.txt`, import.meta.url);
  const [first = "", ...rest] = readFileSync(file, "utf8").trimEnd().split("\n");
  const [, size = "", ...root] = first.split(" ");
  const lines = [parseLine(`- ${root.join(" ")}`, true), ...rest.map((line) => parseLine(line, false))];
  const modules: TorchModule[] = [];
  const keys = new Map<string, Shape>();
  const visit = (at: number, parent: string): number => {
    const line = lines[at]!;
    let end = at + 1;
    for (const name of line.names) {
      const path = line.depth === 0 ? "" : parent === "" ? name : `${parent}.${name}`;
      if (path !== "") modules.push({ path, kind: line.kind, ...(line.output && { output: line.output }) });
      for (const [key, shape] of line.parameters) keys.set(path === "" ? key : `${path}.${key}`, shape);
      end = at + 1;
      while (end < lines.length && lines[end]!.depth > line.depth) end = visit(end, path);
    }
    return end;
  };
  visit(0, "");
  const [height = 0, width = 0] = shapeOf(size);
  return { size: [height, width], modules, keys };
}

/** Ours in PyTorch's layout: [C, H, W] for pictures, windows in the batch. */
const sameOutput = (ours: Shape, torch: Shape): boolean => {
  const [, ...shape] = ours;
  const candidates = [shape, ...(shape.length === 3 ? [[shape[2], shape[0], shape[1]]] : []), shape.slice(1)];
  // A pooled [C, 1, 1] is kept flat by us.
  const flat = torch.length === 3 && torch[1] === 1 && torch[2] === 1 ? [[torch[0]]] : [];
  return [torch, ...flat].some((wanted) => candidates.some((c) => c.join() === wanted.join()));
};

/** Buffers that follow from the architecture, and a token of pretraining. */
const COMPUTED = /\.(relative_position_index|relative_coords_table|attn_mask)$|(?:^|\.)mask_token$/;

/** Our keys, module paths, kinds and output shapes are those of PyTorch's list. */
export function checkModuleList(spelling: string, arch: Arch): void {
  const list = readModuleList(spelling, arch);
  const { statistics } = spellingOf(named(arch), spelling);
  expect(statistics?.size ?? ARCHITECTURES[arch].preprocessing.size).toEqual(list.size);
  const { graph, modules } = buildTemplate(arch, { size: list.size, channels: 3, classes: 10, spelling });
  const ours = new Map(modules.filter(({ path }) => !path.includes("#")).map((m) => [m.path, m]));
  expect([...ours.keys()].sort()).toEqual(list.modules.map((m) => m.path).sort());
  expect(modules.filter((m) => m.path.includes("#")).every((m) => ours.has(m.path.split("#")[0]!))).toBe(
    true,
  );
  const wrong = list.modules.filter(({ path, kind, output }) => {
    const record: ModuleRecord = ours.get(path)!;
    // Inside the fused attention, where PyTorch's Swin has them apart.
    if (/\.(softmax|attn_drop)$/.test(path)) return record.kind !== kind || record.output !== undefined;
    const outputs =
      output && record.output ? sameOutput(record.output.shape, output) : !output && !record.output;
    return record.kind !== kind || !outputs;
  });
  expect(
    wrong.map((m) => [m, ours.get(m.path)!.kind, ours.get(m.path)!.output?.shape]),
    "PyTorch's module, our kind, our output",
  ).toEqual([]);
  expectOrder(list.modules, modules);
  const wantedKeys = [...list.keys].filter(([key]) => !COMPUTED.test(key));
  expect(new Map([...graph.params].map(([key, node]) => [key, node.shape]))).toEqual(new Map(wantedKeys));
}

/**
 * A spelling that is names alone: its parameters are ours under the rules, our modules under its names are PyTorch's with
 * their outputs, and none with parameters is missing.
 */
export function checkRespelled(spelling: string, arch: Arch): void {
  const list = readModuleList(spelling, arch);
  const { graph, modules } = buildTemplate(arch, { size: list.size, channels: 3, classes: 10, spelling });
  const keys = renamed(arch, list.keys, { spelling });
  expect(new Map([...graph.params].map(([key, node]) => [key, node.shape]))).toEqual(
    new Map([...keys].filter(([key]) => !COMPUTED.test(key))),
  );
  const torch = new Map(list.modules.map((m) => [m.path, m]));
  const wrong = modules.filter(({ path, output }) => {
    const other = torch.get(path);
    if (!other || !output || !other.output) return !other;
    // Maps may be tokens or windows there, windows in the batch: the same values in another arrangement.
    const [, , ...ofWindow] = output.shape;
    return ![sizeOf(output.shape.slice(1)), sizeOf(ofWindow)].includes(sizeOf(other.output));
  });
  expect(wrong.map((m) => [m.path, m.output?.shape])).toEqual([]);
  const ours = new Set(modules.map((m) => m.path));
  const parametric = list.modules.filter((m) => list.keys.has(`${m.path}.weight`) && m.output);
  expect(parametric.map((m) => m.path).filter((path) => !ours.has(path))).toEqual([]);
  expectOrder(
    list.modules.filter((m) => m.path === "features"),
    modules,
    list.modules,
  );
}

/** Children of what Python can index come in PyTorch's order. */
function expectOrder(
  containers: readonly TorchModule[],
  ours: readonly ModuleRecord[],
  torch: readonly TorchModule[] = containers,
): void {
  const children = (all: readonly { path: string }[], parent: string): string[] =>
    all
      .map((m) => m.path)
      .filter((path) => path.startsWith(`${parent}.`) && !/[.#]/.test(path.slice(parent.length + 1)));
  for (const { path, kind } of containers) {
    if (!/Sequential|ModuleList|DenseBlock/.test(kind)) continue;
    expect(children(ours, path)).toEqual(children(torch, path));
  }
}
