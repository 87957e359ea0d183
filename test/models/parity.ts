/** @file Runs a golden case in the f64 interpreter: logits, activations and gradients beside PyTorch's. */

import { expect } from "vitest";
import { grad } from "../../src/graph/grad.js";
import { derive } from "../../src/graph/derive.js";
import type { Shape } from "../../src/graph/shape.js";
import { ARCHITECTURES, buildTemplate, keyRulesFor, type Arch } from "../../src/models/registry.js";
import { findTap } from "../../src/models/taps.js";
import { channelsLast, goldenWeights, loadGolden } from "../reference/golden.js";
import { evaluate } from "../reference/index.js";
import type { Tensor } from "../reference/weights.js";

/** A file's tensors under our keys: the wrapper's prefix off, the architecture's rules where a key is not ours as it is. */
export function renamed<T>(
  arch: Arch,
  tensors: ReadonlyMap<string, T>,
  o: { prefix?: string; spelling?: string } = {},
): Map<string, T> {
  const { preprocessing } = ARCHITECTURES[arch];
  const rules = keyRulesFor(arch, o.spelling);
  const { graph } = buildTemplate(arch, {
    size: preprocessing.size,
    channels: 3,
    classes: 2,
    ...(o.spelling !== undefined && { spelling: o.spelling }),
  });
  return new Map(
    [...tensors].map(([from, value]) => {
      let key = from.startsWith(o.prefix ?? "") ? from.slice((o.prefix ?? "").length) : from;
      for (const { pattern, replacement } of rules) {
        if (!graph.params.has(key)) key = key.replace(pattern, replacement);
      }
      return [key, value];
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

/** Spellings by the names that the golden cases give them. */
const SPELLINGS: Readonly<Record<string, string>> = { pvt: "original", chexnet: "torchvision" };

/** @returns the largest deviations, as shares of the largest value */
export function checkGolden(name: string, prefix = ""): Record<string, number> {
  const golden = loadGolden(name);
  const info = golden.case;
  const arch = info.arch as Arch;
  const spelling = SPELLINGS[info.dialect] ?? info.dialect;
  const weights = renamed(arch, goldenWeights(name), { prefix, spelling });
  const size = typeof info.size === "number" ? ([info.size, info.size] as const) : info.size;
  const template = buildTemplate(arch, {
    size,
    channels: 3,
    classes: info.classes,
    spelling,
    shapes: new Map([...weights].map(([key, { shape }]) => [key, shape])),
  });
  const taps = info.layers.map((layer) =>
    findTap(template.modules, layer, { prefixes: [prefix.replace(/\.$/, "")] }),
  );
  const { graph, copyOf } = derive([template.logits, ...taps.map((t) => t.output)], { batch: 1 });
  const logits = copyOf(template.logits);
  const activations = taps.map((t) => copyOf(t.output));
  const seed = new Float32Array(info.classes);
  seed[info.target] = 1;
  const gradients = grad(graph, logits, graph.constant(seed, [1, info.classes]), activations);
  const values = evaluate([logits, ...activations, ...gradients], {
    inputs: new Map([["picture", channelsLast(golden.floats("input")).data]]),
    params: new Map([...weights].map(([key, { data }]) => [key, data])),
  });
  const names = [
    "logits",
    ...taps.map((_, i) => `activations.${i}`),
    ...taps.map((_, i) => `gradients.${i}`),
  ];
  return Object.fromEntries(
    names.map((tensor, i) => {
      const off = deviation(values[i]!.data, asOurs(golden.floats(tensor), values[i]!.shape).data);
      const tolerance = Math.max(tensor === "logits" ? 1e-4 : 1e-3, 5 * (info.f32_vs_f64[tensor] ?? 0));
      expect(off, `${name} ${tensor}`).toBeLessThan(tolerance);
      return [tensor, off];
    }),
  );
}
