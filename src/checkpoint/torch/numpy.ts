/** @file Reads NumPy's arrays and scalars in pickles (numpy/_core/multiarray.py) as tensors over the pickle's own bytes. */

import { byteLengthOf, type DType } from "../dtype.js";
import type { TrailingBytes } from "../pickle/machine.js";
import { Malformed, NumpyDtype, PyBytes, PyRecord, type PyValue } from "../pickle/values.js";
import { asCounts, rowMajor } from "./arguments.js";
import { latin1Bytes, storedIn } from "./py-bytes.js";
import { TorchStorage } from "./storage.js";
import { TorchTensor } from "./tensor-value.js";
import { say } from "../../language/say.js";

/** By kind and bytes, as numpy writes them. */
const CODES: ReadonlyMap<string, DType> = new Map([
  ["f8", "F64"],
  ["f4", "F32"],
  ["f2", "F16"],
  ["i8", "I64"],
  ["i4", "I32"],
  ["i2", "I16"],
  ["i1", "I8"],
  ["u8", "U64"],
  ["u4", "U32"],
  ["u2", "U16"],
  ["u1", "U8"],
  ["b1", "BOOL"],
  ["c8", "C64"],
  ["c16", "C128"],
]);

/** numpy.dtype(code, align, copy); a code may begin with its byte order. */
export function makeDtype(args: readonly PyValue[]): NumpyDtype {
  const [code] = args;
  const [, order, plain] = /^([<>=|]?)(\w+)$/.exec(typeof code === "string" ? code : "") ?? [];
  const dtype = new NumpyDtype(plain ?? "unknown");
  if (order) dtype.byteOrder = order;
  return dtype;
}

/** The state of a dtype: (version, byte order, ...). */
export function setDtypeState(dtype: NumpyDtype, state: PyValue): void {
  const order = Array.isArray(state) ? state[1] : undefined;
  if (typeof order === "string") dtype.byteOrder = order;
}

function asTensor(data: PyValue, dtype: PyValue, shape: number[], fortran: boolean): TorchTensor | undefined {
  const type = dtype instanceof NumpyDtype ? CODES.get(dtype.code) : undefined;
  if (type === undefined || !(dtype instanceof NumpyDtype)) return undefined;
  const bytes = typeof data === "string" ? latin1Bytes(data) : data;
  if (!(bytes instanceof PyBytes)) return undefined;
  const storage = new TorchStorage(type);
  storage.stored = storedIn(bytes, dtype.byteOrder === ">");
  const strides = fortran ? rowMajor([...shape].reverse()).reverse() : rowMajor(shape);
  return new TorchTensor(storage, type, 0, shape, strides);
}

/** BUILD of an array: (version, shape, dtype, is Fortran order, data). An array of objects stays a record. */
export function buildArray(array: PyRecord, state: PyValue): PyValue {
  if (!Array.isArray(state) || state.length < 4) throw new Malformed(say`a numpy array without its state`);
  const [shape, dtype, fortran, data] = state.slice(-4) as [PyValue, PyValue, PyValue, PyValue];
  return asTensor(data, dtype, asCounts(shape, "shape"), fortran === true || fortran === 1) ?? array;
}

export const JOBLIB_ARRAY = "joblib.numpy_pickle.NumpyArrayWrapper";

/** joblib.dump writes an array's bytes after a wrapper that describes it; since 1.1 they are padded for alignment. */
export function joblibBytes(object: PyValue): TrailingBytes | undefined {
  if (!(object instanceof PyRecord) || object.className !== JOBLIB_ARRAY) return undefined;
  const shape = asCounts(object.attribute("shape"), "shape");
  const dtype = object.attribute("dtype") ?? null;
  const type = dtype instanceof NumpyDtype ? CODES.get(dtype.code) : undefined;
  const length = type && byteLengthOf(type, shape);
  if (length === undefined) throw new Malformed(say`a joblib array without numbers`);
  const alignment = object.attribute("numpy_array_alignment_bytes");
  return {
    length,
    padded: alignment !== undefined && alignment !== null,
    take: (bytes) => asTensor(bytes, dtype, shape, object.attribute("order") === "F") ?? object,
  };
}

/** numpy.core.multiarray.scalar(dtype, bytes) */
export const makeScalar = ([dtype = null, data = null]: readonly PyValue[]): PyValue =>
  asTensor(data, dtype, [], false) ?? new PyRecord("numpy scalar", data);

/** numpy._core.numeric._frombuffer(buffer, dtype, shape, order), of protocol 5 */
export const fromBuffer = ([buffer = null, dtype = null, shape, order]: readonly PyValue[]): PyValue =>
  asTensor(buffer, dtype, asCounts(shape, "shape"), order === "F") ?? new PyRecord("numpy.ndarray", buffer);
