/** @file Runs a network in the f64 interpreter: logits, activations and gradients beside PyTorch's. */

import { expect, test } from "vitest";
import { renameKey } from "../../src/checkpoint/rename-key.js";
import { grad } from "../../src/graph/grad.js";
import { instantiate } from "../../src/graph/instantiate.js";
import type { Shape } from "../../src/graph/shape.js";
import type { Pair } from "../../src/graph/types.js";
import { ARCHITECTURES, type Arch } from "../../src/models/architectures.js";
import { buildTemplate } from "../../src/models/registry.js";
import { keyRulesFor, type Template } from "../../src/models/template.js";
import { findTap } from "../../src/models/taps.js";
import { GOLDEN_CASES, goldenNames, MODEL_CASES, type When } from "../reference/golden-cases.js";
import { channelsLast, goldenWeights, loadGolden, readTensors } from "../reference/golden.js";
import { evaluate } from "../reference/index.js";
import { makeWeight, makeWeights, type Tensor } from "../reference/weights.js";

/** A file's tensors under our keys: the wrapper's prefix off, the architecture's rules where a key is not ours as it is. */
export function renamed<T>(
  arch: Arch,
  tensors: ReadonlyMap<string, T>,
  o: { prefix?: string; spelling: string },
): Map<string, T> {
  const def = ARCHITECTURES[arch];
  const rules = keyRulesFor({ arch, def, spelling: o.spelling });
  const { graph } = buildTemplate(arch, {
    size: def.preprocessing.size,
    channels: 3,
    classes: 2,
    spelling: o.spelling,
  });
  return new Map(
    [...tensors].map(([from, value]) => {
      const key = from.startsWith(o.prefix ?? "") ? from.slice((o.prefix ?? "").length) : from;
      return [renameKey(key, rules, (one) => graph.params.has(one)).key, value];
    }),
  );
}

/** The largest difference, as a share of the largest value. */
function deviation(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(actual.length).toBe(wanted.length);
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < wanted.length; i++) {
    largest = Math.max(largest, Math.abs(wanted[i]!));
    difference = Math.max(difference, Math.abs(actual[i]! - wanted[i]!));
  }
  return difference / largest;
}

const asOurs = (tensor: Tensor, ours: Shape): Tensor =>
  // timm's Swin has channels last already.
  tensor.shape.length === 4 && tensor.shape[1] === ours[3] && tensor.shape[3] !== ours[3]
    ? channelsLast(tensor)
    : tensor;

/** A network and PyTorch's values of it. */
interface Reference {
  readonly name: string;
  readonly arch: Arch;
  readonly spelling: string;
  readonly size: Pair;
  readonly classes: number;
  readonly target: number;
  readonly layers: readonly string[];
  /** Wrapper of the checkpoint's keys, with its dot. */
  readonly prefix?: string;
  /** By the checkpoint's keys. */
  readonly weights: ReadonlyMap<string, Tensor>;
  /** [1, H, W, C] */
  readonly input: ArrayLike<number>;
  /** `logits`, `activations.i`, `gradients.i` in PyTorch's layouts. */
  readonly wanted: (tensor: string) => Tensor;
  /** Largest difference, as a share of the largest value. */
  readonly tolerance: (tensor: string) => number;
}

/** The network's graph, and its parameters under our keys. */
export function build({ arch, spelling, size, classes, prefix = "", ...r }: Reference): {
  template: Template;
  params: Map<string, Tensor["data"]>;
} {
  const weights = renamed(arch, r.weights, { prefix, spelling });
  const shapes = new Map([...weights].map(([key, { shape }]) => [key, shape]));
  const template = buildTemplate(arch, { size, channels: 3, classes, spelling, shapes });
  return { template, params: new Map([...weights].map(([key, { data }]) => [key, data])) };
}

function checkReference(r: Reference): void {
  const { classes, prefix = "" } = r;
  const { template, params } = build(r);
  const { modules, otherNames } = template;
  const taps = r.layers.map((layer) =>
    findTap(modules, layer, { prefixes: [prefix.replace(/\.$/, "")], otherNames }),
  );
  const { graph, copyOf } = instantiate([template.logits, ...taps.map((t) => t.output)], { batch: 1 });
  const logits = copyOf(template.logits);
  const activations = taps.map((t) => copyOf(t.output));
  const seed = new Float32Array(classes);
  seed[r.target] = 1;
  const gradients = grad(graph, logits, graph.constant(seed, [1, classes]), activations);
  const values = evaluate([logits, ...activations, ...gradients], {
    inputs: new Map([["picture", r.input]]),
    params,
  });
  const names = [
    "logits",
    ...taps.map((_, i) => `activations.${i}`),
    ...taps.map((_, i) => `gradients.${i}`),
  ];
  names.forEach((tensor, i) => {
    const { data, shape } = values[i]!;
    const off = deviation(data, asOurs(r.wanted(tensor), shape).data);
    expect(off, `${r.name} ${tensor}`).toBeLessThan(r.tolerance(tensor));
  });
}

/** Spellings by the names that the golden cases give them. */
const SPELLINGS: Readonly<Record<string, string>> = { pvt: "original", chexnet: "torchvision" };

/** Compares a golden case, whose values are PyTorch's in f32, with the interpreter. */
function checkGolden(name: string, prefix?: string): void {
  const golden = loadGolden(name);
  const { arch, dialect, size, f32_vs_f64, ...info } = golden.case;
  checkReference({
    ...info,
    arch: arch as Arch,
    spelling: SPELLINGS[dialect] ?? dialect,
    size: typeof size === "number" ? [size, size] : size,
    ...(prefix !== undefined && { prefix }),
    weights: goldenWeights(name),
    input: channelsLast(golden.floats("input")).data,
    wanted: golden.floats,
    tolerance: (tensor) => Math.max(tensor === "logits" ? 1e-4 : 1e-3, 5 * (f32_vs_f64[tensor] ?? 0)),
  });
}

interface ModelCase {
  readonly arch: Arch;
  readonly spelling: string;
  readonly size: Pair;
  readonly classes: number;
  readonly seed: number;
  readonly gain: number;
  readonly target: number;
  readonly layers: readonly string[];
  readonly keys: Readonly<Record<string, Shape>>;
}

/** A case of test/data/models.safetensors (tools/make_model_reference.py), whose values are PyTorch's in f64. */
export function loadModelCase(name: string): Reference {
  const { metadata, tensors } = readTensors(new URL("../data/models.safetensors", import.meta.url));
  const info = (JSON.parse(metadata["cases"]!) as Record<string, ModelCase>)[name]!;
  const shape = [1, 3, ...info.size];
  const picture = channelsLast({ shape, data: makeWeight("picture", shape, info.seed, 1) });
  return {
    ...info,
    name,
    weights: makeWeights(info.keys, info.seed, info.gain),
    input: Float64Array.from(picture.data, (v) => 10 * v),
    wanted: (tensor) => tensors.get(`${name}.${tensor}`) as Tensor,
    tolerance: () => 1e-5,
  };
}

const TIMEOUT_MS = 600_000;

function testCase(name: string, shows: string, check: () => void): void {
  const title = `${name} (${shows}) in the interpreter: logits, activations and gradients are PyTorch's`;
  test(title, check, TIMEOUT_MS);
}

/** A test for each golden case of test/reference/golden-cases.ts. */
export function testGoldenCases(when: When): void {
  for (const name of goldenNames("interpreter", when)) {
    const { shows, prefix } = GOLDEN_CASES[name]!;
    testCase(`golden ${name}`, shows, () => checkGolden(name, prefix));
  }
}

/** A test for each of its cases of `loadModelCase`. */
export function testModelCases(when: When): void {
  for (const [name, { shows, interpreter }] of Object.entries(MODEL_CASES))
    if (interpreter === when) testCase(`case ${name}`, shows, () => checkReference(loadModelCase(name)));
}
