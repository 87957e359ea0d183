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
  for (const { head, inside } of blocksOf(linesOf(text))) {
    const name = /^(?:class|def) ([\w$^]+)/.exec(head)?.[1];
    if (name !== undefined && head.startsWith("class ")) {
      code.classes.set(`${space}.${name}`, readClass(inside));
    } else if (name !== undefined) code.functions.set(`${space}.${name}`, readFunction(head, inside));
  }
}

/** Each line with those below it that are indented deeper. */
function* blocksOf(lines: readonly Line[]): Iterable<{ readonly head: string; readonly inside: Line[] }> {
  for (let at = 0; at < lines.length;) {
    const { indent, text: head } = lines[at]!;
    let end = at + 1;
    while (end < lines.length && lines[end]!.indent > indent) end++;
    yield { head, inside: lines.slice(at + 1, end) };
    at = end;
  }
}

function readClass(lines: readonly Line[]): ScriptClass {
  const constants = new Map<string, Json>();
  const methods = new Map<string, ScriptFunction>();
  for (const { head, inside } of blocksOf(lines)) {
    const method = /^def ([\w$^]+)/.exec(head)?.[1];
    if (method !== undefined) methods.set(method, readFunction(head, inside));
    const constant = /^([\w$^]+) : Final\[.*?\] = (.+)$/.exec(head);
    const value = constant && literal(new Parser(tokens(constant[2]!)).expression());
    if (constant && value !== undefined) constants.set(constant[1]!, value);
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

function readFunction(head: string, body: readonly Line[]): ScriptFunction {
  const parser = new Parser(tokens(head));
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
  for (const { head, inside } of blocksOf(lines)) {
    const body = readBlock(inside, depth + 1);
    const statement = readStatement(head, body);
    const last = statements.at(-1);
    if (/^else\s*:/.test(head) && last?.kind === "if") {
      statements[statements.length - 1] = { ...last, otherwise: body };
    } else if (statement) statements.push(statement);
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
