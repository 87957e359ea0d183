/** @file The layout of a shader's `struct Params`, read from its WGSL, by which uniforms are packed by name. */

import { invariant } from "../errors.js";
import { SHADER_PARTS, SHADERS, type ShaderName } from "./shaders.js";
import { specialise, type Specialisation } from "./specialise.js";

/** The value of a number, of a vector or array, or of a struct, whose fields are in camelCase. */
export type Param = number | readonly Param[] | Params;
export interface Params {
  readonly [field: string]: Param;
}

/** A type of WGSL in the uniform address space; sizes in bytes. */
interface Layout {
  readonly align: number;
  readonly size: number;
  /** @param name of the value, for errors */
  readonly write: (to: DataView, at: number, value: Param | undefined, name: string) => void;
}

const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

const scalar = (accepts: (n: unknown) => boolean, set: "setInt32" | "setFloat32"): Layout => ({
  align: 4,
  size: 4,
  write(to, at, value, name) {
    invariant(accepts(value), `uniform ${name} is ${value as number}`);
    to[set](at, value as number, true);
  },
});

/** Modulo 2^32: a negative stride is added rightly by u32 arithmetic. */
const integer = scalar(Number.isInteger, "setInt32");
const SCALARS: Readonly<Record<string, Layout>> = {
  u32: integer,
  i32: integer,
  f32: scalar(Number.isFinite, "setFloat32"),
};

function arrayOf(element: Layout, count: number, align = element.align): Layout {
  const stride = roundUp(element.size, element.align);
  return {
    align,
    size: count * stride,
    write(to, at, value, name) {
      const isComplete = Array.isArray(value) && value.length === count;
      invariant(isComplete, `uniform ${name} has ${count} elements, not ${JSON.stringify(value)}`);
      value.forEach((v: Param, i) => element.write(to, at + i * stride, v, `${name}[${i}]`));
    },
  };
}

/** @param source WGSL that declares the type */
function layoutOfType(type: string, source: string): Layout {
  const array = /^array<\s*(.+?)\s*,\s*(\d+)\s*>$/.exec(type);
  if (array) return arrayOf(layoutOfType(array[1]!, source), Number(array[2]));
  if (type === "vec4u") return arrayOf(integer, 4, 16);
  return SCALARS[type] ?? layoutOfStruct(type, source);
}

const FIELD = /(?:@align\((\d+)\)\s*)?(\w+)\s*:\s*(\w+(?:<[^>]*>)?)\s*(?:,|$)/g;

function layoutOfStruct(struct: string, source: string): Layout {
  const body = new RegExp(`\\bstruct ${struct} \\{([^}]*)\\}`).exec(source)?.[1];
  invariant(body !== undefined, `shader has no struct ${struct}`);
  let align = 4;
  let end = 0;
  const fields = [...body.replace(/\/\/.*/g, "").matchAll(FIELD)].map(([, own, name, type]) => {
    const layout = layoutOfType(type!, source);
    const fieldAlign = Math.max(layout.align, Number(own ?? 0));
    const at = roundUp(end, fieldAlign);
    align = Math.max(align, fieldAlign);
    end = at + layout.size;
    return { name: name!.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), at, layout };
  });
  const names = new Set(fields.map(({ name }) => name));
  return {
    align,
    size: roundUp(end, align),
    write(to, base, value, path) {
      invariant(typeof value === "object", `uniform ${path} is ${value as number}`);
      const given = value as Params;
      for (const name of Object.keys(given)) {
        invariant(names.has(name), `struct ${struct} has no field for uniform ${path}.${name}`);
      }
      for (const { name, at, layout } of fields) {
        layout.write(to, base + at, given[name], `${path}.${name}`);
      }
    },
  };
}

/** By shader, or by the declaration of those whose Params are generated. */
const known = new Map<string, Layout>();

export function paramsLayout(shader: ShaderName, { hooks }: Specialisation): Layout {
  const generated = hooks?.["Params"];
  const key = generated ?? shader;
  let layout = known.get(key);
  if (!layout) {
    const source = generated ?? specialise(SHADERS[shader], {}, SHADER_PARTS);
    known.set(key, (layout = layoutOfType("Params", source)));
  }
  return layout;
}
