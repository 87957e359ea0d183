/**
 * @file Follows TorchScript code from the input to the logits without computing numbers. It records each module's inputs, and the
 * functions called with literals.
 */

import type { PyRecord } from "../../pickle/values.js";
import { TorchTensor } from "../tensor-value.js";
import { isModule } from "../modules.js";
import type { ScriptClass, ScriptCode, ScriptFunction, Statement } from "./code.js";
import { NotScript, type Expression } from "./expression.js";
import {
  constant,
  from,
  merged,
  nameIn,
  ownerOf,
  plainData,
  returnsSeveral,
  itemCount,
  UNKNOWN,
  valueOf,
  type Value,
} from "./flow.js";
import {
  ARITHMETIC,
  arithmeticName,
  ARRANGES,
  comparison,
  isNothingAdded,
  MEASURES,
  RESHAPES,
  WEIGHTED,
  WITH_AUXILIARIES,
} from "./functions.js";
import { ScriptRun } from "./script-run.js";

/** A network's program needs some thousand steps; a hostile one may call itself without end. */
const MAX_STEPS = 2_000_000;
const MAX_DEPTH = 30;
/** The most values in a list, including nested lists. */
const MAX_ITEMS = 10_000;

type Scope = Map<string, Value>;

/** The returned value of a block; undefined if it ran to its end. */
type Result = Value | undefined;

export class ScriptFollower {
  private steps = 0;
  private depth = 0;
  /** The module whose forward is being followed. */
  private current = "";
  private inLeaf = false;
  private readonly followed = new ScriptRun();

  constructor(private readonly code: ScriptCode) {}

  /** @throws NotScript for endless code, or code that is not TorchScript */
  run(root: PyRecord): ScriptRun {
    const output = this.method({ kind: "module", path: "", record: root }, "forward", [from("")]);
    this.followed.call("", merged([output]));
    return this.followed;
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
    const before = this.followed.opCount(module.path);
    const input = merged(args);
    this.inLeaf = true;
    const output = body ? this.call(body, [module, ...args.map(() => input)], new Map()) : input;
    this.inLeaf = false;
    this.followed.call(module.path, input);
    // A value of weights alone counts as a weight, for example Swin V2's position biases.
    if (input.inputs.size === 0) return UNKNOWN;
    // A module that does nothing, such as Dropout, passes its input through.
    if (this.followed.opCount(module.path) === before && merged([output]).inputs.size > 0) return input;
    return returnsSeveral(output)
      ? { kind: "items", items: [from(module.path), UNKNOWN] }
      : from(module.path);
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
    const condition = plainData(this.value(s.condition, scope));
    if (typeof condition === "boolean") return this.block(condition ? s.then : s.otherwise, scope);
    const other: Scope = new Map(scope);
    const results = [this.block(s.then, scope), this.block(s.otherwise, other)];
    for (const [name, value] of other) {
      const own = scope.get(name);
      if (own === undefined) scope.set(name, value);
      else if (own !== value && JSON.stringify(plainData(own)) !== JSON.stringify(plainData(value) ?? 0))
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
    const size = items.reduce(
      (sum, item) => sum + (item.kind === "items" ? itemCount(item, MAX_ITEMS) : 1),
      0,
    );
    this.steps += size;
    if (size > MAX_ITEMS) throw new NotScript("lists without end");
    return { kind: "items", items };
  }

  private indexed(of: Value, at: Value): Value {
    const index = plainData(at.kind === "items" ? at.items[0] : at);
    const list = plainData(of);
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
      if (RESHAPES.test(name))
        this.followed.shape(this.current, second ?? named.get("size") ?? named.get("shape"));
      return merged(all);
    }
    const flows = all.filter((value) => merged([value]).inputs.size > 0);
    if (flows.length === 0) return UNKNOWN;
    this.steps += merged(flows).inputs.size;
    this.followed.op(this.current, {
      name,
      args: args.map(plainData),
      named: new Map([...named].map(([key, value]) => [key, plainData(value)])),
    });
    if (this.inLeaf) return merged(all);
    const owner = WEIGHTED.test(name) ? all.flatMap((value) => ownerOf(value) ?? [])[0] : undefined;
    if (owner !== undefined) {
      this.followed.call(owner, merged(all));
      return from(owner);
    }
    return merged(all, ARITHMETIC.test(name) ? arithmeticName(name, flows.length, named) : name);
  }
}

/** A module without children. MultiheadAttention has one, but uses its weights without a call. */
const isLeaf = (record: PyRecord): boolean =>
  /\.MultiheadAttention$/.test(record.className) ||
  ![...record.attributes()].some(([, value]) => isModule(value));
