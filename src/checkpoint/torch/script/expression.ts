/** @file Parses the expressions of TorchScript's printed code, a small part of Python. Nothing is run. */

import type { Json } from "../../json.js";

export type Expression =
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | {
      readonly kind: "call";
      readonly callee: Expression;
      readonly args: readonly Expression[];
      readonly named: ReadonlyMap<string, Expression>;
    }
  | { readonly kind: "index"; readonly of: Expression; readonly at: Expression }
  /** Lists, tuples, dicts, and the operands of an operator. */
  | { readonly kind: "items"; readonly items: readonly Expression[] };

/** Thrown for code other than TorchScript as PyTorch prints it. */
export class NotScript extends Error {}

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_$^][\w$^]*)|(\*\*|\/\/|<=|>=|==|!=|->|[-+*/%@&|<>()[\]{}.,:=~]))/y;

/** PyTorch splits longer expressions into lines. The bound keeps a hostile file from overflowing the call stack. */
const MAX_DEPTH = 50;

const NAMED: Readonly<Record<string, Json>> = { True: true, False: false, None: null };
const WORDS = new Set(["if", "else", "and", "or", "in", "is", "not"]);
const OPERATORS = new Set("+ - * / // % ** @ & | < > <= >= == != and or in is".split(" "));

/** The tokens of a line; strings keep their quotes. @throws NotScript */
export function tokens(line: string): string[] {
  const found: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < line.length;) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(line);
    if (match) found.push((match[1] ?? match[2] ?? match[3] ?? match[4])!);
    else if (line.slice(from).trim() === "") break;
    else throw new NotScript(line.slice(from, from + 20));
  }
  return found;
}

export class Parser {
  private depth = 0;
  at = 0;

  constructor(readonly all: readonly string[]) {}

  get next(): string | undefined {
    return this.all[this.at];
  }

  take(token: string): boolean {
    if (this.next !== token) return false;
    this.at++;
    return true;
  }

  private need(token: string): void {
    if (!this.take(token)) throw new NotScript(`${token} instead of ${this.next ?? "the end"}`);
  }

  private deeper(levels = ++this.depth): void {
    if (levels > MAX_DEPTH) throw new NotScript("an expression without end");
  }

  expression(): Expression {
    this.deeper();
    let left = this.unary();
    for (let length = 0; ; length++) {
      this.deeper(length);
      const token = this.next;
      if (token === "if") {
        this.at++;
        const condition = this.expression();
        this.need("else");
        left = { kind: "items", items: [left, condition, this.expression()] };
      } else if (
        token !== undefined &&
        (OPERATORS.has(token) || (token === "not" && this.all[this.at + 1] === "in"))
      ) {
        this.at += token === "not" || (token === "is" && this.all[this.at + 1] === "not") ? 2 : 1;
        left = { kind: "items", items: [left, this.unary()] };
      } else break;
    }
    this.depth--;
    return left;
  }

  private unary(): Expression {
    if (this.take("-")) {
      const of = this.postfix(this.primary());
      return of.kind === "literal" && typeof of.value === "number"
        ? { kind: "literal", value: -of.value }
        : of;
    }
    if (this.take("~") || this.take("not")) return { kind: "items", items: [this.postfix(this.primary())] };
    return this.postfix(this.primary());
  }

  private primary(): Expression {
    const token = this.next;
    if (token === undefined) throw new NotScript("the end");
    this.at++;
    if (token === "(") return this.list(")");
    if (token === "[") return this.list("]");
    if (token === "{") return this.list("}");
    if (/^["']/.test(token)) return { kind: "literal", value: token.slice(1, -1).replace(/\\(.)/g, "$1") };
    if (/^[\d.]/.test(token)) return { kind: "literal", value: Number(token) };
    if (!/^[\w$^]/.test(token) || WORDS.has(token)) throw new NotScript(token);
    return Object.hasOwn(NAMED, token)
      ? { kind: "literal", value: NAMED[token]! }
      : { kind: "name", name: token };
  }

  private postfix(start: Expression): Expression {
    let left = start;
    for (let length = 0; ; length++) {
      this.deeper(length);
      if (this.take(".")) left = { kind: "attribute", of: left, name: this.all[this.at++] ?? "" };
      else if (this.take("(")) left = this.call(left);
      else if (this.take("[")) left = { kind: "index", of: left, at: this.list("]") };
      else return left;
    }
  }

  private call(callee: Expression): Expression {
    const args: Expression[] = [];
    const named = new Map<string, Expression>();
    while (!this.take(")")) {
      if (this.all[this.at + 1] === "=") {
        const name = this.next!;
        this.at += 2;
        named.set(name, this.expression());
      } else args.push(this.expression());
      if (!this.take(",") && this.next !== ")") throw new NotScript(this.next ?? "the end");
    }
    return { kind: "call", callee, args, named };
  }

  /** Up to a closing bracket. One expression in round or square brackets is itself unless a comma follows it. */
  private list(end: string): Expression {
    const items: Expression[] = [];
    let commas = 0;
    while (!this.take(end)) {
      items.push(this.expression());
      if (this.take(",") || this.take(":")) commas++;
      else if (this.next !== end) throw new NotScript(this.next ?? "the end");
    }
    return end === ")" && items.length === 1 && commas === 0 ? items[0]! : { kind: "items", items };
  }
}
