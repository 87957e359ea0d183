/**
 * @file Follows TorchScript code from the input to the logits without computing numbers. It records each module's inputs, and the
 * functions called with literals.
 */

import type { Json } from "../../json.js";
import { PyRecord, type PyValue } from "../../pickle/values.js";
import { TorchTensor } from "../tensor-value.js";
import type { FileCall, FileOp } from "../../types.js";
import { isModule } from "../modules.js";
import type { ScriptClass, ScriptCode, ScriptFunction, Statement } from "./code.js";
import { NotScript, type Expression } from "./expression.js";
import { constant, from, merged, plain, UNKNOWN, type Flow, type Value } from "./flow.js";
import { joinedTerms, NO_TERMS, type Terms } from "./terms.js";

/** A PyTorch function that a module's code calls. */
export interface ScriptOp {
  /** Without `torch.` and without the underscore of in-place ops. */
  readonly name: string;
  /** Literals; undefined for other arguments. */
  readonly args: readonly (Json | undefined)[];
  readonly named: ReadonlyMap<string, Json | undefined>;
}

export interface ScriptRun {
  /** By the module's path. */
  readonly ops: ReadonlyMap<string, readonly ScriptOp[]>;
  /** By the module's path: the sizes of its reshapes. */
  readonly shapes: ReadonlyMap<string, readonly ScriptShape[]>;
  /** By the module's path; "" for the network's output. */
  readonly calls: ReadonlyMap<string, FileCall>;
}

/** Literal sizes of a reshape; undefined for computed ones. */
export type ScriptShape = readonly (number | undefined)[];

/** A network's program needs some thousand steps; a hostile one may call itself without end. */
const MAX_STEPS = 2_000_000;
const MAX_DEPTH = 30;
/** The most values in a list, including nested lists. */
const MAX_ITEMS = 10_000;

/** Functions that return sizes and types, not values. */
const MEASURES =
  /^(?:size|dim|len|numel|shape|device|dtype|type|is_\w+|NumToTensor|requires_grad|layout|ndimension|__is__|__isnot__|__not__|__contains__|new_\w+|\w+_like|warn|format|RaiseException|get_fastpath_enabled)$/;

/** Functions that rearrange values without changing them. */
const ARRANGES =
  /^(?:flatten|unflatten|reshape|view|permute|transpose|t|contiguous|unsqueeze|squeeze|expand|expand_as|slice|select|unbind|chunk|split|split_with_sizes|to|type_as|clone|detach|alias|movedim|swapaxes|dropout|feature_dropout|alpha_dropout|narrow|append|list|tuple|getitem|unchecked_cast|view_as|reshape_as|is_grad_enabled)$/;

/** torchvision's tuples of the logits and the logits of auxiliary classifiers. Evaluation mode has no auxiliary ones. */
const WITH_AUXILIARIES = /^(?:Inception|GoogLeNet)Outputs$/;

const RESHAPES = /^(?:reshape|view)$/;

type Scope = Map<string, Value>;

/** The returned value of a block; undefined if it ran to its end. */
type Result = Value | undefined;

export class ScriptFollower {
  private steps = 0;
  private depth = 0;
  /** The module whose forward is being followed. */
  private current = "";
  private inLeaf = false;
  private readonly ops = new Map<string, ScriptOp[]>();
  private readonly shapes = new Map<string, ScriptShape[]>();
  private readonly calls = new Map<string, { inputs: Set<string>; ops: Set<FileOp>; terms: Terms }>();

  constructor(private readonly code: ScriptCode) {}

  /** @throws NotScript for endless code, or code that is not TorchScript */
  run(root: PyRecord): ScriptRun {
    const output = this.method({ kind: "module", path: "", record: root }, "forward", [from("")]);
    this.note("", merged([output]));
    return {
      ops: this.ops,
      shapes: this.shapes,
      calls: new Map(
        [...this.calls].map(([path, { inputs, ops, terms }]) => [
          path,
          { inputs: [...inputs], ops: [...ops], terms },
        ]),
      ),
    };
  }

  private step(): void {
    if (++this.steps > MAX_STEPS || this.depth > MAX_DEPTH) throw new NotScript("code without end");
  }

  private classOf(record: PyRecord): ScriptClass | undefined {
    return this.code.classes.get(record.className);
  }

  /** Calls a module's method. A module without children is one step of the network. */
  private method(
    module: Value & { kind: "module" },
    name: string,
    args: readonly Value[],
    named: ReadonlyMap<string, Value> = new Map(),
  ): Value {
    const body = this.classOf(module.record)?.methods.get(name);
    const outer = this.current;
    this.current = module.path;
    const isStep = !this.inLeaf && name.startsWith("forward") && isLeaf(module.record);
    const output = isStep
      ? this.stepOf(module, body, args)
      : body
        ? this.call(body, [module, ...args], named)
        : merged(args, `${module.path}.${name}`);
    this.current = outer;
    return output;
  }

  private stepOf(
    module: Value & { kind: "module" },
    body: ScriptFunction | undefined,
    args: readonly Value[],
  ): Value {
    const before = this.ops.get(module.path)?.length ?? 0;
    const input = merged(args);
    this.inLeaf = true;
    const output = body ? this.call(body, [module, ...args.map(() => input)], new Map()) : input;
    this.inLeaf = false;
    this.note(module.path, input);
    // A value of weights alone counts as a weight, for example Swin V2's position biases.
    if (input.inputs.size === 0) return UNKNOWN;
    // A module that does nothing, such as Dropout, passes its input through.
    if ((this.ops.get(module.path)?.length ?? 0) === before && merged([output]).inputs.size > 0) return input;
    return returnsSeveral(output)
      ? { kind: "items", items: [from(module.path), UNKNOWN] }
      : from(module.path);
  }

  private note(path: string, { inputs, ops, terms }: Flow): void {
    const known = this.calls.get(path) ?? {
      inputs: new Set<string>(),
      ops: new Set<FileOp>(),
      terms: NO_TERMS,
    };
    inputs.forEach((one) => known.inputs.add(one));
    ops.forEach((one) => known.ops.add(one));
    this.calls.set(path, { ...known, terms: joinedTerms([known.terms, terms], "beside") });
  }

  private noteShape(sizes: Value | undefined): void {
    if (sizes?.kind !== "items") return;
    const shape = sizes.items.map((item) => {
      const size = plain(item);
      return typeof size === "number" ? size : undefined;
    });
    this.shapes.set(this.current, [...(this.shapes.get(this.current) ?? []), shape]);
  }

  private call(f: ScriptFunction, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    this.depth++;
    const scope: Scope = new Map();
    f.parameters.forEach(({ name, fallback }, i) => {
      const value = args[i] ?? named.get(name) ?? (fallback && this.value(fallback, scope));
      scope.set(name, value ?? UNKNOWN);
    });
    const result = this.block(f.body, scope) ?? constant(null);
    this.depth--;
    return result;
  }

  private block(body: readonly Statement[], scope: Scope): Result {
    for (const statement of body) {
      const result = this.statement(statement, scope);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  private statement(s: Statement, scope: Scope): Result {
    this.step();
    if (s.kind === "return") return s.value ? this.value(s.value, scope) : constant(null);
    if (s.kind === "if") return this.branch(s, scope);
    if (s.kind === "loop") {
      for (const name of s.names) scope.set(name, UNKNOWN);
      return this.block(s.body, scope);
    }
    const value = this.value(s.value, scope);
    if (s.kind === "set") this.assign(s.names, value, scope);
    return undefined;
  }

  private assign(names: readonly string[], value: Value, scope: Scope): void {
    if (names.length === 1) scope.set(names[0]!, value);
    else
      names.forEach((name, i) =>
        scope.set(name, value.kind === "items" ? (value.items[i] ?? UNKNOWN) : value),
      );
  }

  /** Follows the branch of a known condition, else merges the results of both. */
  private branch(s: Statement & { kind: "if" }, scope: Scope): Result {
    const condition = plain(this.value(s.condition, scope));
    if (typeof condition === "boolean") return this.block(condition ? s.then : s.otherwise, scope);
    const other: Scope = new Map(scope);
    const results = [this.block(s.then, scope), this.block(s.otherwise, other)];
    for (const [name, value] of other) {
      const own = scope.get(name);
      if (own === undefined) scope.set(name, value);
      else if (own !== value && JSON.stringify(plain(own)) !== JSON.stringify(plain(value) ?? 0))
        scope.set(name, merged([own, value]));
    }
    const made = results.filter((one) => one !== undefined);
    return made.length === 2 ? merged(made) : made[0];
  }

  private value(e: Expression, scope: Scope): Value {
    this.step();
    switch (e.kind) {
      case "literal":
        return constant(e.value);
      case "name":
        return scope.get(e.name) ?? { kind: "function", name: e.name };
      case "items":
        return this.items(e.items.map((item) => this.value(item, scope)));
      case "index":
        return this.indexed(this.value(e.of, scope), this.value(e.at, scope));
      case "attribute":
        return this.attribute(this.value(e.of, scope), e.name);
      case "call":
        return this.calling(e, scope);
    }
  }

  /** A list. Each value of nested lists counts as a step. */
  private items(items: Value[]): Value {
    const size = items.reduce((sum, item) => sum + (item.kind === "items" ? sizeOf(item, MAX_ITEMS) : 1), 0);
    this.steps += size;
    if (size > MAX_ITEMS) throw new NotScript("lists without end");
    return { kind: "items", items };
  }

  private indexed(of: Value, at: Value): Value {
    const index = plain(at.kind === "items" ? at.items[0] : at);
    const list = plain(of);
    if (of.kind === "items" && typeof index === "number") return of.items.at(index) ?? UNKNOWN;
    if (Array.isArray(list) && typeof index === "number") return constant(list.at(index) ?? null);
    return merged([of]);
  }

  private attribute(of: Value, name: string): Value {
    if (of.kind === "function" && of.name === "CONSTANTS") {
      const number = this.code.constants[Number(name.slice(1))];
      return number === undefined ? UNKNOWN : constant(number);
    }
    if (of.kind === "function") return { kind: "function", name: `${of.name}.${name}` };
    if (of.kind !== "module") return merged([of]);
    const value = of.record.attribute(name);
    const known = value === undefined ? this.classOf(of.record)?.constants.get(name) : undefined;
    if (known !== undefined) return constant(known);
    // The network is followed in evaluation mode.
    if (name === "training") return constant(false);
    if (value instanceof TorchTensor) return { ...UNKNOWN, owner: of.path };
    return valueOf(value, of.path === "" ? name : `${of.path}.${name}`);
  }

  private calling(e: Expression & { kind: "call" }, scope: Scope): Value {
    const args = e.args.map((arg) => this.value(arg, scope));
    const named = new Map([...e.named].map(([name, arg]) => [name, this.value(arg, scope)]));
    if (e.callee.kind === "attribute") {
      const of = this.value(e.callee.of, scope);
      if (of.kind === "module") return this.method(of, e.callee.name, args, named);
    }
    const callee = this.value(e.callee, scope);
    if (callee.kind !== "function") return merged([callee, ...args]);
    const body = this.code.functions.get(callee.name);
    if (body) return this.call(body, args, named);
    return this.builtin(callee.name.slice(callee.name.lastIndexOf(".") + 1), args, named);
  }

  private builtin(full: string, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const [first, second] = args;
    if (full === "getattr" && second) return this.attribute(first!, nameIn(second));
    if (WITH_AUXILIARIES.test(full)) return first ?? UNKNOWN;
    if (full === "annotate" || full === "unchecked_cast") return second ?? UNKNOWN;
    const known = comparison(full, args);
    if (known !== undefined) return constant(known);
    if (full === "int" || full === "float" || full === "bool")
      return first?.kind === "constant" ? first : UNKNOWN;
    if (MEASURES.test(full)) return UNKNOWN;
    if (full === "append" && first?.kind === "items" && second)
      first.items.push(second.kind === "items" ? merged([second]) : second);
    const name = full.replace(/(?<=[a-z0-9])_$/, "");
    const all = [...args, ...named.values()];
    if (ARRANGES.test(name) || isNothingAdded(name, args)) {
      if (RESHAPES.test(name)) this.noteShape(second ?? named.get("size") ?? named.get("shape"));
      return merged(all);
    }
    const flows = all.filter((value) => merged([value]).inputs.size > 0);
    if (flows.length === 0) return UNKNOWN;
    this.steps += merged(flows).inputs.size;
    const ops = this.ops.get(this.current) ?? [];
    ops.push({
      name,
      args: args.map(plain),
      named: new Map([...named].map(([key, value]) => [key, plain(value)])),
    });
    this.ops.set(this.current, ops);
    if (this.inLeaf) return merged(all);
    const owner = WEIGHTED.test(name) ? all.flatMap((value) => ownerOf(value) ?? [])[0] : undefined;
    if (owner !== undefined) {
      this.note(owner, merged(all));
      return from(owner);
    }
    return merged(all, ARITHMETIC.test(name) ? arithmeticName(name, flows.length, named) : name);
  }
}

const ARITHMETIC = /^(?:add|sub|rsub|mul|div)$/;

/** Python's sum() begins with 0. */
const isNothingAdded = (name: string, args: readonly Value[]): boolean =>
  name === "add" && args.slice(0, 2).some((arg) => plain(arg) === 0);

/** Functions that act as the layer whose weight they get: that of another module, or of one with children. */
const WEIGHTED = /^(?:linear|conv2d|_convolution(?:_mode)?|batch_norm|layer_norm)$/;

const ownerOf = (value: Value): string | undefined => (value.kind === "flow" ? value.owner : undefined);

/** Distinguishes arithmetic on two values of the network from that on one value and a number or weight. */
function arithmeticName(name: string, flows: number, named: ReadonlyMap<string, Value>): string {
  if ((plain(named.get("alpha")) ?? 1) !== 1) return `${name} with alpha`;
  return flows > 1 ? name : `${name} value`;
}

/** A module without children. MultiheadAttention has one, but uses its weights without a call. */
const isLeaf = (record: PyRecord): boolean =>
  /\.MultiheadAttention$/.test(record.className) ||
  ![...record.attributes()].some(([, value]) => isModule(value));

/** The number of values, counted up to `most`. */
function sizeOf({ items }: Value & { kind: "items" }, most: number): number {
  let size = 0;
  for (const item of items) {
    size += item.kind === "items" ? sizeOf(item, most - size) : 1;
    if (size > most) break;
  }
  return size;
}

const returnsSeveral = (value: Value): boolean => value.kind === "items" && value.items.length === 2;

/** Longer or deeper lists are not settings. */
const MAX_ATTRIBUTE = { length: 64, depth: 3 };

function valueOf(value: PyValue | undefined, path: string, depth = 0): Value {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return constant(value);
  if (value instanceof PyRecord) return { kind: "module", path, record: value };
  if (Array.isArray(value) && value.length <= MAX_ATTRIBUTE.length && depth < MAX_ATTRIBUTE.depth)
    return { kind: "items", items: value.map((item) => valueOf(item, path, depth + 1)) };
  return UNKNOWN;
}

/** The result of a condition that constants decide, else undefined. */
function comparison(name: string, args: readonly Value[]): boolean | undefined {
  const [a, b] = args.map(plain);
  if (name === "__not__") return typeof a === "boolean" ? !a : undefined;
  if (args.length !== 2) return undefined;
  const isNone = (value: Value | undefined): boolean => value?.kind === "constant" && value.value === null;
  if (name === "__is__" && isNone(args[1])) return isNone(args[0]);
  if (name === "__isnot__" && isNone(args[1])) return !isNone(args[0]);
  if (a === undefined || b === undefined) return undefined;
  if (name === "eq") return JSON.stringify(a) === JSON.stringify(b);
  return name === "ne" ? JSON.stringify(a) !== JSON.stringify(b) : undefined;
}

const nameIn = (value: Value): string => {
  const name = plain(value);
  return typeof name === "string" ? name : "";
};
