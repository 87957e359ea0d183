/** @file A traced module's settings, from its function call: the file has them nowhere else. */

import type { Json } from "../../json.js";
import type { ScriptOp, ScriptShape } from "./run.js";

/** Names of the arguments at their places, as torch.nn calls them; "" for what is no setting. */
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
  pad: ["", "pads", "padding_mode"],
};

/** What PyTorch takes where a call does not say it, as traced calls of gelu(x) and max_pool2d(x, k). */
const USUAL: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  conv2d: { stride: 1, padding: 0, dilation: 1, groups: 1 },
  max_pool2d: { padding: 0, dilation: 1, ceil_mode: false },
  avg_pool2d: { padding: 0, ceil_mode: false, count_include_pad: true },
  layer_norm: { eps: 1e-5 },
  group_norm: { eps: 1e-5 },
  gelu: { approximate: "none" },
};

const FUSED = "scaled_dot_product_attention";

/** Of queries and keys, where attention is not one function. */
const PRODUCT = /^(?:matmul|bmm|baddbmm|einsum)$/;

/** The setting of a module whose code multiplies by a number, outside of an attention's own scale. */
export const FACTOR = "factor";

export function settingsOf(
  ops: readonly ScriptOp[],
  shapes: readonly ScriptShape[],
): ReadonlyMap<string, Json> {
  const settings = new Map<string, Json>();
  for (const { name, args, named } of ops) {
    const names = ARGUMENTS[name];
    if (names === undefined) continue;
    for (const [key, value] of Object.entries(USUAL[name] ?? {})) settings.set(key, value);
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
  // The fused function scales by itself.
  if (factor !== undefined) settings.set(spelledOut ? "scale" : FACTOR, factor);
  const shift = shiftOf(ops, shapes);
  if (shift !== undefined) settings.set("shift_size", shift);
  // An empty stride is the kernel.
  if (Array.isArray(settings.get("stride")) && (settings.get("stride") as Json[]).length === 0)
    settings.delete("stride");
  return settings;
}

/** The numbers that a module's code multiplies and divides by, as one. */
function factorOf(ops: readonly ScriptOp[]): number | undefined {
  const factors = ops.flatMap(({ name, args }) => {
    const [, factor] = args;
    if (typeof factor !== "number") return [];
    return name === "mul" ? [factor] : name === "div" ? [1 / factor] : [];
  });
  return factors.length > 0 ? factors.reduce((product, factor) => product * factor) : undefined;
}

/**
 * The number of heads that an attention's values are split into: [..., heads, size], where another reshape joins them to
 * heads * size, or where the size follows. Undefined where there is none, or several.
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

/** Swin's shift, of code that cuts [batch, rows, side, columns, side, channels] into windows: no roll is a shift of 0. */
function shiftOf(ops: readonly ScriptOp[], shapes: readonly ScriptShape[]): Json | undefined {
  const cuts = shapes.some((shape) => shape.length === 6 && shape[2] !== undefined && shape[2] === shape[4]);
  if (!cuts) return undefined;
  const shifts = ops.find(({ name }) => name === "roll")?.args[1];
  return Array.isArray(shifts) ? shifts.map((by) => Math.abs(Number(by))) : 0;
}
