/**
 * @file Computes weights that PyTorch keeps in parts (weight_norm, spectral_norm, pruning masks), as torch.nn.utils does in
 * evaluation. The rest of gradlens sees a plain `weight`.
 */

import { lazyFloats } from "./tensor.js";
import type { Checkpoint, CheckpointTensor } from "./types.js";
import { say } from "../language/say.js";

type Part = CheckpointTensor;
type Parts = readonly [Part, ...Part[]];
type Values = readonly [Float32Array, ...Float32Array[]];

/** `weight_v` beside the module's other parameters, or `parametrizations.weight.original1` (PyTorch 1.9 and later). */
const STYLES = ["suffix", "parametrization"] as const;
type Style = (typeof STYLES)[number];

/** The computation of a tensor from its parts. */
interface Rule {
  /** torch.nn.utils' function. */
  readonly name: string;
  /** The names of the parts by style; the first part has the tensor's shape. */
  readonly parts: { readonly [S in Style]?: readonly [string, ...string[]] };
  /** True if the parts' shapes match the function. */
  readonly fits: (parts: Parts) => boolean;
  readonly compute: (values: Values, parts: Parts) => Float32Array;
}

const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** The axis whose slices have a norm each; -1 for one norm of all. Undefined for other shapes. */
function normAxis([v, g]: Parts): number | undefined {
  const { shape } = g!;
  const axes = shape.flatMap((n, axis) => (n === 1 ? [] : [axis]));
  if (axes.length === 0) return -1;
  const [axis] = axes as [number];
  const agrees = shape.length === v.shape.length && axes.length === 1 && shape[axis] === v.shape[axis];
  return agrees ? axis : undefined;
}

/** torch._weight_norm: g v / |v|. */
function weightNorm([v, g]: Values, parts: Parts): Float32Array {
  const { shape } = parts[0];
  const axis = normAxis(parts)!;
  const inner = size(shape.slice(axis + 1));
  const groupOf = (i: number): number => (axis < 0 ? 0 : Math.floor(i / inner) % shape[axis]!);
  const squares = new Float64Array(g!.length);
  v.forEach((value, i) => (squares[groupOf(i)]! += value * value));
  return v.map((value, i) => (value * g![groupOf(i)]!) / Math.sqrt(squares[groupOf(i)]!));
}

/** torch.nn.utils.spectral_norm: W / (u^T W v), W as a matrix of u's rows and v's columns. */
function spectralNorm([w, u, v]: Values): Float32Array {
  const columns = v!.length;
  let sigma = 0;
  u!.forEach((factor, row) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += w[row * columns + column]! * v![column]!;
    sigma += factor * sum;
  });
  return w.map((value) => value / sigma);
}

const fitsSpectral = ([w, u, v]: Parts): boolean =>
  u!.shape.length === 1 && v!.shape.length === 1 && size(w.shape) === u!.shape[0]! * v!.shape[0]!;

/** Rules with more parts come first: spectral_norm's parts begin as pruning's do. */
const RULES: readonly Rule[] = [
  {
    name: "spectral_norm",
    parts: { suffix: ["orig", "u", "v"], parametrization: ["original", "0._u", "0._v"] },
    fits: fitsSpectral,
    compute: spectralNorm,
  },
  {
    name: "pruning",
    parts: { suffix: ["orig", "mask"] },
    fits: ([original, mask]) => original.shape.join() === mask!.shape.join(),
    compute: ([original, mask]) => original.map((value, i) => value * mask![i]!),
  },
  {
    name: "weight_norm",
    parts: { suffix: ["v", "g"], parametrization: ["original1", "original0"] },
    fits: (parts) => normAxis(parts) !== undefined,
    compute: weightNorm,
  },
];

const RULES_BY_STYLE = RULES.flatMap((rule) =>
  STYLES.flatMap((style) => (rule.parts[style] ? [[rule, style, rule.parts[style]] as const] : [])),
);

const PARAMETRIZED = /^(.*?)parametrizations\.([^.]+)\.(.+)$/;

/** The tensor that has `key` as this part; undefined for another part. */
function wholeOf(key: string, style: Style, part: string): string | undefined {
  if (style === "suffix")
    return key.endsWith(`_${part}`) && /(?:weight|bias)_\w+$/.test(key)
      ? key.slice(0, -part.length - 1)
      : undefined;
  const [, module, name, found] = PARAMETRIZED.exec(key) ?? [];
  return found === part ? `${module}${name}` : undefined;
}

function partKey(whole: string, style: Style, part: string): string {
  if (style === "suffix") return `${whole}_${part}`;
  const dot = whole.lastIndexOf(".") + 1;
  return `${whole.slice(0, dot)}parametrizations.${whole.slice(dot)}.${part}`;
}

interface Computed {
  readonly rule: Rule;
  readonly tensor: CheckpointTensor;
  readonly keys: readonly string[];
}

/** Replaces each tensor in parts by one, at its first part. Values are read on demand. */
export function withComputedWeights(checkpoint: Checkpoint): Checkpoint {
  const { tensors, name: file, notes } = checkpoint;
  const counts = new Map<string, number>();
  for (const key of tensors.keys()) {
    const [, module, name] = PARAMETRIZED.exec(key) ?? [];
    if (name !== undefined) counts.set(`${module}${name}`, (counts.get(`${module}${name}`) ?? 0) + 1);
  }
  const computed = new Map<string, Computed>();
  for (const key of tensors.keys()) {
    const found = computedAt(file, key, tensors, counts);
    if (found) computed.set(key, found);
  }
  if (computed.size === 0) return checkpoint;
  const parts = new Set([...computed.values()].flatMap(({ keys }) => keys));
  const all = [...tensors].flatMap(([key, tensor]): [string, CheckpointTensor][] => {
    const whole = computed.get(key)?.tensor;
    if (whole) return [[whole.name, whole]];
    return parts.has(key) ? [] : [[key, tensor]];
  });
  return { ...checkpoint, tensors: new Map(all), notes: [...notes, ...notesOf([...computed.values()])] };
}

/** The computation from the parts whose first is `key`. Several parametrizations of one tensor are left unchanged. */
function computedAt(
  file: string,
  key: string,
  tensors: Checkpoint["tensors"],
  counts: ReadonlyMap<string, number>,
): Computed | undefined {
  for (const [rule, style, names] of RULES_BY_STYLE) {
    const whole = wholeOf(key, style, names[0]);
    if (whole === undefined || tensors.has(whole)) continue;
    const keys = names.map((name) => partKey(whole, style, name));
    const parts = keys.flatMap((part) => tensors.get(part) ?? []);
    const isStack = style === "parametrization" && counts.get(whole) !== keys.length;
    if (isStack || parts.length < keys.length || !rule.fits(parts as unknown as Parts)) continue;
    return { rule, keys, tensor: computedTensor(file, whole, rule, parts as unknown as Parts) };
  }
  return undefined;
}

function computedTensor(file: string, name: string, rule: Rule, parts: Parts): CheckpointTensor {
  const problem = parts.find((part) => part.problem !== undefined)?.problem;
  return lazyFloats(file, name, parts[0].shape, problem, async () => {
    const values: Float32Array[] = [];
    for (const part of parts) values.push(await part.floats());
    return rule.compute(values as unknown as Values, parts);
  });
}

function notesOf(computed: readonly Computed[]): string[] {
  const names = [...new Set(computed.map(({ rule }) => rule.name))];
  return names.map((name) => {
    const keys = computed.filter(({ rule }) => rule.name === name).map(({ tensor }) => tensor.name);
    const rest = keys.length > 1 ? say` and ${keys.length - 1} more` : "";
    return say`${name} of ${keys[0]}${rest} is computed`;
  });
}
