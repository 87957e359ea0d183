/** @file Finds the weights file: the user's, or a shipped demo model; and hashes it. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join, parse, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { badArgument, GradlensError } from "../../errors.js";
import { DEFAULT_DEMO, DEMOS, type Demo } from "../../options/demos.js";
import { checkpointInFolder, leadingFile } from "../../node/checkpoint-folder.js";
import type { OpenedCheckpoint } from "../../node/open-checkpoint.js";
import type { Arch } from "../../models/architectures.js";
import type { OptionValues } from "../../options/table.js";
import type { Engine, Reading } from "../engine/engine.js";
import { fileError, hasSystemCode, noSuchFile, orFileError } from "../terminal/file-errors.js";
import type { Host } from "../terminal/host.js";
import { foldName, NameBook, safeName } from "../../text/safe-names.js";
import { phrase, say, translated } from "../../language/say.js";

export interface WeightsFile {
  /** Absolute. */
  readonly path: string;
  /** For messages. */
  readonly shown: string;
  /** The name of its folder of results. */
  readonly folder: string;
  /** What is shown of a shipped model. */
  readonly demo?: Demo;
}

const HINT = phrase`name a checkpoint (safetensors, or a .pt, .pth, .pkl, .bin or .ckpt of PyTorch)`;

/**
 * The weights that are meant: those of --weights, each file once, else the demo model called `demo` or of `arch`.
 * Does not check that they exist.
 * @throws GradlensError "bad-argument"
 */
export function nameWeights(
  { weights: typed, demo }: OptionValues,
  arch: Arch | undefined,
  { cwd, packageRoot }: Pick<Host, "cwd" | "packageRoot">,
): WeightsFile[] {
  const named = demo && DEMOS[demo].arch;
  const other =
    typed !== undefined ? say`--weights ${typed.join(" ")}` : arch !== named && arch && say`--arch ${arch}`;
  if (named !== undefined && other) {
    throw badArgument(say`--demo ${demo} and ${other} contradict each other: give one`);
  }
  if (typed === undefined) return [demoWeights(named ?? arch, packageRoot)];
  const shown = new Map(typed.map((name) => [resolve(cwd, name), name]));
  const folders = folderNames([...shown.keys()]);
  return [...shown].map(([path, name], i) => ({ path, shown: name, folder: folders[i]! }));
}

/**
 * A name for each file's folder of results: the file's name without its suffix. Where files share that, the suffix is added.
 * Where they share that too, the folders above are added.
 */
function folderNames(paths: readonly string[]): string[] {
  const nameAt = (path: string, level: number): string =>
    safeName(level === 0 ? parse(path).name : path.split(sep).slice(-level).join("-"));
  const isShared = (path: string, level: number): boolean =>
    paths.some((other) => other !== path && foldName(nameAt(other, level)) === foldName(nameAt(path, level)));
  const book = new NameBook();
  return paths.map((path) => {
    let level = 0;
    while (isShared(path, level) && level < path.split(sep).length) level++;
    return book.take(nameAt(path, level));
  });
}

/**
 * The file to read: of a folder the checkpoint in it.
 * @throws GradlensError "bad-file" where weights are not there
 */
export async function checkWeights(weights: WeightsFile): Promise<WeightsFile> {
  const { path, shown } = weights;
  try {
    if (!(await stat(path)).isDirectory()) {
      const name = await leadingFile(path);
      return name === basename(path) ? weights : fileIn(weights, "..", name);
    }
    const found = await checkpointInFolder(path);
    if ("problem" in found) throw new GradlensError("bad-file", say`weights ${shown}: ${found.problem}`);
    return fileIn(weights, ".", found.name);
  } catch (error) {
    throw hasSystemCode(error, "ENOENT")
      ? await noSuchFile(say`weights`, path, translated(HINT))
      : fileError(error, say`weights`, shown, translated(HINT));
  }
}

const fileIn = (weights: WeightsFile, folder: string, name: string): WeightsFile => ({
  ...weights,
  path: join(weights.path, folder, name),
  shown: join(weights.shown, folder, name),
});

/**
 * The single file that a command needs.
 * @throws GradlensError "bad-file"
 */
export async function findWeights(named: string, cwd: string): Promise<WeightsFile> {
  const path = resolve(cwd, named);
  return checkWeights({ path, shown: named, folder: parse(path).name });
}

function demoWeights(arch: string = DEMOS[DEFAULT_DEMO].arch, packageRoot: string): WeightsFile {
  const demos: readonly Demo[] = Object.values(DEMOS);
  const demo = demos.find((one) => one.arch === arch);
  if (demo === undefined) {
    const has = demos.map((one) => one.arch).join(", ");
    throw badArgument(say`no demo weights for ${arch} (only for ${has}): give yours with --weights FILE`);
  }
  const { weights } = demo;
  return { path: join(packageRoot, weights), shown: basename(weights), folder: arch, demo };
}

/**
 * Opens weights, of which only headers are read.
 * @throws GradlensError "bad-file", "bad-argument"
 */
export async function openWeights(
  engine: Pick<Engine, "openCheckpoint">,
  { path, shown }: WeightsFile,
  reading: Reading,
): Promise<OpenedCheckpoint> {
  const opened = await engine.openCheckpoint(path, shown, reading);
  const { format, stateDict } = opened.checkpoint;
  if (reading.stateDict === undefined || reading.stateDict === stateDict) return opened;
  await opened.close();
  throw badArgument(
    say`--state-dict ${reading.stateDict}: ${shown} is ${format}, which holds tensors and nothing else; leave the option out`,
  );
}

/**
 * Of a file's content, in hex; of several files of all of them.
 * @throws GradlensError "bad-file"
 */
export async function hashFiles(paths: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const path of paths) {
    const hash = createHash("sha256");
    const reading = pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    await orFileError(reading, say`weights`, path, translated(HINT));
    hashes.push(hash.digest("hex"));
  }
  const [only, ...others] = hashes;
  return others.length === 0 ? only! : hashBytes(Buffer.from(hashes.join("\n")));
}

/** Of bytes, in hex. */
export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
