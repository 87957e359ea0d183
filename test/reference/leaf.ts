/** @file Leaves: inputs, parameters, constants. */

import { nd, type NdF64 } from "./array.js";
import type { Ref } from "./ref.js";
import { shapeText, sizeOf, type Shape } from "../../src/graph/shape.js";

function given(
  name: string,
  shape: Shape,
  values: ReadonlyMap<string, ArrayLike<number>> | undefined,
): NdF64 {
  const data = values?.get(name);
  if (!data) throw new Error(`no value given for ${name} ${shapeText(shape)}`);
  if (data.length !== sizeOf(shape)) throw new Error(`${data.length} values for ${name} ${shapeText(shape)}`);
  return nd(shape, data);
}

const input: Ref<"input"> = ({ attrs, shape }, _, values) => given(attrs.name, shape, values.inputs);
const param: Ref<"param"> = ({ attrs, shape }, _, values) => given(attrs.key, shape, values.params);
const constant: Ref<"constant"> = ({ attrs: { data }, shape }) =>
  typeof data === "number" ? nd(shape, new Float64Array(sizeOf(shape)).fill(data)) : nd(shape, data);

export const LEAF = { input, param, constant };
