/** @file Interprets torch's functions that build tensors in pickles (torch/_utils.py, torch/_tensor.py) as data; none is called. */

import type { DType } from "../dtype.js";
import { Malformed, PyGlobal, PyRecord, type Constructor, type PyValue } from "../pickle/values.js";
import { asCount, asCounts, rowMajor } from "./arguments.js";
import { dtypeNamed, QUANTISED, type NamedType } from "./names.js";
import { wholeTensor } from "./distributed-tensor.js";
import { TorchStorage } from "./storage.js";
import { TorchTensor } from "./tensor-value.js";
import { phrase, say, translated } from "../../language/say.js";

/** @param args (storage, storage_offset, size, stride, ...) */
function view(args: readonly PyValue[], dtype?: DType, problem?: string): TorchTensor {
  const [storage, offset, size, stride] = args;
  if (!(storage instanceof TorchStorage)) throw new Malformed(say`a tensor without a storage`);
  const shape = asCounts(size, "size");
  const strides = asCounts(stride, "stride");
  if (strides.length !== shape.length)
    throw new Malformed(say`a tensor with another number of strides than dimensions`);
  return new TorchTensor(storage, dtype, asCount(offset, say`offset`), shape, strides, problem);
}

/** A tensor whose numbers are missing from the file or unreadable. */
function unreadable(problem: string, shape: PyValue | undefined, dtype: DType = "F32"): TorchTensor {
  const known = Array.isArray(shape) ? asCounts(shape, "size") : [];
  return new TorchTensor(new TorchStorage(dtype), dtype, 0, known, rowMajor(known), problem);
}

function namedDtype(value: PyValue | undefined): NamedType {
  const named = value instanceof PyGlobal ? dtypeNamed(value.name) : undefined;
  if (named === undefined) throw new Malformed(say`a tensor of an unknown dtype`);
  return named;
}

/** Lazily negated and conjugated views record this in their metadata. */
function metadataProblem(metadata: PyValue | undefined): string | undefined {
  const lazy =
    metadata instanceof Map &&
    [...metadata].some(([key, on]) => (key === "neg" || key === "conj") && on === true);
  return lazy ? say`is a lazily negated or conjugated view: save it after .resolve_neg()` : undefined;
}

const SPARSE = phrase`is sparse: save it after .to_dense()`;

/** _rebuild_tensor(storage, storage_offset, size, stride) */
const rebuildTensor: Constructor = (args) => view(args);

/** _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks, metadata=None) */
const rebuildTensorV2: Constructor = (args) => view(args, undefined, metadataProblem(args[6]));

/** _rebuild_tensor_v3(storage, storage_offset, size, stride, requires_grad, backward_hooks, dtype, metadata=None) */
const rebuildTensorV3: Constructor = (args) => {
  const { dtype, problem } = namedDtype(args[6]);
  return view(args, dtype, problem ?? metadataProblem(args[7]));
};

/** _rebuild_parameter(data, requires_grad, backward_hooks), and others whose first argument is the tensor. */
const first: Constructor = ([data]) => data ?? null;

/** _rebuild_wrapper_subclass(cls, dtype, size, stride, storage_offset, layout, device, requires_grad), and its state */
function wrapper([cls, type, size]: readonly PyValue[], state?: PyValue): TorchTensor {
  const { dtype } = namedDtype(type);
  const whole = wholeTensor(cls instanceof PyGlobal ? cls.name : "wrapper", asCounts(size, "size"), state);
  return typeof whole === "string" ? unreadable(whole, size, dtype) : whole;
}

const WRAPPER = "torch._utils._rebuild_wrapper_subclass";

/** _rebuild_from_type_v2(func, type, args, state): a subclass of Tensor, which `func` builds. */
const fromType: Constructor = ([func, , args, state]) => {
  if (func instanceof PyGlobal && func.name === WRAPPER && Array.isArray(args)) return wrapper(args, state);
  const make = func instanceof PyGlobal ? TENSOR_CONSTRUCTORS.get(func.name) : undefined;
  if (make !== undefined && make !== fromType && Array.isArray(args)) return make(args);
  return new PyRecord(func instanceof PyGlobal ? func.name : "tensor subclass", args ?? null);
};

export const TENSOR_CONSTRUCTORS: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ["torch._utils._rebuild_tensor", rebuildTensor],
  ["torch._utils._rebuild_tensor_v2", rebuildTensorV2],
  ["torch._utils._rebuild_tensor_v3", rebuildTensorV3],
  ["torch._utils._rebuild_parameter", first],
  ["torch._utils._rebuild_parameter_with_state", first],
  ["torch._utils._rebuild_device_tensor_from_numpy", first],
  ["torch._utils._rebuild_device_tensor_from_cpu_tensor", first],
  ["torch._utils._rebuild_xla_tensor", first],
  ["torch._tensor._rebuild_from_type", fromType],
  ["torch._tensor._rebuild_from_type_v2", fromType],
  // _rebuild_qtensor(storage, storage_offset, size, stride, quantizer_params, requires_grad, backward_hooks)
  ["torch._utils._rebuild_qtensor", (args) => view(args, undefined, QUANTISED)],
  // _rebuild_sparse_tensor(layout, (indices, values, size, is_coalesced)); compressed layouts have one more index
  [
    "torch._utils._rebuild_sparse_tensor",
    ([, data]) => unreadable(translated(SPARSE), Array.isArray(data) ? data.find(isSize) : null),
  ],
  [
    "torch._utils._rebuild_nested_tensor",
    () => unreadable(say`is a nested tensor, which no supported model uses`, null),
  ],
  // _rebuild_meta_tensor_no_storage(dtype, size, stride, requires_grad)
  [
    "torch._utils._rebuild_meta_tensor_no_storage",
    ([type, size]) =>
      unreadable(
        say`is on PyTorch's meta device, so the file has no numbers for it`,
        size,
        namedDtype(type).dtype,
      ),
  ],
  [WRAPPER, (args) => wrapper(args)],
]);

const isSize = (value: PyValue): boolean => Array.isArray(value) && value.every((n) => typeof n === "number");
