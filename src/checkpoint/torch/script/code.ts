/** @file Parses the files of a TorchScript archive's code folder: classes with their constants and methods, and functions. */

import type { Json } from "../../json.js";
import { NotScript, Parser, tokens, type Expression } from "./expression.js";

export type Statement =
  | { readonly kind: "set"; readonly names: readonly string[]; readonly value: Expression }
  | { readonly kind: "return"; readonly value: Expression | undefined }
  | { readonly kind: "do"; readonly value: Expression }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: "loop"; readonly names: readonly string[]; readonly body: readonly Statement[] };

export interface ScriptFunction {
  readonly parameters: readonly { readonly name: string; readonly fallback: Expression | undefined }[];
  readonly body: readonly Statement[];
}

export interface ScriptClass {
  /** Constants that the code declares Final: `stride : Final[Tuple[int, int]] = (2, 2)`. */
  readonly constants: ReadonlyMap<string, Json>;
  readonly methods: ReadonlyMap<string, ScriptFunction>;
}

/** By full name, such as "__torch__.torch.nn.modules.conv.Conv2d". */
export interface ScriptCode {
  readonly classes: Map<string, ScriptClass>;
  readonly functions: Map<string, ScriptFunction>;
  /** The numbers among the archive's constants, by index. */
  readonly constants: readonly (number | undefined)[];
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** The statements: lines joined with those that continue their brackets. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let open = "";
  let indent = 0;
  for (const raw of text.split("\n")) {
    if (open === "" && raw.trim() === "") continue;
    if (open === "") indent = raw.length - raw.trimStart().length;
    open += `${raw.trim()} `;
    const brackets = open.replace(/"(?:[^"\\]|\\.)*"/g, "");
    if (count(brackets, /[([{]/g) > count(brackets, /[)\]}]/g)) continue;
    lines.push({ indent, text: open.trim() });
    open = "";
  }
  return lines;
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Parses one file into `code`. @param path inside the code folder: "__torch__/torch/nn/modules/conv.py" @throws NotScript */
export function readScriptFile(code: ScriptCode, path: string, text: string): void {
  const space = path.replace(/\.py$/, "").replaceAll("/", ".");
  const lines = linesOf(text);
  for (let at = 0; at < lines.length;) {
    const { text: line } = lines[at]!;
    const end = blockEnd(lines, at);
    const name = /^(?:class|def) ([\w$^]+)/.exec(line)?.[1];
    if (name !== undefined && line.startsWith("class ")) {
      code.classes.set(`${space}.${name}`, readClass(lines.slice(at + 1, end)));
    } else if (name !== undefined) code.functions.set(`${space}.${name}`, readFunction(lines.slice(at, end)));
    at = end;
  }
}

/** The first line after `at` that is indented no deeper. */
function blockEnd(lines: readonly Line[], at: number): number {
  let end = at + 1;
  while (end < lines.length && lines[end]!.indent > lines[at]!.indent) end++;
  return end;
}

function readClass(lines: readonly Line[]): ScriptClass {
  const constants = new Map<string, Json>();
  const methods = new Map<string, ScriptFunction>();
  for (let at = 0; at < lines.length;) {
    const { text } = lines[at]!;
    const end = blockEnd(lines, at);
    const method = /^def ([\w$^]+)/.exec(text)?.[1];
    if (method !== undefined) methods.set(method, readFunction(lines.slice(at, end)));
    const constant = /^([\w$^]+) : Final\[.*?\] = (.+)$/.exec(text);
    const value = constant && literal(new Parser(tokens(constant[2]!)).expression());
    if (constant && value !== undefined) constants.set(constant[1]!, value);
    at = end;
  }
  return { constants, methods };
}

/** The value of an expression that has literals only. */
export function literal(of: Expression): Json | undefined {
  if (of.kind === "literal") return of.value;
  if (of.kind !== "items") return undefined;
  const items = of.items.map(literal);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function readFunction(lines: readonly Line[]): ScriptFunction {
  const [head, ...body] = lines as [Line, ...Line[]];
  const parser = new Parser(tokens(head.text));
  parser.at = parser.all.indexOf("(") + 1;
  const parameters: { name: string; fallback: Expression | undefined }[] = [];
  while (parser.next !== undefined && !parser.take(")")) {
    if (parser.take("*")) parser.take(",");
    const name = parser.next ?? "";
    parser.at++;
    if (parser.take(":")) parser.expression();
    parameters.push({ name, fallback: parser.take("=") ? parser.expression() : undefined });
    parser.take(",");
  }
  return { parameters, body: readBlock(body) };
}

const MAX_BLOCKS = 60;

function readBlock(lines: readonly Line[], depth = 0): Statement[] {
  if (depth > MAX_BLOCKS) throw new NotScript("blocks inside blocks without end");
  const statements: Statement[] = [];
  for (let at = 0; at < lines.length;) {
    const end = blockEnd(lines, at);
    const inside = readBlock(lines.slice(at + 1, end), depth + 1);
    const statement = readStatement(lines[at]!.text, inside);
    const last = statements.at(-1);
    if (/^else\s*:/.test(lines[at]!.text) && last?.kind === "if") {
      statements[statements.length - 1] = { ...last, otherwise: inside };
    } else if (statement) statements.push(statement);
    at = end;
  }
  return statements;
}

function readStatement(text: string, inside: readonly Statement[]): Statement | undefined {
  if (text === "pass" || /^else\s*:/.test(text)) return undefined;
  const all = tokens(text);
  const rest = (from: number): Parser => new Parser(all.slice(from));
  if (all[0] === "if") return { kind: "if", condition: rest(1).expression(), then: inside, otherwise: [] };
  if (all[0] === "while" || all[0] === "for") {
    return { kind: "loop", names: all[0] === "for" ? [all[1]!] : [], body: inside };
  }
  if (all[0] === "return") {
    return { kind: "return", value: all.length > 1 ? several(rest(1)) : undefined };
  }
  const equals = topLevelEquals(all);
  if (equals < 0) return { kind: "do", value: rest(0).expression() };
  const colon = all.indexOf(":");
  const names = all
    .slice(0, colon >= 0 && colon < equals ? colon : equals)
    .filter((name) => /^[\w$^]+$/.test(name));
  return { kind: "set", names, value: several(rest(equals + 1)) };
}

/** `a, b` as a list of two. */
function several(parser: Parser): Expression {
  const items = [parser.expression()];
  let commas = 0;
  while (parser.take(",")) {
    commas++;
    if (parser.next !== undefined) items.push(parser.expression());
  }
  if (parser.next !== undefined) throw new NotScript(parser.next);
  return commas === 0 ? items[0]! : { kind: "items", items };
}

function topLevelEquals(all: readonly string[]): number {
  let depth = 0;
  return all.findIndex((token) => {
    if (/^[([{]$/.test(token)) depth++;
    else if (/^[)\]}]$/.test(token)) depth--;
    return token === "=" && depth === 0;
  });
}
