/** @file Element types of checkpoints by safetensors' names: their size, and their conversion to f32. */

import * as convert from "./convert.js";

interface DTypeInfo {
  /** Bits of an element. */
  readonly bits: number;
  readonly kind: "float" | "integer" | "bool" | "complex" | "other";
  /** Converts little-endian elements to f32; absent for types that f32 cannot represent. */
  readonly toFloats?: (bytes: Uint8Array) => Float32Array;
}

export const DTYPES = {
  F64: { bits: 64, kind: "float", toFloats: convert.fromNumbers(Float64Array) },
  F32: { bits: 32, kind: "float", toFloats: convert.fromFloat32 },
  F16: { bits: 16, kind: "float", toFloats: convert.fromFloat16 },
  BF16: { bits: 16, kind: "float", toFloats: convert.fromBFloat16 },
  F8_E4M3: { bits: 8, kind: "float", toFloats: convert.fromFloat8E4M3 },
  F8_E5M2: { bits: 8, kind: "float", toFloats: convert.fromFloat8E5M2 },
  F8_E4M3FNUZ: { bits: 8, kind: "other" },
  F8_E5M2FNUZ: { bits: 8, kind: "other" },
  F8_E8M0: { bits: 8, kind: "other" },
  F6_E2M3: { bits: 6, kind: "other" },
  F6_E3M2: { bits: 6, kind: "other" },
  F4: { bits: 4, kind: "other" },
  I64: { bits: 64, kind: "integer", toFloats: convert.fromBigInts(BigInt64Array) },
  I32: { bits: 32, kind: "integer", toFloats: convert.fromNumbers(Int32Array) },
  I16: { bits: 16, kind: "integer", toFloats: convert.fromNumbers(Int16Array) },
  I8: { bits: 8, kind: "integer", toFloats: convert.fromNumbers(Int8Array) },
  U64: { bits: 64, kind: "integer", toFloats: convert.fromBigInts(BigUint64Array) },
  U32: { bits: 32, kind: "integer", toFloats: convert.fromNumbers(Uint32Array) },
  U16: { bits: 16, kind: "integer", toFloats: convert.fromNumbers(Uint16Array) },
  U8: { bits: 8, kind: "integer", toFloats: convert.fromNumbers(Uint8Array) },
  BOOL: { bits: 8, kind: "bool", toFloats: convert.fromBools },
  C32: { bits: 32, kind: "complex" },
  C64: { bits: 64, kind: "complex" },
  C128: { bits: 128, kind: "complex" },
} as const satisfies Record<string, DTypeInfo>;

export type DType = keyof typeof DTYPES;

export const dtypeInfo = (dtype: DType): DTypeInfo => DTYPES[dtype];

export const isDType = (name: string): name is DType => Object.hasOwn(DTYPES, name);

/** Bytes of a contiguous tensor; undefined if not a whole number, or too large to count exactly. */
export function byteLengthOf(dtype: DType, shape: readonly number[]): number | undefined {
  if (shape.includes(0)) return 0;
  let bits: number = DTYPES[dtype].bits;
  for (const n of shape) bits *= n;
  return Number.isSafeInteger(bits) && bits % 8 === 0 ? bits / 8 : undefined;
}
