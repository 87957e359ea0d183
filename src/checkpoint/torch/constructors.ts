/**
 * @file The closed table of values that a pickle can build. Every other name becomes an inert record. No name is looked up in any
 * module, and only the functions below are called.
 */

import type { Builders } from "../pickle/machine.js";
import {
  Malformed,
  NumpyDtype,
  PyBytes,
  PyGlobal,
  PyRecord,
  type Constructor,
  type PyDict,
  type PySet,
  type PyValue,
} from "../pickle/values.js";
import { valueAt } from "../value-at.js";
import { dtypeNamed, storageNamed } from "./names.js";
import { latin1Bytes } from "./py-bytes.js";
import {
  buildArray,
  fromBuffer,
  joblibBytes,
  JOBLIB_ARRAY,
  makeDtype,
  makeScalar,
  setDtypeState,
} from "./numpy.js";
import { TENSOR_CONSTRUCTORS } from "./rebuild.js";
import type { TorchStorage } from "./storage.js";
import { TorchTensor } from "./tensor-value.js";
import { MODULE_WRAPPERS } from "./wrapped-modules.js";
import { say } from "../../language/say.js";

/** A converter that runs once for each list: a hostile pickle may name one list a million times. */
function once<T extends PyValue>(convert: (items: PyValue[]) => T): Constructor {
  const made = new WeakMap<PyValue[], T>();
  return (args) => {
    const given = args.at(-1);
    const items = Array.isArray(given) ? given : undefined;
    if (items === undefined) return given instanceof Map || given instanceof Set ? given : convert([]);
    return valueAt(made, items, () => convert(items));
  };
}

/** Python 2's keys are bytes; here they become text. */
const asKey = (key: PyValue): PyValue => (key instanceof PyBytes ? (key.text ?? key) : key);

/** OrderedDict([[key, value], ...]), dict(mapping) */
const makeDict = once((pairs): PyDict => {
  const dict: PyDict = new Map();
  for (const pair of pairs) if (Array.isArray(pair) && pair.length === 2) dict.set(asKey(pair[0]!), pair[1]!);
  return dict;
});

const makeSet = once((items): PySet => new Set(items));

/** list(items) and tuple(items) are the items. */
const makeList: Constructor = ([items]) => items ?? [];
const same: Constructor = ([value]) => value ?? null;

/** _codecs.encode(text, "latin1"): how Python 3 writes bytes in protocols 0 to 2. */
const encode: Constructor = ([text, encoding]) => {
  if (text instanceof PyBytes) return text;
  if (typeof text === "string" && (encoding === "latin1" || encoding === undefined)) return latin1Bytes(text);
  return new PyRecord("_codecs.encode", [text ?? null, encoding ?? null]);
};

/** bytes(), bytearray(), bytearray(bytes), and bytearray(text, "latin1") of protocols 0 to 2 */
const makeBytes: Constructor = (args) => (args.length === 0 ? latin1Bytes("") : encode(args));

/** copyreg._reconstructor(cls, base, state): an object without calling __init__ */
const reconstruct: Constructor = ([cls, , state]) => new PyRecord(nameOf(cls), state ?? null);

/** copyreg.__newobj__(cls, *args) */
const newObject: Constructor = ([cls, ...args]) => new PyRecord(nameOf(cls), args);

const nameOf = (cls: PyValue | undefined): string =>
  cls instanceof PyGlobal ? plainName(cls.name) : "object";

const PLAIN: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ["collections.OrderedDict", makeDict],
  ["collections.defaultdict", makeDict],
  ["collections.Counter", makeDict],
  ["builtins.dict", makeDict],
  ["builtins.list", makeList],
  ["builtins.tuple", makeList],
  ["builtins.set", makeSet],
  ["builtins.frozenset", makeSet],
  ["builtins.bytearray", makeBytes],
  ["builtins.bytes", makeBytes],
  ["builtins.int", same],
  ["builtins.float", same],
  ["builtins.bool", same],
  ["builtins.str", same],
  ["_codecs.encode", encode],
  ["copyreg._reconstructor", reconstruct],
  ["copyreg.__newobj__", newObject],
  ["torch.Size", makeList],
  ["torch.device", same],
  ["numpy.dtype", makeDtype],
  ["numpy.core.multiarray.scalar", makeScalar],
  ["numpy.core.numeric._frombuffer", fromBuffer],
  // torch.jit's typed lists, and an object with the name of its type
  ["torch.jit._pickle.build_intlist", same],
  ["torch.jit._pickle.build_doublelist", same],
  ["torch.jit._pickle.build_boollist", same],
  ["torch.jit._pickle.build_tensorlist", same],
  ["torch.jit._pickle.restore_type_tag", same],
  ...TENSOR_CONSTRUCTORS,
  ...MODULE_WRAPPERS,
]);

const ARRAY = "numpy.core.multiarray._reconstruct";

/** NumPy 2 renamed numpy.core. */
const plainName = (name: string): string => name.replace(/^numpy\._core\./, "numpy.core.");

function construct(callable: PyValue, args: readonly PyValue[], loadFromBytes: LoadFromBytes): PyValue {
  if (!(callable instanceof PyGlobal)) return new PyRecord("the result of a call", [callable, [...args]]);
  if (callable.name === "torch.storage._load_from_bytes" && args[0] instanceof PyBytes)
    return loadFromBytes(args[0]);
  const make = PLAIN.get(plainName(callable.name));
  return make === undefined ? new PyRecord(plainName(callable.name), [...args]) : make(args);
}

/** Supported names; objects of all other classes are records. */
export function isKnownName(name: string): boolean {
  const plain = plainName(name);
  return (
    PLAIN.has(plain) ||
    KNOWN.has(plain) ||
    dtypeNamed(name) !== undefined ||
    storageNamed(name) !== undefined ||
    /^torch\.(?:(?:cuda\.)?\w*Tensor$|distributed\.(?:checkpoint|_?tensor|device_mesh|_mesh_layout)\.)/.test(
      name,
    )
  );
}

const KNOWN: ReadonlySet<string> = new Set([
  ARRAY,
  JOBLIB_ARRAY,
  "numpy.ndarray",
  "torch.storage._load_from_bytes",
  "torch.nn.parameter.Parameter",
  "torch.serialization._get_layout",
]);

function build(object: PyValue, state: PyValue): PyValue {
  if (object instanceof NumpyDtype) setDtypeState(object, state);
  else if (object instanceof PyRecord) {
    if (object.className === ARRAY) return buildArray(object, state);
    object.state = state;
  }
  // Attributes of dicts (a state dict's _metadata), tensors and other plain values do not affect weights.
  return object;
}

function append(list: PyValue, items: readonly PyValue[]): void {
  if (Array.isArray(list)) for (const item of items) list.push(item);
  else if (list instanceof Set) for (const item of items) list.add(item);
  else if (list instanceof PyRecord) for (const item of items) list.append(item);
  else throw new Malformed(say`an opcode that appends to a value other than a list`);
}

function setItems(dict: PyValue, pairs: readonly PyValue[]): void {
  if (pairs.length % 2 !== 0) throw new Malformed(say`a key without a value`);
  if (!(dict instanceof Map || dict instanceof PyRecord))
    throw new Malformed(say`an opcode that sets items of a value other than a dict`);
  for (let i = 0; i < pairs.length; i += 2) dict.set(asKey(pairs[i]!), pairs[i + 1]!);
}

/** A storage that torch.save wrote into bytes of its own, as in pickle.dump of a state dict. */
export type LoadFromBytes = (bytes: PyBytes) => TorchStorage;

/** The table for the unpickler; `persistent` finds the file's storages. */
export const buildersWith = (persistent: Builders["persistent"], loadFromBytes: LoadFromBytes): Builders => ({
  construct: (callable, args) => construct(callable, args, loadFromBytes),
  build,
  trailing: joblibBytes,
  append,
  setItems,
  persistent,
});

/** The tensor of a value: the value itself, or the content of old PyTorch's Parameter or Variable. */
export function tensorIn(value: PyValue): TorchTensor | undefined {
  if (value instanceof TorchTensor) return value;
  if (
    !(value instanceof PyRecord) ||
    !/^torch\.(?:nn\.parameter\.\w+|autograd\.variable\.Variable)$/.test(value.className)
  ) {
    return undefined;
  }
  const holders = [value.args, value.state].filter((part) => Array.isArray(part)).flat();
  return holders.find((part) => part instanceof TorchTensor);
}
