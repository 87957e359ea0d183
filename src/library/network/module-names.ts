/** @file Maps a file's modules to the graph's paths: by their tensors, or by the rules for keys. */

import { transparent } from "../../checkpoint/key-prefix.js";
import type { KeyMatch } from "../../checkpoint/match-keys.js";
import { renameKey, type KeyRule } from "../../checkpoint/rename-key.js";
import type { FileModule } from "../../checkpoint/types.js";

export interface NamedModule {
  /** The file's path. */
  readonly from: string;
  /** The graph's; undefined outside the prefix that was peeled. */
  readonly path: string | undefined;
  readonly module: FileModule;
}

const parentOf = (key: string): string => key.split(".").slice(0, -1).join(".");
const lastOf = (key: string): string => key.slice(key.lastIndexOf(".") + 1);

/**
 * @param rules of the keys, and of modules that have none
 * @param isOurs true if the graph has a module of this path; no further rule applies then
 */
export function nameModules(
  modules: ReadonlyMap<string, FileModule>,
  match: KeyMatch,
  rules: readonly KeyRule[],
  isOurs: (path: string) => boolean,
): NamedModule[] {
  const byTensors = new Map<string, string>();
  for (const [key, { name }] of match.tensors) {
    // Parameters of our root may lie in a module of the file, such as a ViT's embeddings.
    const path = parentOf(key);
    if (path !== "" && lastOf(key) === lastOf(name)) byTensors.set(parentOf(name), path);
  }
  const prefix = match.report.prefixes[0] ?? "";
  const start = prefix === "" ? "" : `${prefix}.`;
  return [...modules].map(([from, module]) => {
    const known = byTensors.get(from);
    if (known !== undefined) return { from, path: known, module };
    const path = transparent(from).join(".");
    if (path === prefix) return { from, path: "", module };
    if (!path.startsWith(start)) return { from, path: undefined, module };
    return { from, path: renamed(path.slice(start.length), rules, isOurs), module };
  });
}

/** Rules match keys below a module, so the path gets a dot at its end. */
function renamed(path: string, rules: readonly KeyRule[], isOurs: (path: string) => boolean): string {
  const withoutDot = (key: string): string => key.replace(/\.$/, "");
  return withoutDot(renameKey(`${path}.`, rules, (key) => isOurs(withoutDot(key))).key);
}
