/** @file Recovers a traced module's settings from its function calls; the file does not record them elsewhere. */

import type { Json } from "../../json.js";
import { FACTOR } from "../setting-names.js";
import type { ScriptOp, ScriptShape } from "./script-run.js";

/** Names of the arguments by position, as in torch.nn; "" for arguments that are not settings. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  conv2d: ["", "", "", "stride", "padding", "dilation", "groups"],
  _convolution_mode: ["", "", "", "stride", "padding", "dilation", "groups"],
  _convolution: ["", "", "", "stride", "padding", "dilation", "transposed", "", "groups"],
  batch_norm: ["", "", "", "", "", "", "", "eps"],
  layer_norm: ["", "", "", "", "eps"],
  group_norm: ["", "num_groups", "", "", "eps"],
  max_pool2d: ["", "kernel_size", "stride", "padding", "dilation", "ceil_mode"],
  avg_pool2d: ["", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"],
  adaptive_avg_pool2d: ["", "output_size"],
  adaptive_max_pool2d: ["", "output_size"],
  leaky_relu: ["", "negative_slope"],
  rrelu: ["", "lower", "upper"],
  hardtanh: ["", "min_val", "max_val"],
  elu: ["", "alpha"],
  celu: ["", "alpha"],
  softplus: ["", "beta", "threshold"],
  threshold: ["", "threshold", "value"],
  hardshrink: ["", "lambd"],
  softshrink: ["", "lambd"],
  gelu: ["", "approximate"],
  _native_multi_head_attention: ["", "", "", "embed_dim", "num_heads"],
  scaled_dot_product_attention: ["", "", "", "", "", "is_causal", "scale"],
  mean: ["", "mean_dim"],
  // In norms that are written out
  add: ["", "eps"],
  pad: ["", "pads", "padding_mode", "pad_value"],
  constant_pad_nd: ["", "pads", "pad_value"],
};

/** PyTorch's defaults for arguments that a call omits, such as traced calls of gelu(x) and max_pool2d(x, k). */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  conv2d: { stride: 1, padding: 0, dilation: 1, groups: 1 },
  max_pool2d: { padding: 0, dilation: 1, ceil_mode: false },
  avg_pool2d: { padding: 0, ceil_mode: false, count_include_pad: true },
  layer_norm: { eps: 1e-5 },
  group_norm: { eps: 1e-5 },
  gelu: { approximate: "none" },
};

const FUSED = "scaled_dot_product_attention";

/** The products of queries and keys in attention without the fused function. */
const PRODUCT = /^(?:matmul|bmm|baddbmm|einsum)$/;

export function settingsOf(
  ops: readonly ScriptOp[],
  shapes: readonly ScriptShape[],
): ReadonlyMap<string, Json> {
  const settings = new Map<string, Json>();
  for (const { name, args, named } of ops) {
    const names = ARGUMENTS[name];
    if (names === undefined) continue;
    for (const [key, value] of Object.entries(DEFAULTS[name] ?? {})) settings.set(key, value);
    names.forEach((key, i) => {
      const value = args[i];
      if (key !== "" && value !== undefined && value !== null) settings.set(key, value);
    });
    for (const [key, value] of named) {
      if (names.includes(key) && value !== undefined && value !== null) settings.set(key, value);
    }
  }
  const spelledOut = ops.some(({ name }) => PRODUCT.test(name));
  const heads = spelledOut || ops.some(({ name }) => name === FUSED) ? headsIn(shapes) : undefined;
  if (heads !== undefined) settings.set("num_heads", heads);
  const factor = factorOf(ops);
  // The fused function applies the scale itself.
  if (factor !== undefined) settings.set(spelledOut ? "scale" : FACTOR, factor);
  // Two products, of queries and keys and with the values, make an attention.
  else if (
    ops.filter(({ name }) => PRODUCT.test(name)).length > 1 &&
    !ops.some(({ name }) => /^(?:mul|div)$/.test(name))
  )
    settings.set("scale", 1);
  const shift = shiftOf(ops, shapes);
  if (shift !== undefined) settings.set("shift_size", shift);
  // PyTorch's empty stride means the kernel size.
  if (Array.isArray(settings.get("stride")) && (settings.get("stride") as Json[]).length === 0)
    settings.delete("stride");
  return settings;
}

/** The numbers that a module's code multiplies and divides by, as one factor each. */
function factorOf(ops: readonly ScriptOp[]): number | undefined {
  const factors = ops.flatMap(({ name, args }) => {
    const [, factor] = args;
    if (typeof factor !== "number") return [];
    return name === "mul" ? [factor] : name === "div" ? [1 / factor] : [];
  });
  return factors.length > 0 ? factors.reduce((product, factor) => product * factor) : undefined;
}

/**
 * The number of an attention's heads, from a reshape to [..., heads, size]. Another reshape joins both to heads * size, or size
 * is -1. Undefined if none or several match.
 */
function headsIn(shapes: readonly ScriptShape[]): number | undefined {
  const joined = new Set(shapes.map((shape) => shape.at(-1)));
  const found = new Set<number>();
  for (const shape of shapes) {
    const [heads, size] = shape.slice(-2);
    if (shape.length < 4 || heads === undefined || heads < 1 || size === undefined) continue;
    if (joined.has(heads * size) || (size === -1 && shape.length < 6)) found.add(heads);
  }
  return found.size === 1 ? [...found][0] : undefined;
}

/** Swin's shift, from code that partitions [batch, rows, side, columns, side, channels] into windows. Without a roll it is 0. */
function shiftOf(ops: readonly ScriptOp[], shapes: readonly ScriptShape[]): Json | undefined {
  const cuts = shapes.some((shape) => shape.length === 6 && shape[2] !== undefined && shape[2] === shape[4]);
  if (!cuts) return undefined;
  const shifts = ops.find(({ name }) => name === "roll")?.args[1];
  return Array.isArray(shifts) ? shifts.map((by) => Math.abs(Number(by))) : 0;
}
