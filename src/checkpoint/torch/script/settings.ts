/** @file A module's settings from the call of the function that it is: of traced modules they stand nowhere else. */

import type { Json } from "../../json.js";
import type { ScriptOp } from "./run.js";

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

export function settingsOf(ops: readonly ScriptOp[]): ReadonlyMap<string, Json> {
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
  // An empty stride is the kernel.
  if (Array.isArray(settings.get("stride")) && (settings.get("stride") as Json[]).length === 0)
    settings.delete("stride");
  return settings;
}
