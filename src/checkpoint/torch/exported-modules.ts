/** @file Reads the modules of a torch.export graph: each operator names its module and its settings. */

import { isObject, type Json } from "../json.js";
import type { FileModule } from "../types.js";

/** Arguments of an operator that are settings of its module, with the defaults that a graph omits. */
type Settings = Readonly<Record<string, Json>>;

const CONV: Settings = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 };
const EPS: Settings = { eps: 1e-5 };
const POOL: Settings = { kernel_size: null, stride: null, padding: [0, 0], ceil_mode: false };

const OPERATORS: Readonly<Record<string, Settings>> = {
  conv2d: CONV,
  convolution: CONV,
  batch_norm: EPS,
  _native_batch_norm_legit_no_training: EPS,
  layer_norm: EPS,
  native_layer_norm: EPS,
  group_norm: { num_groups: null, ...EPS },
  max_pool2d: { ...POOL, dilation: [1, 1] },
  avg_pool2d: { ...POOL, count_include_pad: true },
  adaptive_avg_pool2d: { output_size: null },
  leaky_relu: { negative_slope: 0.01 },
  leaky_relu_: { negative_slope: 0.01 },
  gelu: { approximate: "none" },
};

/** "torch.ops.aten.conv2d.default" */
const TARGET = /^torch\.ops\.aten\.(\w+)\.\w+$/;

/**
 * The modules by path, with the settings in the graph's operators; undefined if the graph names none, or in an unknown format.
 */
export function modulesOfGraph(program: Json): ReadonlyMap<string, FileModule> | undefined {
  const found = new Map<string, { className: string; settings: Map<string, Json> }>();
  for (const node of nodesOf(program)) {
    const modules = stackOf(node);
    if (modules === undefined) return undefined;
    for (const [path, className] of modules)
      if (!found.has(path)) found.set(path, { className, settings: new Map() });
    const own = found.get(modules.at(-1)?.[0] ?? "");
    if (own !== undefined) for (const [key, value] of settingsOf(node)) own.settings.set(key, value);
  }
  return found.size > 0 ? found : undefined;
}

function nodesOf(program: Json): { [key: string]: Json }[] {
  const module = isObject(program) ? program.graph_module : undefined;
  const graph = isObject(module) ? module.graph : undefined;
  const nodes = isObject(graph) ? graph.nodes : undefined;
  return Array.isArray(nodes) ? nodes.filter(isObject) : [];
}

/** [path, class] from the network to the module: "L__self__,,a.Net;L__self__conv1,conv1,torch.nn.modules.conv.Conv2d". */
function stackOf({ metadata }: { [key: string]: Json }): [string, string][] | undefined {
  const stack = isObject(metadata) ? metadata.nn_module_stack : undefined;
  if (typeof stack !== "string") return [];
  const modules = stack.split(";").map((entry): [string, string] => {
    const [, path = "", className = ""] = entry.split(",");
    return [path, className];
  });
  return modules.every(([path, className]) => /^[\w.]*$/.test(path) && /^[\w.]+$/.test(className))
    ? modules
    : undefined;
}

function settingsOf({ target, inputs }: { [key: string]: Json }): Map<string, Json> {
  const [, operator = ""] = TARGET.exec(typeof target === "string" ? target : "") ?? [];
  if (!Object.hasOwn(OPERATORS, operator)) return new Map();
  const settings = new Map(Object.entries(OPERATORS[operator]!));
  for (const input of Array.isArray(inputs) ? inputs.filter(isObject) : []) {
    if (typeof input.name !== "string" || !settings.has(input.name) || !isObject(input.arg)) continue;
    // {"as_ints": [2, 2]}
    const [value] = Object.values(input.arg);
    if (value !== undefined) settings.set(input.name, value);
  }
  // A pool without a stride uses its window's.
  if (settings.has("kernel_size") && settings.get("stride") === null)
    settings.set("stride", settings.get("kernel_size")!);
  return settings;
}
