/** @file Resolves the persistent ids that name storages in torch.save's pickles (torch/serialization.py, persistent_id). */

import { dtypeInfo } from "../dtype.js";
import { Malformed, PyGlobal, PyRecord, type PyValue } from "../pickle/values.js";
import { quote } from "../quote.js";
import { asCount } from "./arguments.js";
import { storageNamed } from "./names.js";
import { TorchStorage } from "./storage.js";
import { say } from "../../language/say.js";

/** A storage that a pickle names. */
export interface StorageName {
  readonly key: string;
  readonly storage: TorchStorage;
  /** The length of the whole storage. */
  readonly byteLength: number;
}

/** Protocol 0 writes the id as str(tuple). */
const PRINTED = /^\('storage', <class '([\w.]+)'>, '(\w+)', '[\w:]+', (\d+)(?:, None)?\)$/;

/**
 * Resolves a persistent id. ("storage", class, key, location, count[, view]) is a storage, which `open` finds in the file.
 * ("module", class, ...) is the class of a module saved with its source. Anything else stays a record.
 */
export function persistentValue(id: PyValue, open: (name: StorageName) => TorchStorage): PyValue {
  const [, printedClass, printedKey, printedCount] = (typeof id === "string" && PRINTED.exec(id)) || [];
  const parts =
    printedClass !== undefined
      ? ["storage", new PyGlobal(printedClass), printedKey!, "cpu", Number(printedCount)]
      : Array.isArray(id)
        ? id
        : [];
  if (parts[0] === "module" && parts[1] instanceof PyGlobal) return parts[1];
  if (parts[0] !== "storage") return new PyRecord("persistent id", id);
  const [, cls, key, , count, view] = parts;
  if (typeof key !== "string" && typeof key !== "number") throw new Malformed(say`a storage without a key`);
  if (!(cls instanceof PyGlobal)) throw new Malformed(say`a storage without a class`);
  const type = storageNamed(cls.name);
  if (type === undefined) throw new Malformed(say`a storage of the unknown class ${quote(cls.name)}`);
  const dtype = type === "untyped" ? undefined : type.dtype;
  const size = dtype === undefined ? 1 : dtypeInfo(dtype).bits / 8;
  const byteLength = asCount(count, say`storage's length`) * size;
  // Before 0.4: (key of the view, its offset and its length in elements), or None
  const begin = Array.isArray(view) ? asCount(view[1], say`storage's offset`) * size : 0;
  const storage = new TorchStorage(dtype, begin);
  if (type !== "untyped") storage.problem = type.problem;
  return open({ key: String(key), storage, byteLength });
}
