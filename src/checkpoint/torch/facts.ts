/** @file Collects a training state's plain values beside its weights, by dotted path: arguments, classes, loss. */

import type { Json } from "../json.js";
import { PyRecord, type PyValue } from "../pickle/values.js";
import { tensorIn } from "./constructors.js";
import { isModule } from "./modules.js";
import { calledIn, heldBy, isNumber, scalarOf } from "./plain-values.js";
import { pythonConfigFacts } from "./python-config.js";
import type { TorchTensor } from "./tensor-value.js";

/** The most values to visit, against hostile files and long training histories. */
const MOST = { depth: 12, values: 100_000, facts: 2000, walkedList: 16 } as const;

/** The most elements of a tensor that is a value, not a parameter: three means. */
const FEW = 4;

/** Training state that does not describe the network. A loss is kept, because it defines the meaning of scores. */
const SKIPPED =
  /^(?:optim|opt_state|lr_sched|sched|scaler|amp$|grad_scaler|rng|.*rng_state|callbacks$|loops$)/i;

/** Tables of class names are kept whole, because a name may hold dots. */
const LABEL_TABLE = /class|label|categor|vocab|idx|^names$/i;

const PRIVATE = /^_(?!target_$|name_or_path$)/;

/** @param weights the path of the weights, "" for the file's root */
export function valuesBeside(root: PyValue, weights: string): Pick<Walk, "facts" | "tensors"> {
  const walk = new Walk(weights);
  walk.visit(root, [], 0);
  return walk;
}

class Walk {
  readonly facts = new Map<string, Json>();
  /** Tensors of few elements, by path. */
  readonly tensors = new Map<string, TorchTensor>();
  private readonly seen = new Set<PyValue>();
  private left: number = MOST.values;

  constructor(private readonly weights: string) {}

  visit(held: PyValue, path: readonly string[], depth: number): void {
    const value = heldBy(held);
    const name = path.at(-1) ?? "";
    if (depth > MOST.depth || this.facts.size >= MOST.facts || --this.left < 0) return;
    const tensor = tensorIn(value);
    if (tensor !== undefined) {
      const isWeight = this.weights === "";
      if (!isWeight && tensor.shape.reduce((size, n) => size * n, 1) <= FEW)
        this.tensors.set(path.join("."), tensor);
      return;
    }
    const plain = this.plain(value, name);
    if (plain !== undefined) {
      if (path.length > 0) this.add(path.join("."), plain);
      return;
    }
    if (typeof value !== "object" || value === null || this.seen.has(value)) return;
    this.seen.add(value);
    if (isModule(value)) {
      for (const [key, field] of labelTables(value)) this.visit(field, [...path, key], depth + 1);
      return;
    }
    if (depth > 0 && (path.join(".") === this.weights || isStateDict(value))) return;
    if (value instanceof Map && value.has("param_groups")) return;
    for (const [key, field] of fieldsOf(value)) {
      if (--this.left < 0) return;
      if (typeof key !== "string" && typeof key !== "number") continue;
      const step = String(key);
      if (!SKIPPED.test(step) && !PRIVATE.test(step)) this.visit(field, [...path, step], depth + 1);
    }
  }

  private add(path: string, plain: Json): void {
    this.facts.set(path, plain);
    if (typeof plain !== "string" || !/\bdict\(/.test(plain)) return;
    for (const [step, value] of pythonConfigFacts(plain)) this.facts.set(`${path}.${step}`, value);
  }

  /** A value to keep whole: a scalar, a list of them, a table of class names, a class by its name. */
  private plain(value: PyValue, name: string): Json | undefined {
    const scalar = scalarOf(value);
    if (scalar !== undefined) return scalar;
    if (Array.isArray(value)) return this.list(value);
    if (value instanceof Map) return this.table(value, name);
    if (!(value instanceof PyRecord)) return undefined;
    if (/^torch\.nn\.modules\.loss\./.test(value.className) || /loss|criterion/i.test(name)) {
      return calledIn(value) ?? value.className;
    }
    // fastai's lists, such as a CategoryMap.
    const items = value.items.length > 0 ? value.items : value.attribute("items");
    return Array.isArray(items) && items.length > 0 ? this.list(items) : undefined;
  }

  private list(values: readonly PyValue[]): Json[] | undefined {
    const all: Json[] = [];
    for (const value of values) {
      const one = --this.left < 0 ? undefined : (scalarOf(value) ?? this.pair(value));
      if (one === undefined) return undefined;
      all.push(one);
    }
    return all;
  }

  private pair(value: PyValue): Json | undefined {
    if (!Array.isArray(value) || value.length > FEW) return undefined;
    const all = value.map(scalarOf);
    return all.every((one) => one !== undefined) ? all : undefined;
  }

  /** A dict by number, or one of class names. */
  private table(dict: ReadonlyMap<PyValue, PyValue>, name: string): Json | undefined {
    const isTable = dict.size > 0 && (LABEL_TABLE.test(name) || [...dict.keys()].every(isNumber));
    if (!isTable) return undefined;
    const entries: [string, Json][] = [];
    for (const [key, value] of dict) {
      const one = --this.left < 0 ? undefined : scalarOf(value);
      if (one === undefined || (typeof key !== "string" && !isNumber(key))) return undefined;
      entries.push([String(key), one]);
    }
    return Object.fromEntries(entries);
  }
}

/** True for a container of parameters: other weights of the file. */
function isStateDict(value: PyValue): boolean {
  for (const [, field] of fieldsOf(value)) {
    const tensor = tensorIn(field);
    if (tensor && tensor.shape.reduce((size, n) => size * n, 1) > FEW) return true;
  }
  return false;
}

/** Users attach class names to a model itself; its other attributes belong to its modules. */
function* labelTables(module: PyRecord): Iterable<readonly [string, PyValue]> {
  for (const [key, value] of module.attributes())
    if (typeof key === "string" && LABEL_TABLE.test(key) && !PRIVATE.test(key)) yield [key, value];
}

function* fieldsOf(value: PyValue): Iterable<readonly [PyValue, PyValue]> {
  if (value instanceof Map) yield* value;
  else if (Array.isArray(value) && value.length <= MOST.walkedList) yield* value.entries();
  else if (value instanceof PyRecord) {
    yield* value.entries;
    yield* value.attributes();
  }
}
