/** @file Class names: the built-in lists and what `--labels` reads from a file. */

import { realpath, stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { badArgument, GradlensError } from "../../errors.js";
import { readAnyText } from "../inputs/text-file.js";
import { fileError, hasSystemCode, noSuchFile } from "../terminal/file-errors.js";
import { builtinLabels, isBuiltinLabels } from "../../options/builtin-labels.js";
import { parseLabels } from "../../options/label-file.js";
import { BUILTIN_LABELS } from "../../options/rows/model.js";
import { suggestion } from "../../models/nearest.js";
import { say } from "../../language/say.js";

/** Labels, and how their file is encoded where that is not plain UTF-8. */
export interface ReadLabels {
  readonly labels: readonly string[];
  readonly encoding?: string | undefined;
}

/** Most bytes of a file of labels: those of a hundred thousand classes. */
const MOST_BYTES = 16_000_000;

/**
 * The labels that a settings file names: a built-in list, its own list, or a file in its folder. It may have come
 * with the weights from anywhere, and says nothing about other places of this machine.
 * @throws GradlensError "bad-argument", "bad-file"
 */
export async function readKeptLabels(named: string, settings: string): Promise<ReadLabels> {
  if (named.startsWith("[")) return { labels: parseLabels(named, say`of ${settings}`) };
  const folder = dirname(settings);
  const path = resolve(folder, named);
  const [home, real] = await Promise.all([folder, path].map((one) => realpath(one).catch(() => one)));
  const isInside = real!.startsWith(home!.endsWith(sep) ? home! : home! + sep);
  if (isBuiltinLabels(named) || (isInside && ((await stat(real!).catch(() => undefined))?.isFile() ?? true)))
    return readLabels(named, folder);
  throw new GradlensError(
    "bad-file",
    say`${settings}: labels ${named} is not a file in the folder of the weights; name it with --labels (and --remember keeps its list)`,
  );
}

/**
 * The labels that `--labels` names: a built-in list, or a file's.
 * @throws GradlensError "bad-argument", "bad-file"
 */
export async function readLabels(named: string, cwd: string): Promise<ReadLabels> {
  const builtin = builtinLabels(named);
  if (builtin !== undefined) return { labels: await builtin };
  const hint = say`--labels names a file with one name a line, or ${BUILTIN_LABELS.join(say` or `)}`;
  const path = resolve(cwd, named);
  try {
    const { text, encoding } = await readAnyText({ what: say`labels`, named, path }, MOST_BYTES);
    return { labels: parseLabels(text, named), encoding };
  } catch (error) {
    if (!hasSystemCode(error, "ENOENT")) throw fileError(error, say`labels`, named, hint);
    const meant = suggestion(named, BUILTIN_LABELS);
    if (meant === "") throw await noSuchFile(say`labels`, path, hint);
    throw badArgument(say`labels ${named}: no such file${meant}`);
  }
}
