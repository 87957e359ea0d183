/** @file Finds the weights in a pickle: a state dict at any depth, or the modules of a whole pickled model. */

import { PyRecord, type PyValue } from "../pickle/values.js";
import { badFile } from "../source.js";
import { quote } from "../quote.js";
import { tensorIn } from "./constructors.js";
import { isModule, moduleParts } from "./modules.js";
import type { TorchTensor } from "./tensor-value.js";
import { say } from "../../language/say.js";

/** Common keys of weights. Of several, the first in this list is used (raw weights before averaged ones). */
const WEIGHT_KEYS = [
  "state_dict",
  "model_state_dict",
  "model",
  "net",
  "network",
  "weights",
  "model_state",
  "net_state_dict",
  "module",
  "params",
  "student",
  "ema",
  "state_dict_ema",
  "model_ema",
  "params_ema",
  "ema_state_dict",
  "teacher",
] as const;

/** Training state beside the weights; its tensors are not parameters. */
const TRAINING_KEY =
  /^(?:optim|opt$|lr_sched|sched|scaler|amp|grad_scaler|loss_scaler|criterion|rng|.*rng_state|callbacks$|loops$)/i;

/** The depth of nested containers; weights lie less deep. */
const MAX_DEPTH = 40;
/** The most values to visit; training histories may have millions. */
const MAX_VISITS = 20_000_000;
/** The most modules to visit; shared children could otherwise repeat without end. */
const MAX_MODULES = 100_000;

export interface Weights {
  /** The path of the weights, such as "state_dict"; "" for the file's root. */
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** The modules that hold them, by path; empty for a state dict. */
  readonly modules: ReadonlyMap<string, PyRecord>;
  /** Other weights in the file, by path. */
  readonly others: readonly string[];
}

/**
 * @param wanted the path of the requested state dict, such as "model_ema"
 * @throws GradlensError "bad-file" if `wanted` does not exist, or the file's values are nested without end
 */
export function findStateDict(file: string, root: PyValue, wanted?: string): Weights {
  const walk = new Walk(file);
  if (wanted !== undefined) return { path: wanted, ...weightsAt(walk, root, wanted), others: [] };
  const steps: string[] = [];
  const others: string[] = [];
  let value = root;
  while (steps.length < MAX_DEPTH && !isModule(value)) {
    const fields = fieldsOf(value);
    const named = WEIGHT_KEYS.filter((key) => walk.holdsWeights(fields.get(key) ?? null, 0));
    const [first, ...rest] = named.length > 0 ? named : walk.onlyWeights(fields);
    if (first === undefined) break;
    for (const key of rest) others.push([...steps, key].join("."));
    steps.push(first);
    value = fields.get(first)!;
  }
  return { path: steps.join("."), ...walk.flatten(value), others };
}

function weightsAt(walk: Walk, root: PyValue, path: string): Flattened {
  let value = root;
  const steps = path.split(".").filter((step) => step !== "");
  for (let i = 0; i < steps.length;) {
    // A key may hold dots itself: the longest run of steps that is a key counts.
    const fields = fieldsOf(value);
    const key = steps
      .map((_, last) => steps.slice(i, steps.length - last).join("."))
      .find((k) => fields.get(k) !== undefined);
    if (key === undefined || key === "") {
      const there = [...fields.entries()]
        .flatMap(([name]) => (typeof name === "string" ? [quote(name)] : []))
        .slice(0, 12);
      throw badFile(
        walk.file,
        say`has no state dict ${quote(path)}: there ${there.length ? say`are ${there.join(", ")}` : say`is nothing with a name`}`,
      );
    }
    value = fields.get(key)!;
    i += key.split(".").length;
  }
  const found = walk.flatten(value);
  if (found.tensors.size === 0) throw badFile(walk.file, say`has no weights at ${quote(path)}`);
  return found;
}

type Flattened = Pick<Weights, "tensors" | "modules">;

/** The named values inside a container or a record. */
interface Fields {
  get(key: string): PyValue | undefined;
  entries(): Iterable<readonly [PyValue, PyValue]>;
}

export function fieldsOf(value: PyValue): Fields {
  if (value instanceof Map) return value;
  if (value instanceof PyRecord && value.entries.size > 0) return value.entries;
  if (value instanceof PyRecord)
    return { get: (key) => value.attribute(key), entries: () => value.attributes() };
  if (Array.isArray(value)) return { get: (key) => value[Number(key)], entries: () => value.entries() };
  return NO_FIELDS;
}

const NO_FIELDS: Fields = new Map();

/** True for an optimizer or its state dict, whatever its name. */
export const isOptimizer = (value: PyValue): boolean =>
  ["param_groups", "state"].every((key) => fieldsOf(value).get(key) !== undefined);

const isTraining = (key: PyValue, value: PyValue): boolean =>
  (typeof key === "string" && TRAINING_KEY.test(key)) || isOptimizer(value);

/** Searches a file's values, within limits that no checkpoint needs. */
class Walk {
  private visits = 0;
  private modules = 0;

  constructor(readonly file: string) {}

  private visit(): void {
    if (++this.visits > MAX_VISITS || this.modules > MAX_MODULES) {
      throw badFile(this.file, say`holds values inside values without end: it is not a checkpoint`);
    }
  }

  /** True if a value has a tensor at any depth of its fields, or in a module. */
  holdsWeights(value: PyValue, depth: number): boolean {
    if (isModule(value)) return true;
    if (tensorIn(value) !== undefined || depth > 2) return false;
    for (const [key, field] of fieldsOf(value).entries()) {
      this.visit();
      if (tensorIn(field) !== undefined) return true;
      if (!isTraining(key, field) && this.holdsWeights(field, depth + 1)) return true;
    }
    return false;
  }

  /** The only field with weights, if no other has any and no tensor lies beside it. */
  onlyWeights(fields: Fields): string[] {
    const found: string[] = [];
    for (const [key, field] of fields.entries()) {
      this.visit();
      if (tensorIn(field) !== undefined || found.length > 1) return [];
      if (isTraining(key, field) || !this.holdsWeights(field, 0)) continue;
      found.push(typeof key === "number" ? `${key}` : typeof key === "string" ? key : "");
    }
    return found.length === 1 ? found : [];
  }

  /** Every tensor and module by its dotted path. A container is visited once, a module at each of its paths. */
  flatten(root: PyValue): Flattened {
    const tensors = new Map<string, TorchTensor>();
    const modules = new Map<string, PyRecord>();
    const seen = new Set<PyValue>();
    const walk = (value: PyValue, path: string, depth: number, inModule: boolean): void => {
      const tensor = tensorIn(value);
      if (tensor !== undefined) tensors.set(path, tensor);
      if (tensor !== undefined || depth > MAX_DEPTH || seen.has(value)) return;
      const module = isModule(value);
      // Inside a model only modules hold weights.
      if (inModule && !module) return;
      seen.add(value);
      if (module) {
        this.modules++;
        if (value.attribute("training") !== undefined) modules.set(path, value);
      }
      const fields = module ? moduleParts(value) : fieldsOf(value).entries();
      for (const [key, field] of fields) {
        this.visit();
        if (
          typeof field !== "object" ||
          field === null ||
          (typeof key !== "string" && typeof key !== "number")
        )
          continue;
        if (module || !isTraining(key, field))
          walk(field, path === "" ? String(key) : `${path}.${key}`, depth + 1, module);
      }
      if (module) seen.delete(value);
    };
    walk(root, "", 0, false);
    return { tensors, modules };
  }
}
