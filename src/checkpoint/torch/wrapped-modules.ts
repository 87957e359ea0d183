/** @file Unwraps modules that a pickle holds inside a call: compiled ones, methods of a module, and those of torch.fx. */

import { PyRecord, type Constructor, type PyValue } from "../pickle/values.js";
import { isModule } from "./modules.js";
import { phrase } from "../../language/say.js";

/** torch.fx's modules run generated code, which the file holds as text. */
export const GRAPH_MODULE_MAKER = "torch.fx.graph_module.reduce_graph_module";
export const GRAPH_MODULE_NOTE = phrase`it was saved as a torch.fx GraphModule, whose own code was not compared with the architecture; check the result with \`gradlens verify\``;

/** Methods that end up in a file when the call's parentheses are forgotten: `torch.save(model.state_dict, path)`. */
const METHODS: ReadonlySet<PyValue | undefined> = new Set([
  "state_dict",
  "parameters",
  "named_parameters",
  "forward",
  "eval",
  "train",
]);

/** `getattr(module, "state_dict")` gives the module: the method's object holds all of it. */
const method: Constructor = (args) => {
  const [module, name] = args;
  return module !== undefined && isModule(module) && METHODS.has(name)
    ? module
    : new PyRecord(GETATTR, [...args]);
};

const GETATTR = "builtins.getattr";
const COMPILED = "torch._dynamo.eval_frame.OptimizedModule";

/** OptimizedModule(module, context), from torch.compile, computes the same as the module. */
const compiled: Constructor = (args) => {
  const [module] = args;
  return module !== undefined && isModule(module) ? module : new PyRecord(COMPILED, [...args]);
};

/** reduce_graph_module(attributes, imports) */
const graphModule: Constructor = ([attributes = null]) => {
  const module = new PyRecord("torch.fx.graph_module.GraphModule", null);
  module.state = attributes;
  return module;
};

export const MODULE_WRAPPERS: ReadonlyMap<string, Constructor> = new Map([
  [GETATTR, method],
  [COMPILED, compiled],
  [GRAPH_MODULE_MAKER, graphModule],
]);
