/** @file Checks a value against a JSON schema, with the keywords of draft 7 that manifest.schema.json uses. */

import { isRecord } from "../text/json.js";

export type Schema = Readonly<Record<string, unknown>>;

type Keyword = (
  value: unknown,
  rule: never,
  inner: (value: unknown, schema: Schema) => boolean,
  of: Schema,
) => boolean;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === "string",
  array: (value) => Array.isArray(value),
  object: isRecord,
};

/** A rule for one type of value accepts all others. */
const about =
  <T, R>(is: (value: unknown) => value is T, holds: (value: T, rule: R) => boolean) =>
  (value: unknown, rule: R): boolean =>
    !is(value) || holds(value, rule);
const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: (value, rule: string | readonly string[]) => [rule].flat().some((name) => TYPES[name]!(value)),
  const: (value, rule: unknown) => value === rule,
  enum: (value, rule: readonly unknown[]) => rule.includes(value),
  minimum: about(isNumber, (value, rule: number) => value >= rule),
  maximum: about(isNumber, (value, rule: number) => value <= rule),
  exclusiveMinimum: about(isNumber, (value, rule: number) => value > rule),
  exclusiveMaximum: about(isNumber, (value, rule: number) => value < rule),
  minLength: about(isText, (value, rule: number) => value.length >= rule),
  pattern: about(isText, (value, rule: string) => new RegExp(rule, "u").test(value)),
  minItems: about(isList, (value, rule: number) => value.length >= rule),
  maxItems: about(isList, (value, rule: number) => value.length <= rule),
  items: (value, rule: Schema, inner) => !isList(value) || value.every((one) => inner(one, rule)),
  required: about(isRecord, (value, rule: readonly string[]) =>
    rule.every((key) => Object.hasOwn(value, key)),
  ),
  dependencies: about(isRecord, (value, rule: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(rule).every(
      ([key, others]) => !Object.hasOwn(value, key) || others.every((other) => Object.hasOwn(value, other)),
    ),
  ),
  properties: (value, rule: Readonly<Record<string, Schema>>, inner) =>
    !isRecord(value) ||
    Object.entries(rule).every(([key, schema]) => !Object.hasOwn(value, key) || inner(value[key], schema)),
  additionalProperties: (value, rule: false | Schema, inner, { properties = {} }) =>
    !isRecord(value) ||
    Object.entries(value).every(
      ([key, one]) => Object.hasOwn(properties as object, key) || (rule !== false && inner(one, rule)),
    ),
  oneOf: (value, rule: readonly Schema[], inner) =>
    rule.filter((schema) => inner(value, schema)).length === 1,
};

/** Keywords without a check. */
const WORDS = new Set(["$schema", "title", "description", "definitions"]);

/** @param root the schema that `#/definitions/NAME` refers to */
export function conforms(value: unknown, schema: Schema, root: Schema = schema): boolean {
  const inner = (one: unknown, its: Schema): boolean => conforms(one, its, root);
  return Object.entries(schema).every(([name, rule]) => {
    if (WORDS.has(name)) return true;
    if (name !== "$ref") return KEYWORDS[name]!(value, rule as never, inner, schema);
    const definition = (rule as string).slice("#/definitions/".length);
    return inner(value, (root["definitions"] as Readonly<Record<string, Schema>>)[definition]!);
  });
}
