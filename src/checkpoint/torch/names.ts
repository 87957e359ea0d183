/** @file PyTorch's names of element types, as safetensors calls them. */

import type { DType } from "../dtype.js";
import { phrase } from "../../language/say.js";

/** An element type, or the reason why its numbers cannot be read. */
export interface NamedType {
  readonly dtype: DType;
  readonly problem?: string;
}

const quantised = (dtype: DType): NamedType => ({
  dtype,
  problem: phrase`is quantised: save the model before quantisation`,
});

/** torch.float32 and the like, as named beside untyped storages. */
const DTYPE_NAMES: Readonly<Record<string, NamedType>> = {
  float64: { dtype: "F64" },
  double: { dtype: "F64" },
  float32: { dtype: "F32" },
  float: { dtype: "F32" },
  float16: { dtype: "F16" },
  half: { dtype: "F16" },
  bfloat16: { dtype: "BF16" },
  float8_e4m3fn: { dtype: "F8_E4M3" },
  float8_e5m2: { dtype: "F8_E5M2" },
  float8_e4m3fnuz: { dtype: "F8_E4M3FNUZ" },
  float8_e5m2fnuz: { dtype: "F8_E5M2FNUZ" },
  float8_e8m0fnu: { dtype: "F8_E8M0" },
  float4_e2m1fn_x2: {
    dtype: "U8",
    problem: phrase`holds pairs of 4-bit floats, which no supported model uses`,
  },
  int64: { dtype: "I64" },
  long: { dtype: "I64" },
  int32: { dtype: "I32" },
  int: { dtype: "I32" },
  int16: { dtype: "I16" },
  short: { dtype: "I16" },
  int8: { dtype: "I8" },
  uint64: { dtype: "U64" },
  uint32: { dtype: "U32" },
  uint16: { dtype: "U16" },
  uint8: { dtype: "U8" },
  bool: { dtype: "BOOL" },
  complex32: { dtype: "C32" },
  chalf: { dtype: "C32" },
  complex64: { dtype: "C64" },
  cfloat: { dtype: "C64" },
  complex128: { dtype: "C128" },
  cdouble: { dtype: "C128" },
  qint8: quantised("I8"),
  quint8: quantised("U8"),
  qint32: quantised("I32"),
  quint4x2: quantised("U8"),
  quint2x4: quantised("U8"),
};

/** Storage classes: `torch.FloatStorage`, `torch.cuda.FloatStorage`, and the same for tensors. */
const STORAGE_NAMES: Readonly<Record<string, string>> = {
  Double: "float64",
  Float: "float32",
  Half: "float16",
  BFloat16: "bfloat16",
  Long: "int64",
  Int: "int32",
  Short: "int16",
  Char: "int8",
  Byte: "uint8",
  Bool: "bool",
  ComplexHalf: "complex32",
  ComplexFloat: "complex64",
  ComplexDouble: "complex128",
  QInt8: "qint8",
  QUInt8: "quint8",
  QInt32: "qint32",
  QUInt4x2: "quint4x2",
  QUInt2x4: "quint2x4",
};

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** The type called "torch.float32". */
export const dtypeNamed = (name: string): NamedType | undefined =>
  name.startsWith("torch.") ? own(DTYPE_NAMES, name.slice("torch.".length)) : undefined;

/** The element type of a storage class; "untyped" for one of bytes; undefined for any other name. */
export function storageNamed(name: string): NamedType | "untyped" | undefined {
  const [, kind] = /^torch\.(?:[a-z_.]*\.)?(\w+)Storage$/.exec(name) ?? [];
  if (kind === undefined) return undefined;
  if (kind === "Untyped") return "untyped";
  const dtype = own(STORAGE_NAMES, kind);
  return dtype === undefined ? undefined : own(DTYPE_NAMES, dtype);
}
