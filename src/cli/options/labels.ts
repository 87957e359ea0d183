/** @file Class names: the built-in lists and what `--labels` reads from a file. */

import { realpath, stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { GradlensError } from "../../errors.js";
import { CHESTXRAY14 } from "../../models/label-sets.js";
import { readAnyText } from "../inputs/any-text.js";
import { fileError, hasCode, noSuchFile } from "../terminal/file-errors.js";
import { parseLabels } from "../../options/label-file.js";
import { BUILTIN_LABELS } from "../../options/rows/model.js";
import { likelyMeant } from "../../models/nearest.js";

type Builtin = (typeof BUILTIN_LABELS)[number];

const BUILTINS: { readonly [K in Builtin]: () => Promise<readonly string[]> } = {
  chestxray14: () => Promise.resolve(CHESTXRAY14),
  // torchvision's names, in the order of its models' outputs.
  imagenet1k: async () => (await import("./labels/imagenet1k.json", { with: { type: "json" } })).default,
};

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
  if (named.startsWith("[")) return { labels: parseLabels(named, `of ${settings}`) };
  const folder = dirname(settings);
  const path = resolve(folder, named);
  const [home, real] = await Promise.all([folder, path].map((one) => realpath(one).catch(() => one)));
  const isInside = real!.startsWith(home!.endsWith(sep) ? home! : home! + sep);
  const isBuiltin = BUILTIN_LABELS.some((name) => name === named.toLowerCase());
  if (isBuiltin || (isInside && ((await stat(real!).catch(() => undefined))?.isFile() ?? true)))
    return readLabels(named, folder);
  throw new GradlensError(
    "bad-file",
    `${settings}: labels ${named} is not a file in the folder of the weights; name it with --labels (and --remember keeps its list)`,
  );
}

/**
 * The labels that `--labels` names: a built-in list, or a file's.
 * @throws GradlensError "bad-argument", "bad-file"
 */
export async function readLabels(named: string, cwd: string): Promise<ReadLabels> {
  const builtin = BUILTIN_LABELS.find((name) => name === named.toLowerCase());
  if (builtin !== undefined) return { labels: await BUILTINS[builtin]() };
  const hint = `--labels names a file with one name a line, or ${BUILTIN_LABELS.join(" or ")}`;
  const path = resolve(cwd, named);
  try {
    const { text, encoding } = await readAnyText({ what: "labels", named, path }, MOST_BYTES);
    return { labels: parseLabels(text, named), encoding };
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw fileError(error, "labels", named, hint);
    const meant = likelyMeant(named, BUILTIN_LABELS);
    if (meant === undefined) throw await noSuchFile("labels", path, hint);
    throw new GradlensError("bad-argument", `labels ${named}: no such file; did you mean ${meant}?`);
  }
}
