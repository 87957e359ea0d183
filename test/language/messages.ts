/** @file The messages of src/, read from its syntax: the keys that a catalogue needs, and literals that lack a tag. */

import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { COMMANDS, type Command } from "../../src/cli/commands/table.js";
import { METHODS } from "../../src/cam/methods/table.js";
import { KNOWN_NETWORKS } from "../../src/models/known-networks/index.js";
import { OPTION_GROUPS, OPTIONS } from "../../src/options/table.js";
import type { OptionSpec } from "../../src/options/kinds.js";

/** Where a key stands, as "src/cam/vectors.ts:12". */
export type Keys = ReadonlyMap<string, string>;

/** The page and the report have words of their own beside messages. */
const sources = globSync("src/**/*.ts", {
  ignore: ["src/language/zh/**", "src/page/text/**", "src/report/**"],
})
  .sort()
  .map((file) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));

/** Calls whose arguments, by their places, are messages. */
const SINKS: Readonly<Record<string, readonly number[]>> = {
  GradlensError: [1],
  ShapeError: [0],
  Malformed: [0],
  badArgument: [0],
  badPicture: [0],
  badWeights: [0],
  unsupported: [0],
  badFile: [1],
  bad: [0, 1],
  problem: [0],
  fail: [0],
  refuse: [0],
  refusal: [0],
  fact: [0, 1],
  detail: [0, 1],
  now: [0],
  fileError: [1, 3],
  noSuchFile: [0, 2],
  throwIfAborted: [1],
};

/** What stays English: errors that are bugs, and names. */
const isExempt = (call: string, args: readonly ts.Expression[], text: string): boolean =>
  (call === "GradlensError" && args[0] !== undefined && literalText(args[0]) === "internal") ||
  !/\p{L}/u.test(text) ||
  (call === "fact" && text === "cam");

/** Every key of the source and of the tables whose texts are printed by `translated`. */
export function findKeys(): Keys {
  const keys = new Map<string, string>();
  const add = (key: string, where: string): void => void (keys.has(key) || keys.set(key, where));
  forEachNode((node, where) => {
    if (ts.isTaggedTemplateExpression(node) && ["say", "phrase"].includes(nameOf(node.tag)))
      add(literalText(node.template)!, where());
    if (ts.isCallExpression(node) && nameOf(node.expression) === "countText") {
      const noun = node.arguments[1] && literalText(node.arguments[1]);
      if (noun !== undefined) add(`{0} ${noun}s`, where());
    }
  });
  for (const [text, where] of tableTexts()) add(text, where);
  return keys;
}

/** Literals in the place of a message, as "src/cli/help.ts:3: text". */
export function findUntagged(): string[] {
  const found: string[] = [];
  forEachNode((node, where) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    const name = nameOf(node.expression);
    const args = [...(node.arguments ?? [])];
    for (const place of Object.hasOwn(SINKS, name) ? SINKS[name]! : []) {
      for (const literal of args[place] ? literalsOf(args[place]) : []) {
        const text = literalText(literal)!.replace(/\{\d+\}/g, "");
        if (!isExempt(name, args, text)) found.push(`${where()}: ${text}`);
      }
    }
  });
  return found;
}

/** Files whose prose is no message, or is translated where it is printed. */
const WITHOUT_MESSAGES = [
  "src/cam/map-options.ts", // tables of options, commands and networks
  "src/options/rows/",
  "src/cli/commands/table.ts",
  "src/models/known-networks/",
  "src/figure/grid/", // words in figures
  "src/figure/drawing/",
  "src/checkpoint/torch/script/", // reasons of a reader for itself
  "src/checkpoint/torch/exploit-names.ts", // lists of names
  "src/library/identify/network-name-check.ts",
  "src/library/file/training-state.ts",
  "src/library/settings/state-settings.ts",
  "src/models/network-names.ts",
];

/** Untagged literals with three words in a row, which are likely messages: as "src/cli/help.ts:3: text". */
export function findProse(): string[] {
  const found: string[] = [];
  forEachNode((node, where) => {
    const text = literalText(node);
    if (text === undefined || !/[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(text)) return;
    const { parent } = node;
    if (
      ts.isLiteralTypeNode(parent) ||
      ts.isTaggedTemplateExpression(parent) ||
      isOfBug(parent) ||
      isPaper(parent)
    )
      return;
    const line = where();
    if (!WITHOUT_MESSAGES.some((path) => line.startsWith(path))) found.push(`${line}: ${text}`);
  });
  return found;
}

const isPaper = (node: ts.Node): boolean => ts.isPropertyAssignment(node) && nameOf(node.name) === "paper";

/** A call that a user sees only where gradlens has a bug. */
function isOfBug(node: ts.Node): boolean {
  if (ts.isStatement(node)) return false;
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return isOfBug(node.parent);
  const [first] = node.arguments ?? [];
  return (
    nameOf(node.expression) === "invariant" || (first !== undefined && literalText(first) === "internal")
  );
}

/** The literals that an expression may be, and the untagged ones of templates with words of their own. */
function literalsOf(node: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  return literalText(node) === undefined ? [] : [node];
}

/** Of `a.b.c` and of `c` it is "c"; empty for other expressions. */
const nameOf = (node: ts.Node): string =>
  ts.isIdentifier(node) ? node.text : ts.isPropertyAccessExpression(node) ? node.name.text : "";

/** A literal's text, of a template with its places numbered. */
function literalText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }, i) => `{${i}}${literal.text}`).join("");
}

function forEachNode(visit: (node: ts.Node, where: () => string) => void): void {
  for (const source of sources) {
    const lineOf = (node: ts.Node): number =>
      source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    const walk = (node: ts.Node): void => {
      visit(node, () => `${source.fileName}:${lineOf(node)}`);
      node.forEachChild(walk);
    };
    walk(source);
  }
}

/** The texts of tables, with the table's name. */
function tableTexts(): [text: string, where: string][] {
  const options: readonly OptionSpec[] = Object.values(OPTIONS);
  const commands: readonly Command[] = Object.values(COMMANDS);
  const texts = (where: string, all: readonly (string | undefined)[]): [string, string][] =>
    all
      .flatMap((text) => (text !== undefined && /[a-z]{2}/i.test(text) ? [[text, where] as const] : []))
      .map(([text, at]) => [text, at]);
  return [
    ...texts(
      "OPTIONS",
      options.flatMap(({ help, defaultWords }) => [help, defaultWords]),
    ),
    ...texts("OPTION_GROUPS", Object.keys(OPTION_GROUPS)),
    ...texts(
      "COMMANDS",
      commands.flatMap(({ summary, examples, own = {} }) => [
        summary,
        ...examples.map(([, what]) => what),
        ...Object.values(own),
      ]),
    ),
    ...texts(
      "METHODS",
      Object.values(METHODS).map(({ group }) => group),
    ),
    ...texts(
      "KNOWN_NETWORKS",
      KNOWN_NETWORKS.map(({ name }) => name),
    ),
  ];
}
