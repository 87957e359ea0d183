/** @file Reduces a module's record to its class and its plain attributes. */

import { HOOKS_SETTING } from "./setting-names.js";
import type { Json } from "../json.js";
import { PyGlobal, PyRecord, type PyValue } from "../pickle/values.js";
import type { FileModule } from "../types.js";
import { valueAt } from "../value-at.js";

/** Limits on a layer's settings: more attributes, longer lists and longer texts are not settings. */
const MAX_SETTINGS = 64;
const MAX_ITEMS = 16;
const MAX_TEXT = 200;
const MAX_DEPTH = 3;

/** Hooks that run before or after a module's forward, by the attribute that holds them in PyTorch. */
const HOOKS = ["_forward_pre_hooks", "_forward_hooks"] as const;

/** The class without TorchScript's marks: `__torch__.torch.nn.modules.conv.___torch_mangle_1.Conv2d`. */
export const plainClass = (className: string): string =>
  className.replace(/^__torch__\./, "").replace(/___torch_mangle_\d+\./g, "");

/** The constants of a class in TorchScript's code, by the class name in records. */
type ScriptConstants = (className: string) => ReadonlyMap<string, Json> | undefined;

/** All modules by path; a module at several paths is read once. */
export function moduleFacts(
  modules: ReadonlyMap<string, PyRecord>,
  constants?: ScriptConstants,
): Map<string, FileModule> {
  const made = new Map<PyRecord, FileModule>();
  const factsOf = (record: PyRecord): FileModule =>
    valueAt(made, record, () => fileModule(record, constants?.(record.className)));
  return new Map([...modules].map(([path, record]) => [path, factsOf(record)]));
}

/** @param constants those of the class in TorchScript's code */
function fileModule(record: PyRecord, constants?: ReadonlyMap<string, Json>): FileModule {
  const settings = new Map<string, Json>(constants);
  const add = (of: PyRecord, prefix: string): void => {
    for (const [key, value] of of.attributes()) {
      if (typeof key !== "string" || key.startsWith("_") || settings.size >= MAX_SETTINGS) continue;
      const plain = plainValue(value, 0);
      if (plain !== undefined) settings.set(prefix + key, plain);
    }
  };
  add(record, "");
  // The code of transformers' modules reads it.
  const config = record.attribute("config");
  if (config instanceof PyRecord) add(config, "config.");
  const hooks = HOOKS.flatMap((name) => hookNames(record.attribute(name)));
  if (hooks.length > 0) settings.set(HOOKS_SETTING, hooks);
  return { className: plainClass(record.className), settings };
}

function plainValue(value: PyValue, depth: number): Json | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") return value.length <= MAX_TEXT ? value : undefined;
  if (!Array.isArray(value) || value.length > MAX_ITEMS || depth >= MAX_DEPTH) return undefined;
  const items = value.map((item) => plainValue(item, depth + 1));
  return items.every((item) => item !== undefined) ? items : undefined;
}

function hookNames(hooks: PyValue | undefined): string[] {
  if (!(hooks instanceof Map)) return [];
  return [...hooks.values()].slice(0, MAX_ITEMS).map((hook) => {
    if (hook instanceof PyGlobal) return hook.name;
    return hook instanceof PyRecord ? hook.className : "a function";
  });
}
