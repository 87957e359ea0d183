/** @file PyTorch's names of element types, as safetensors calls them. */

import type { DType } from "../dtype.js";
import { phrase } from "../../language/say.js";

/** An element type, or the reason why its numbers cannot be read. */
export interface NamedType {
  readonly dtype: DType;
  readonly problem?: string;
}

export const QUANTISED = phrase`is quantised: save the model before quantisation`;
const FOUR_BITS = phrase`holds pairs of 4-bit floats, which no supported model uses`;

/**
 * PyTorch's names of each type. Those of dtypes are lower-case, as in `torch.float32`. Those of storage classes are capitalised,
 * as in `torch.FloatStorage` and `torch.cuda.FloatStorage`.
 */
const NAMES: readonly (readonly [dtype: DType, names: string, problem?: string])[] = [
  ["F64", "float64 double Double"],
  ["F32", "float32 float Float"],
  ["F16", "float16 half Half"],
  ["BF16", "bfloat16 BFloat16"],
  ["F8_E4M3", "float8_e4m3fn"],
  ["F8_E5M2", "float8_e5m2"],
  ["F8_E4M3FNUZ", "float8_e4m3fnuz"],
  ["F8_E5M2FNUZ", "float8_e5m2fnuz"],
  ["F8_E8M0", "float8_e8m0fnu"],
  ["U8", "float4_e2m1fn_x2", FOUR_BITS],
  ["I64", "int64 long Long"],
  ["I32", "int32 int Int"],
  ["I16", "int16 short Short"],
  ["I8", "int8 Char"],
  ["U64", "uint64"],
  ["U32", "uint32"],
  ["U16", "uint16"],
  ["U8", "uint8 Byte"],
  ["BOOL", "bool Bool"],
  ["C32", "complex32 chalf ComplexHalf"],
  ["C64", "complex64 cfloat ComplexFloat"],
  ["C128", "complex128 cdouble ComplexDouble"],
  ["I8", "qint8 QInt8", QUANTISED],
  ["U8", "quint8 quint4x2 quint2x4 QUInt8 QUInt4x2 QUInt2x4", QUANTISED],
  ["I32", "qint32 QInt32", QUANTISED],
];

const TYPES: ReadonlyMap<string, NamedType> = new Map(
  NAMES.flatMap(([dtype, names, problem]) =>
    names.split(" ").map((name) => [name, problem === undefined ? { dtype } : { dtype, problem }]),
  ),
);

/** The type called "torch.float32". */
export const dtypeNamed = (name: string): NamedType | undefined =>
  /^torch\.[a-z]/.test(name) ? TYPES.get(name.slice("torch.".length)) : undefined;

/** The element type of a storage class; "untyped" for one of bytes; undefined for any other name. */
export function storageNamed(name: string): NamedType | "untyped" | undefined {
  const [, kind] = /^torch\.(?:[a-z_.]*\.)?([A-Z]\w*)Storage$/.exec(name) ?? [];
  if (kind === undefined) return undefined;
  return kind === "Untyped" ? "untyped" : TYPES.get(kind);
}
