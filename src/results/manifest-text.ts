/** @file manifest.json as text: writing it, and reading one that may be damaged, hostile or of a later version. */

import { GradlensError } from "../errors.js";
import { say } from "../language/say.js";
import { isDeep } from "../text/json.js";
import { conforms } from "./json-schema.js";
import { filesOf } from "./manifest-records.js";
import { FORMAT, FORMAT_VERSION, type Manifest, type TargetRecord } from "./manifest.js";
import schema from "./manifest.schema.json" with { type: "json" };

/** The text of the file: indented, but arrays of numbers on one line. */
export function manifestText(manifest: Manifest): string {
  const numbers = /\[\n\s+(-?\d[-\d.eE+,\s]*?)\n\s+\]/g;
  const onOneLine = (_: string, body: string): string => `[${body.replace(/\s+/g, " ")}]`;
  return `${JSON.stringify(manifest, null, 2).replace(numbers, onOneLine)}\n`;
}

/**
 * Parses a manifest; undefined for any other text.
 * @throws GradlensError "bad-file" for a manifest of a later gradlens
 */
export function parseManifest(text: string, path: string): Manifest | undefined {
  let value: { readonly format?: unknown; readonly formatVersion?: unknown } | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  if (value?.format !== FORMAT) return undefined;
  if ((value.formatVersion as number) > FORMAT_VERSION) {
    throw new GradlensError(
      "bad-file",
      say`${path} was written by a later gradlens (format ${String(value.formatVersion)}): update gradlens or name another --out`,
    );
  }
  return isManifest(value) ? value : undefined;
}

/** True if it matches the schema, so that later runs may rely on it, and names only files that they may replace. */
function isManifest(value: unknown): value is Manifest {
  if (isDeep(value) || !conforms(value, schema)) return false;
  const manifest = value as Manifest;
  const { logits, scores, maps, guided, files, writing } = manifest;
  if (scores.length !== logits.length) return false;
  const isKnown = ({ vector, index }: TargetRecord): boolean => vector !== undefined || index < logits.length;
  if (![...maps, ...guided].every(({ target }) => isKnown(target))) return false;
  const names = [...filesOf(manifest), ...Object.keys({ ...files, ...writing })];
  return names.every(isResultName);
}

/** True for names that gradlens gives to files of results: in the folder or below it, a picture or an array. */
function isResultName(file: string): boolean {
  return /^(?:(?!\.)[^/\\\0]+\/)*(?!\.)[^/\\\0]+\.(png|jpe?g|webp|npy)$/i.test(file);
}
