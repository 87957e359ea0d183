/**
 * @file Turns a shader file into the variant of a step. A shader is valid WGSL as it stands; comments mark the parts that
 * change:
 *
 *     const TILE: u32 = 4u; //@spec        the text between `=` and `;` is replaced
 *     fn epilogue(...) ... { ... } //@hook the line, a function or struct, is replaced by generated WGSL
 *     //@use common/erf                    the part is included once
 *     //@enable subgroups                  becomes `enable subgroups;` at the top
 *     //@unroll p PIXELS ... //@end        the lines repeat for p = 0 .. PIXELS-1; `p` is a word, or `_p` part of a name.
 *                                          Software adapters keep arrays that a loop indexes in memory
 *     const p = 0; //@unrolled             stands for the loop variable in the untouched file; the line is dropped
 */

import { invariant } from "../errors.js";

export interface Specialisation {
  /** Values of the `//@spec` constants that differ from the file's. */
  readonly constants?: Readonly<Record<string, number | boolean | string>>;
  /** WGSL for the `//@hook` functions and structs, by name. */
  readonly hooks?: Readonly<Record<string, string>>;
}

const literal = (value: number | boolean | string): string =>
  typeof value === "number" ? `${value}u` : String(value);

/** @param parts the texts of shaders/common, by name as in `common/erf` */
export function specialise(
  source: string,
  { constants = {}, hooks = {} }: Specialisation,
  parts: ReadonlyMap<string, string>,
): string {
  const pulledIn = new Set<string>();
  const lines = pullIn(source, parts, pulledIn);
  const unusedConstants = new Set(Object.keys(constants));
  const unusedHooks = new Set(Object.keys(hooks));
  const values = new Map<string, number>();
  const enables = new Set<string>();
  const body: string[] = [];
  for (const line of lines) {
    const enable = /^\s*\/\/@enable (\w+)/.exec(line);
    if (enable) {
      enables.add(`enable ${enable[1]};`);
      continue;
    }
    if (/\/\/@unrolled\s*$/.test(line)) continue;
    const spec = /^(\s*(?:const|alias) (\w+)[^=]*= )([^;]+)(;.*)\/\/@spec/.exec(line);
    if (spec) {
      const [, head, name, initial, tail] = spec;
      const given = constants[name!];
      unusedConstants.delete(name!);
      const value = given === undefined ? initial! : literal(given);
      if (/^\d+u?$/.test(value)) values.set(name!, Number.parseInt(value));
      body.push(`${head}${value}${tail!.trimEnd()}`);
      continue;
    }
    const hook = /^(?:fn|struct) (\w+).*\/\/@hook/.exec(line);
    if (hook) {
      const given = hooks[hook[1]!];
      unusedHooks.delete(hook[1]!);
      if (given === undefined) body.push(line.replace(/\s*\/\/@hook.*$/, ""));
      else body.push(...pullIn(given, parts, pulledIn));
      continue;
    }
    body.push(line);
  }
  invariant(unusedConstants.size === 0, `shader has no constant ${[...unusedConstants].join(", ")}`);
  invariant(unusedHooks.size === 0, `shader has no hook ${[...unusedHooks].join(", ")}`);
  return [...enables, ...unroll(body, values)].join("\n");
}

function pullIn(source: string, parts: ReadonlyMap<string, string>, done: Set<string>): string[] {
  return source.split("\n").flatMap((line) => {
    const use = /^\s*\/\/@use (\S+)/.exec(line);
    if (!use) return [line];
    const name = use[1]!;
    if (done.has(name)) return [];
    done.add(name);
    const part = parts.get(name);
    invariant(part !== undefined, `shader part ${name} does not exist`);
    return pullIn(part, parts, done);
  });
}

/** Repeats the `//@unroll` blocks, outermost first. */
function unroll(lines: readonly string[], values: ReadonlyMap<string, number>): string[] {
  const result: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const start = /^\s*\/\/@unroll (\w+) (\w+)/.exec(lines[i]!);
    if (!start) {
      result.push(lines[i]!);
      continue;
    }
    const [, variable, countName] = start;
    let depth = 1;
    let end = i + 1;
    for (; depth > 0; end++) {
      const line = lines[end];
      invariant(line !== undefined, `//@unroll ${variable} has no //@end`);
      if (/^\s*\/\/@unroll /.test(line)) depth++;
      else if (/^\s*\/\/@end/.test(line)) depth--;
    }
    const block = lines.slice(i + 1, end - 1);
    const count = values.get(countName!) ?? Number(countName);
    invariant(Number.isInteger(count), `//@unroll ${variable}: ${countName} is no constant`);
    // `p` as a word, or as a part of a name between underscores.
    const occurrence = new RegExp(`(?<![A-Za-z0-9])${variable}(?![A-Za-z0-9])`, "g");
    for (let n = 0; n < count; n++) {
      result.push(
        ...unroll(
          block.map((line) => line.replace(occurrence, String(n))),
          values,
        ),
      );
    }
    i = end - 1;
  }
  return result;
}
