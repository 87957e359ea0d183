/** @file Checks that the graph computes the file's modules: each is used by a layer, or cannot change the output. */

import { HOOKS_SETTING } from "../../checkpoint/torch/setting-names.js";
import { badWeights } from "../../errors.js";
import type { FileModules } from "../../graph/file-modules.js";
import { INERT } from "../../models/activations.js";
import { containerIs } from "../../models/container-classes.js";
import { kindOf } from "../../models/file-layer.js";
import { enclosingPaths } from "../../models/spelling.js";
import type { NamedArch, Template } from "../../models/template.js";
import type { ModuleComparison } from "../settings/model-description.js";
import type { NamedModule } from "../network/module-names.js";
import type { Assumption } from "../settings/settings.js";
import { factorProblem } from "./factors.js";
import { wiringOf } from "./graph-wiring.js";
import type { Tensors } from "../file/tensors.js";
import { wiringProblem } from "./wiring.js";
import { phrase, say, translated } from "../../language/say.js";

/** Without modules inside they do nothing. */
const EMPTY = new Set(["Sequential", "ModuleList"]);

/** Modules that may follow the head. The maps explain the logits, so these do not matter. */
const OUTPUT = new Set(["Sigmoid", "Softmax", "LogSoftmax", "LogSigmoid"]);

/** Losses and metrics inside a model. They do not compute its output. */
const ASIDE = /(?:^|\.)(?:loss|losses|metrics|torchmetrics|criterion)\.|Loss$|Criterion$|Metric$/;

/** Classes of torch.nn.utils that compute a weight from others before the forward. */
const REPARAMETRIZATION = /^torch\.nn\.utils\.(?:weight_norm|spectral_norm|prune)\./;

/** @throws GradlensError "bad-weights" where the file says something that the graph does not compute */
export function compareModules(
  { name, tensors, calls }: Tensors,
  named: NamedArch,
  { graph, logits }: Template,
  modules: readonly NamedModule[],
): ModuleComparison {
  const holding = new Set([...tensors.keys()].flatMap(modulesAbove));
  const refuse = (problem: string): never => {
    throw badWeights(say`${name} does not match ${named.arch} as published: ${problem}`);
  };
  const log = graph.file.modules!;
  const { family } = named.def;
  const kinds = new Map(graph.modules.map(({ path, kind }) => [path, kind]));
  const parents = new Set(modules.flatMap(({ from }) => modulesAbove(from)));
  const unknown = new Set<string>();
  const hooks = new Set<string>();
  const isUsedPath = (path: string | undefined): boolean => path !== undefined && log.used.has(path);
  // The architecture may hold a module at several paths.
  const shared = new Set(modules.flatMap(({ path, module }) => (isUsedPath(path) ? [module] : [])));
  for (const { from, path, module } of modules) {
    for (const hook of hooksOf(module.settings.get(HOOKS_SETTING))) hooks.add(hook);
    const isUsed = isUsedPath(path) || (shared.has(module) && kinds.has(path ?? ""));
    if (isUsed && !parents.has(from)) continue;
    const { className } = module;
    if (parents.has(from) || holding.has(from)) {
      // Its code is compared below.
      if (calls) continue;
      const is = containerIs(className, path === undefined ? undefined : kinds.get(path), family);
      if (is === "other")
        refuse(say`its ${from} is ${className}, where the architecture has ${kinds.get(path!)}`);
      if (is === "unknown" && (path !== undefined || parents.has(from))) unknown.add(className);
      continue;
    }
    const kind = kindOf(module);
    if (isUsed || isWithoutEffect(kind, className) || isCopy(from, path, holding)) continue;
    if (path !== undefined && isFused(kinds.get(path), kind)) continue;
    refuse(say`its module ${from} (${className}) does not belong to it`);
  }
  const [missing] = log.missing;
  const wired = calls && wiringProblem(calls, modules, wiringOf(graph, logits), family);
  const problem = wired ?? (calls && factorProblem(modules, graph));
  if (problem !== undefined) refuse(problem);
  if (missing) refuse(say`it has no module ${missing.path} (${missing.kind})`);
  return {
    compared: log.used.size,
    computed: [...log.computed],
    notes: notesOf(modules, log),
    assumed: [
      ...assumption("forward", unknown, translated(FORWARD)),
      ...assumption("hooks", hooks, translated(HOOKS)),
    ],
  };
}

/** True for modules that cannot change the logits. */
const isWithoutEffect = (kind: string, className: string): boolean =>
  EMPTY.has(kind) || INERT.has(kind) || OUTPUT.has(kind) || ASIDE.test(className);

/** Modules that our graph has inside one op, such as Swin's softmax inside the attention. */
const isFused = (ours: string | undefined, kind: string): boolean => ours === "Softmax" && kind === "Softmax";

const hooksOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((one): one is string => typeof one === "string" && !REPARAMETRIZATION.test(one))
    : [];

/** The modules that hold the one at `path`, the root "" included. */
const modulesAbove = (path: string): string[] => (path === "" ? [] : ["", ...enclosingPaths(path)]);

/** True outside the network: below a module beside it with tensors of its own, such as an averaged copy. */
const isCopy = (from: string, path: string | undefined, holding: ReadonlySet<string>): boolean =>
  path === undefined && enclosingPaths(from).some((parent) => holding.has(parent));

function notesOf(modules: readonly NamedModule[], log: FileModules): string[] {
  const isTraining = modules.some(
    ({ path, module }) => path === "" && module.settings.get("training") === true,
  );
  const unchecked = [...log.unchecked];
  const more = unchecked.length > 3 ? say`, and ${unchecked.length - 3} more` : "";
  const notes = isTraining ? [say`it was saved in training mode; gradlens computes it as after .eval()`] : [];
  if (unchecked.length > 0)
    notes.push(
      say`not checked, since the file does not state them: ${unchecked.slice(0, 3).join(", ")}${more}`,
    );
  return notes;
}

const FORWARD = phrase`the code of these classes is not in the file: they are assumed to call their modules as the architecture does`;
const HOOKS = phrase`the file keeps these forward hooks without their code: they are assumed to change nothing`;

const assumption = (what: "forward" | "hooks", names: ReadonlySet<string>, because: string): Assumption[] =>
  names.size === 0 ? [] : [{ what, value: [...names].join(", "), because }];
