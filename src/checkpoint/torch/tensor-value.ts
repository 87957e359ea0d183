/** @file A tensor as a pickle describes it: a strided view of a storage. */

import { byteLengthOf, dtypeInfo, type DType } from "../dtype.js";
import { badFile, type ByteSource } from "../source.js";
import { quote } from "../quote.js";
import { lazyTensor } from "../tensor.js";
import type { CheckpointTensor } from "../types.js";
import { valueAt } from "../value-at.js";
import type { StoredBytes, TorchStorage } from "./storage.js";
import { gather, swapBytes } from "./strided.js";
import { say, translated } from "../../language/say.js";

export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    /** The tensor's own element type if stated, else its storage's. */
    readonly dtype: DType | undefined,
    /** In elements. */
    readonly offset: number,
    readonly shape: readonly number[],
    /** In elements. */
    readonly strides: readonly number[],
    /** The reason why its elements cannot be read, such as "is sparse". */
    readonly problem?: string,
  ) {}
}

/** The most by which expanded tensors may exceed their file, against hostile files. */
const MAX_EXPANSION_BYTES = 256 * 2 ** 20;

/** One object for each view of each storage: tensors with the same view are one tensor under two names. */
const views = new WeakMap<StoredBytes, Map<string, object>>();

function viewOf({ storage, offset, shape, strides }: TorchTensor, dtype: DType): object {
  const ofStorage = valueAt(views, storage.stored!, () => new Map<string, object>());
  return valueAt(ofStorage, [dtype, storage.begin, offset, shape, strides].join("|"), () => ({}));
}

/** The tensor under its name in a state dict. Its faults are reported when it is read. */
export function namedTensor(file: ByteSource, name: string, tensor: TorchTensor): CheckpointTensor {
  const { shape, storage } = tensor;
  const dtype = tensor.dtype ?? storage.dtype ?? "U8";
  const byteLength = byteLengthOf(dtype, shape) ?? 0;
  const problem = tensor.problem ?? storage.problem ?? layoutProblem(tensor, dtype, byteLength, file.size);
  if (problem === undefined) {
    const bytes = () => readElements(tensor, dtype, byteLength, storage.stored!);
    return {
      ...lazyTensor(file.name, name, dtype, shape, byteLength, bytes),
      storage: viewOf(tensor, dtype),
    };
  }
  const refuse = () => Promise.reject(badFile(file.name, say`tensor ${quote(name)} ${translated(problem)}`));
  return { name, dtype, shape, byteLength, problem, bytes: refuse, floats: refuse };
}

function layoutProblem(
  tensor: TorchTensor,
  dtype: DType,
  byteLength: number,
  fileSize: number,
): string | undefined {
  const { shape, strides, offset, storage } = tensor;
  if (byteLengthOf(dtype, shape) === undefined) return say`has an impossible size`;
  if (storage.stored === undefined) return say`has no storage in the file`;
  if (byteLength === 0) return undefined;
  if (byteLength > fileSize + MAX_EXPANSION_BYTES)
    return say`claims ${byteLength} bytes, more than its file can mean`;
  const last = shape.reduce((sum, n, i) => sum + (n - 1) * strides[i]!, offset);
  const needed = storage.begin + (last + 1) * (dtypeInfo(dtype).bits / 8);
  if (needed > storage.stored.byteLength) {
    return say`reaches beyond its storage: it needs ${needed} bytes, but the file has ${storage.stored.byteLength}`;
  }
  return undefined;
}

/** Contiguous, row-major, little-endian. */
async function readElements(
  tensor: TorchTensor,
  dtype: DType,
  byteLength: number,
  stored: StoredBytes,
): Promise<Uint8Array> {
  if (byteLength === 0) return new Uint8Array();
  const { shape, strides, offset, storage } = tensor;
  const size = dtypeInfo(dtype).bits / 8;
  const last = shape.reduce((sum, n, i) => sum + (n - 1) * strides[i]!, offset);
  const span = await stored.read(storage.begin + offset * size, storage.begin + (last + 1) * size);
  const elements = gather(span, size, shape, strides);
  const swapped = dtypeInfo(dtype).kind === "complex" ? size / 2 : size;
  return stored.bigEndian ? swapBytes(elements, swapped) : elements;
}
