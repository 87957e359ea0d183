/** @file Reads a TorchScript archive's code: constants by class, settings and calls by path. */

import { decodeLatin1 } from "../../pickle/text.js";
import type { PyRecord } from "../../pickle/values.js";
import type { ByteSource } from "../../source.js";
import type { Checkpoint, FileModule } from "../../types.js";
import type { ZipEntries } from "../../zip/directory.js";
import { ZipEntryReader } from "../../zip/entry.js";
import { readScriptFile, type ScriptCode } from "./code.js";
import { NotScript } from "./expression.js";
import { ScriptFollower } from "./run.js";
import { settingsOf } from "./settings.js";

/** The code of a large network has some hundred kilobytes. */
const MAX_FILES = 20_000;
const MAX_BYTES = 4 * 2 ** 20;

/**
 * The code of an archive; undefined if it is missing, too large for a network, or not TorchScript.
 * @param constants reads the numbers among the archive's constants
 */
export async function readScript(
  source: ByteSource,
  entries: ZipEntries,
  root: string,
  constants: () => Promise<ScriptCode["constants"]>,
): Promise<ScriptCode | undefined> {
  const start = `${root}code/`;
  const files = [...entries.values()].filter(({ name }) => name.startsWith(start) && name.endsWith(".py"));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length === 0 || files.length > MAX_FILES || bytes > MAX_BYTES) return undefined;
  const code: ScriptCode = { classes: new Map(), functions: new Map(), constants: await constants() };
  try {
    for (const entry of files) {
      const text = decodeLatin1(await new ZipEntryReader(source, entry).read(0, entry.size));
      readScriptFile(code, entry.name.slice(start.length), text);
    }
    return code;
  } catch (error) {
    if (error instanceof NotScript) return undefined;
    throw error;
  }
}

/**
 * The modules with the settings in their code, and the inputs of each.
 * @param facts of the modules' records
 * @returns undefined for code that cannot be followed
 */
export function followScript(
  code: ScriptCode,
  root: PyRecord,
  facts: ReadonlyMap<string, FileModule>,
): Required<Pick<Checkpoint, "modules" | "calls">> | undefined {
  try {
    const { ops, shapes, calls } = new ScriptFollower(code).run(root);
    const modules = new Map(
      [...facts].map(([path, { className, settings }]): [string, FileModule] => [
        path,
        {
          className,
          settings: new Map([...settingsOf(ops.get(path) ?? [], shapes.get(path) ?? []), ...settings]),
        },
      ]),
    );
    return { modules, calls };
  } catch (error) {
    if (error instanceof NotScript) return undefined;
    throw error;
  }
}
