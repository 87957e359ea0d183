/** @file Reads the parameters of whole pickled models and TorchScript archives from their inert records. */

import { PyRecord, type PyValue } from "../pickle/values.js";

/** torch.nn.Module's own tables of its parts, in the order of its state dict. */
const TABLES = ["_parameters", "_buffers", "_modules"] as const;

const NOT_PERSISTENT = "_non_persistent_buffers_set";

/** True for a torch.nn.Module, or an object of a TorchScript archive. */
export const isModule = (value: PyValue): value is PyRecord =>
  value instanceof PyRecord && (isScripted(value) || value.attribute("_modules") instanceof Map);

/** The prefix of TorchScript's class names. */
const isScripted = (record: PyRecord): boolean => record.className.startsWith("__torch__.");

/** Parameters, persistent buffers and child modules by name; for TorchScript all attributes. */
export function* moduleParts(module: PyRecord): Iterable<readonly [PyValue, PyValue]> {
  if (isScripted(module)) {
    yield* module.attributes();
    return;
  }
  const transient = module.attribute(NOT_PERSISTENT);
  for (const table of TABLES) {
    const entries = module.attribute(table);
    if (!(entries instanceof Map)) continue;
    for (const entry of entries) {
      if (table === "_buffers" && transient instanceof Set && transient.has(entry[0])) continue;
      yield entry;
    }
  }
}
